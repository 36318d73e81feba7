from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc.header_draft import HeaderDraft, field
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse
from kernun_common.mail_doc.pieces import chunks_of

HEADER = b"A: 1\r\nB: 2\r\n  more\r\na: 3\r\n\r\n"

CASES = [
    (lambda draft: draft.delete("a"), b"B: 2\r\n  more\r\n\r\n"),
    (lambda draft: draft.delete("a", "b"), b"\r\n"),
    (lambda draft: draft.add(b"C", b"4"), b"A: 1\r\nB: 2\r\n  more\r\na: 3\r\nC: 4\r\n\r\n"),
    (lambda draft: draft.replace(b"A", b"9"), b"A: 9\r\nB: 2\r\n  more\r\n\r\n"),
    (lambda draft: draft.replace(b"C", b"9"), b"A: 1\r\nB: 2\r\n  more\r\na: 3\r\nC: 9\r\n\r\n"),
    (
        lambda draft: draft.replace_written(b"b", b"B:2\r\n"),
        b"A: 1\r\nB:2\r\na: 3\r\n\r\n",
    ),
    (lambda draft: draft.keep(lambda key: key == "b"), b"B: 2\r\n  more\r\n\r\n"),
]


def draft_of(octets):
    return HeaderDraft(octets, parse(octets, Limits()).root)


@pytest.mark.parametrize("change, written", CASES)
def test_change(change, written):
    draft = draft_of(HEADER + b"body")
    change(draft)
    edit = draft.edit()
    assert b"".join(chunks_of(HEADER, edit.pieces)) == written
    assert edit.span == (0, len(HEADER))


@pytest.mark.parametrize("change", [
    lambda draft: draft.delete("c"),
    lambda draft: draft.keep(lambda key: True),
    lambda draft: draft.set_all(draft.entries),
])
def test_nothing_changes(change):
    draft = draft_of(HEADER)
    change(draft)
    assert draft.edit() is None


def test_values():
    assert draft_of(HEADER).values("a") == [b" 1\r\n", b" 3\r\n"]
    assert draft_of(HEADER).values("b") == [b" 2\r\n  more\r\n"]


@pytest.mark.parametrize("octets", [b"A: 1", b"A: 1\r\n", b"", b"\r\n"])
def test_a_header_without_its_end_gets_one(octets):
    draft = draft_of(octets)
    draft.add(b"C", b"4")
    written = b"".join(chunks_of(octets, draft.edit().pieces))
    assert written.endswith(b"C: 4\r\n\r\n") and written.count(b"\r\n\r\n") == 1


@given(st.lists(st.text("ab", max_size=90), max_size=30).map(" ".join))
def test_folding_keeps_the_value(value):
    octets = value.strip().encode()
    written = field(b"X", octets)
    assert written.replace(b"\r\n ", b" ") == b"X: " + octets + b"\r\n"
    lines = written[:-2].split(b"\r\n")
    assert all(line.strip() for line in lines)
