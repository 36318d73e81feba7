from __future__ import annotations

import pytest

from imap4proxy.section.mail_filter import HeaderLimit, MailFilter, MailLimits
from tests.support.mail_sections import errors_in, mail_filter


def test_defaults():
    assert MailFilter() == mail_filter("limits;") == mail_filter("invalid-header cut;")
    assert MailFilter(
        invalid_header="cut",
        header_8bit_chars="pass",
        body_8bit_chars="pass",
        bad_chars="correct",
        correct_quoting=True,
        max_header_line=HeaderLimit(65536, "cut"),
        ambiguous_mime="normalize",
        limits=MailLimits(1000, 20, 262144),
    ) == MailFilter()


@pytest.mark.parametrize(
    "items, attribute, value",
    [
        ("invalid-header deny;", "invalid_header", "deny"),
        ("header-8bit-chars encode;", "header_8bit_chars", "encode"),
        ("body-8bit-chars correct;", "body_8bit_chars", "correct"),
        ("bad-chars pass;", "bad_chars", "pass"),
        ("correct-quoting no;", "correct_quoting", False),
        ("max-header-line 998 deny;", "max_header_line", HeaderLimit(998, "deny")),
        ("ambiguous-mime pass;", "ambiguous_mime", "pass"),
        ("limits depth 5;", "limits", MailLimits(depth=5)),
        ("limits parts 7 headers 8K;", "limits", MailLimits(parts=7, headers=8192)),
    ],
)
def test_item(items, attribute, value):
    assert getattr(mail_filter(items), attribute) == value


@pytest.mark.parametrize(
    "items, text",
    [
        ("max-header-line 997 cut;", "at least 998"),
        ("max-header-line 64K pass;", "expected `cut` or `deny`"),
        ("limits parts 0;", "must not be zero"),
        ("bad-chars cut;", "expected `correct`"),
    ],
)
def test_complaint(items, text):
    (told,) = errors_in(MailFilter, items)
    assert text in told
