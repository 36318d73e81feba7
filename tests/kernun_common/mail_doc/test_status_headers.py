from __future__ import annotations

import pytest

from kernun_common.mail_doc.status_headers import fields, points


@pytest.mark.parametrize("score, written", [
    (None, "unknown"), (0, "0"), (5200, "5.2"), (5000, "5"), (12345, "12.345"), (-1500, "-1.5"),
    (100000, "100"),
])
def test_points(score, written):
    assert points(score) == written


@pytest.mark.parametrize("status, virus, score, written", [
    ("free", "", None, [(b"X-Kernun-Spam-Score", b"unknown"), (b"X-Kernun-Virus-Status", b"free")]),
    (
        "found",
        "Eicar\r\nX: č",
        5200,
        [
            (b"X-Kernun-Spam-Score", b"5.2"),
            (b"X-Kernun-Virus-Status", b"found"),
            (b"X-Kernun-Virus-Name", b"Eicar_X:_"),
        ],
    ),
])
def test_fields(status, virus, score, written):
    assert list(fields(status, virus, score)) == written


def test_a_long_name_is_cut():
    assert len(dict(fields("found", "x" * 5000, 0))[b"X-Kernun-Virus-Name"]) == 200
