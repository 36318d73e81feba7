"""format: the Kernun line, and lines that are too long for their receiver."""

import json

import pytest

from kernun_common.log.format import FACILITIES, iso_stamp, json_line, lines, stamp
from kernun_common.log.message import Message, Severity
from kernun_common.secret import Secret

STAMPS = [
    ((2026, 9, 8, 7, 40, 22), "Sep  8 07:40:22"),
    ((2026, 1, 31, 0, 0, 0), "Jan 31 00:00:00"),
    ((2026, 12, 10, 23, 59, 60, 0, 344, 0), "Dec 10 23:59:60"),
]


@pytest.mark.parametrize("moment, text", STAMPS)
def test_stamp(moment, text):
    assert stamp(moment) == text


ISO_STAMPS = [
    (0, "2026-09-08T07:40:22+00:00"),
    (7200, "2026-09-08T07:40:22+02:00"),
    (-12600, "2026-09-08T07:40:22-03:30"),
]


@pytest.mark.parametrize("offset, text", ISO_STAMPS)
def test_iso_stamp(offset, text):
    assert iso_stamp((2026, 9, 8, 7, 40, 22, 1, 251, 1), offset) == text


LINES = [
    # text, limit, lines behind "p: "
    ("A=1 B=2", 100, ["I-1 A=1 B=2"]),
    ("A=1 B=2", 14, ["I-1 A=1 B=2"]),
    ("A=1 B=2 C=3 D", 18, ["I-1 A=1 B=2 \\", "I-1 + C=3 D"]),
    ("A=1 BBBB=22 C=3", 18, ["I-1 A=1 \\", "I-1 + BBBB=22 \\", "I-1 + C=3"]),
    ("AAAAAAAAAA", 14, ["I-1 AAAA\\", "I-1 + AAAA\\", "I-1 + AA"]),
    ("", 100, ["I-1 "]),
]


@pytest.mark.parametrize("text, limit, expected", LINES)
def test_lines(text, limit, expected):
    assert lines("p: ", "I-1", text, limit) == ["p: " + line for line in expected]


@pytest.mark.parametrize("limit", range(20, 90))
def test_lines_can_be_joined_again(limit):
    text = 'PROXY-EVENT CLIENT=gw.example.org USER="a b\\x22c" BYTES-CIN=12 RESULT="a long one"'
    made = lines("fw p[1]: ", "IMAP-888-I", text, limit=limit + 10)
    head = "fw p[1]: IMAP-888-I "
    assert all(len(line) <= limit + 10 for line in made)
    assert all(line.startswith(head) for line in made)
    pieces = [line.removeprefix(head).removeprefix("+ ").removesuffix("\\") for line in made]
    assert "".join(pieces) == text
    assert [line.endswith("\\") for line in made] == [True] * (len(made) - 1) + [False]


def test_facilities_are_those_of_rfc_3164():
    assert FACILITIES["authpriv"] == 10 and FACILITIES["ftp"] == 11 and FACILITIES["cron"] == 9
    assert len(set(FACILITIES.values())) == len(FACILITIES) == 20


JSON = [
    # value, as JSON has it
    (None, None),
    (True, True),
    (12, 12),
    (1.23456, 1.235),
    (Secret(b"hunter2"), "***"),
    ("a \"b\"\r\n\x1b", "a \"b\"\r\n\x1b"),
    ("žlutý".encode(), "žlutý"),
    (b"\xff\x00", "\\xff\x00"),
    (b"x" * 21, "x" * 20 + "..."),
]


@pytest.mark.parametrize("value, said", JSON)
def test_json_line(value, said):
    row = Message("IMAP-701", Severity.STATISTIC, "A=%(a)s", "A row for the test.")
    line = json_line({"time": "now"}, row, {"a": value, "b": "not shown"}, 20)
    assert line.isascii() and line.isprintable()
    assert json.loads(line) == {
        "time": "now",
        "id": "IMAP-701",
        "severity": "I",
        "text": row.render({"a": value}, 20),
        "fields": {"a": said},
    }
