import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imap4proxy.wire.fetch_response import (
    FetchItem,
    FetchResponse,
    encode_response,
    holds_content,
    mentions_content,
    names_content,
)

ITEMS = [
    # octets, names and values
    (b"* 5 FETCH (UID 7)\r\n", [(b"UID", b"7")]),
    (b"* 5 FETCH (FLAGS (\\Seen \\Answered) UID 7)\r\n",
     [(b"FLAGS", b"(\\Seen \\Answered)"), (b"UID", b"7")]),
    (b"* 5 fetch (flags ())\r\n", [(b"flags", b"()")]),
    (b'* 5 FETCH (INTERNALDATE "17-Jul-1996 02:44:25 -0700" UID 7)\r\n',
     [(b"INTERNALDATE", b'"17-Jul-1996 02:44:25 -0700"'), (b"UID", b"7")]),
    (b"* 5 FETCH (BODY[HEADER.FIELDS (Date)] {3}\r\n))( UID 7)\r\n",
     [(b"BODY[HEADER.FIELDS (Date)]", b"{3}\r\n))("), (b"UID", b"7")]),
    (b'* 5 FETCH (BODY[HEADER.FIELDS ("a ] b" c)] NIL UID 7)\r\n',
     [(b'BODY[HEADER.FIELDS ("a ] b" c)]', b"NIL"), (b"UID", b"7")]),
    (b"* 5 FETCH (BODY[1.2]<10> {4}\r\n) (} UID 7)\r\n",
     [(b"BODY[1.2]<10>", b"{4}\r\n) (}"), (b"UID", b"7")]),
    (b"* 5 FETCH (BINARY[1] ~{2}\r\n\0) UID 7)\r\n",
     [(b"BINARY[1]", b"~{2}\r\n\0)"), (b"UID", b"7")]),
    (b'* 5 FETCH (ENVELOPE (NIL "a\\"b)" ((NIL NIL {3}\r\n"(x "c"))) UID 7)\r\n',
     [(b"ENVELOPE", b'(NIL "a\\"b)" ((NIL NIL {3}\r\n"(x "c")))'), (b"UID", b"7")]),
    (b"* 5 FETCH (BODY[] {0}\r\n UID 7)\r\n", [(b"BODY[]", b"{0}\r\n"), (b"UID", b"7")]),
    (b"* 5 FETCH (X-GM-LABELS (\\Inbox \"a b\") MODSEQ (12))\r\n",
     [(b"X-GM-LABELS", b'(\\Inbox "a b")'), (b"MODSEQ", b"(12)")]),
]  # fmt: skip

CONTENT = [
    # name, does it show a body
    (b"BODY[]", True),
    (b"BODY[]<0>", True),
    (b"BODY[1]", True),
    (b"BODY[1.MIME]", True),
    (b"BODY[1.HEADER]", True),
    (b"BODY[TEXT]", True),
    (b"body[text]", True),
    (b"RFC822", True),
    (b"RFC822.TEXT", True),
    (b"BINARY[1]", True),
    (b"BINARY.SIZE[1]", True),
    (b"PREVIEW", True),
    (b"BODY[HEADER]", False),
    (b"BODY[HEADER.FIELDS (Date)]", False),
    (b"BODY[HEADER.FIELDS.NOT (Date)]", False),
    (b"RFC822.HEADER", False),
    (b"RFC822.SIZE", False),
    (b"ENVELOPE", False),
    (b"BODYSTRUCTURE", False),
    (b"BODY", False),
    (b"FLAGS", False),
]


@pytest.mark.parametrize("octets, items", ITEMS)
def test_items(octets, items):
    response = FetchResponse(5)
    response.add(octets)
    assert response.items() == items
    assert encode_response(5, response.items()).upper() == octets.upper()


def test_stored():
    mail = object()
    response = FetchResponse(5)
    response.add(b"* 5 FETCH (UID 7 BODY[] {3}\r\n")
    response.store(mail)
    response.add(b" FLAGS (\\Seen))\r\n")
    assert response.items() == [(b"UID", b"7"), (b"BODY[]", mail), (b"FLAGS", b"(\\Seen)")]


def test_no_item_is_no_response():
    assert encode_response(5, []) == b""


def test_key():
    assert FetchItem(b"Body[]", b"NIL").key == b"BODY[]"


@pytest.mark.parametrize("name, shows", CONTENT)
def test_content(name, shows):
    assert holds_content(name) is shows
    assert mentions_content(b"* 5 FETCH (UID 7 " + name + b" NIL)\r\n") is shows


@pytest.mark.parametrize("name, shows", CONTENT)
@pytest.mark.parametrize("before", [
    b"* 5 FETCH (", b"* 5 FETCH (UID 7 ", b" ", b" X-A {4}\r\na \"b ", b' ENVELOPE ("a\\" ") ',
    b" ENVELOPE ({7}\r\n\"(RFC822) ",
])  # fmt: skip
def test_names_of_content(name, shows, before):
    assert names_content(before + name + b" NIL)\r\n") is shows
    assert names_content(before + name.lower() + b" {12}\r\n") is shows


@pytest.mark.parametrize("octets", [
    b'* 5 FETCH (ENVELOPE ("RFC822 " NIL "a \\" BODY[1] "))\r\n',
    b' X-A {9}\r\n" BODY[1]) UID 7)\r\n',
    b' ENVELOPE (~{12}\r\nBINARY[1] a  "PREVIEW ") BODY[HEADER.FIELDS ("BODY[1]")] {5}\r\n',
])  # fmt: skip
def test_what_names_no_content(octets):
    assert mentions_content(octets) and not names_content(octets)


@pytest.mark.parametrize("octets", [b' X-A "BODY[1] ', b" X {a}\r\n BODY[1] ", b'"a\\"BODY[]'])
def test_what_cannot_be_read_may_name_content(octets):
    assert names_content(octets)


# The same as what the file looks for in capitals, said more plainly.
PLAINLY = re.compile(
    rb"BODY\[(?!HEADER(?:\]|\.FIELDS))|\bRFC822(?:\.TEXT)? |BINARY(?:\.SIZE)?\[|\bPREVIEW ",
    re.IGNORECASE,
)
PIECES = [b"Body[", b"Header", b".fields", b"]", b" ", b"x", b"_", b".", b"RFC822", b".Text"]
PIECES += [b".size", b"binary", b"[", b"Preview", b"\xe9", b"\r\n"]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map(b"".join))
def test_content_wherever_it_stands(octets):
    assert mentions_content(octets) is (PLAINLY.search(octets) is not None)


VALUES = st.recursive(
    st.sampled_from([b"NIL", b"12", b'"a \\" ) b"', b"{5}\r\n(\"}x\r", b"\\Seen", b'""']),
    lambda inner: st.lists(inner, min_size=1, max_size=6).map(lambda it: b"(%b)" % b" ".join(it)),
    max_leaves=20,
)
NAMES = st.sampled_from([name for name, _ in CONTENT])


@given(st.lists(st.tuples(NAMES, VALUES), min_size=1, max_size=8))
def test_encoded_and_read(items):
    response = FetchResponse(1)
    response.add(encode_response(1, [FetchItem(*item) for item in items]))
    assert response.items() == items
