"""FETCH responses: each item with its values, in every cut, by both ways of checking."""

import pytest

from imap4proxy.wire.fetch_data import Fetch
from imap4proxy.wire.fetch_response import names_content
from tests.support.cuts import every_cut
from tests.support.reading import Failed, Response, make, read

VALID = [
    b"UID 1",
    b"UID 4294967295",
    b"uid 7",
    b"FLAGS ()",
    b"FLAGS (\\Seen \\Recent $Forwarded NonJunk)",
    b"INTERNALDATE \"22-Nov-2026 07:27:52 +0000\"",
    b"INTERNALDATE \" 1-Nov-2026 07:27:52 +0000\"",
    b"RFC822.SIZE 0",
    b"RFC822.SIZE 18446744073709551615",
    b'ENVELOPE ("Mon, 2 Mar 2026" "s" ((NIL NIL "a" "b.c")(NIL NIL "d" "e")) NIL NIL NIL NIL NIL '
    b'NIL "<0@b.c>")',
    b'ENVELOPE (NIL {5}\r\nIt\'s\r ((NIL NIL {1}\r\na "b")) NIL NIL NIL NIL NIL NIL NIL)',
    b'BODYSTRUCTURE (("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 7 0 NIL NIL NIL NIL)'
    b'("image" "png" NIL NIL NIL "base64" 98 NIL ("attachment" ("filename" "f.png")) NIL NIL) '
    b'"mixed" ("boundary" "b0") NIL NIL NIL)',
    b'BODYSTRUCTURE ("message" "rfc822" NIL NIL NIL "7bit" 9 (NIL NIL NIL) ("text" "plain") 1)',
    b'BODY ("text" "plain" ({4}\r\nname {3}\r\na)b) NIL NIL "7bit" 7 0)',
    b"BODY[] NIL",
    b'BODY[] ""',
    b'BODY[] "a\\"b"',
    b"BODY[] {0}\r\n",
    b"BODY[] {13}\r\n) UID 2 ()\r\n\r",
    b"BODY[]<1024> {1}\r\na",
    b"BODY[TEXT] {1}\r\na",
    b"BODY[HEADER] {1}\r\na",
    b"BODY[HEADER.FIELDS (DATE FROM X-Y)] {1}\r\na",
    b'BODY[HEADER.FIELDS.NOT ("Date" "X Y")]<5> {1}\r\na',
    b"BODY[1] {1}\r\na",
    b"BODY[1.2.3.MIME] {1}\r\na",
    b"BODY[1.2.HEADER] {1}\r\na",
    b"BODY[1.TEXT]<0> NIL",
    b"BODY[4294967295.1.HEADER]<4294967295> NIL",
    b"BODY[1.HEADER.FIELDS (Subject)] NIL",
    b"RFC822 {1}\r\na",
    b"RFC822.HEADER {1}\r\na",
    b"RFC822.TEXT NIL",
    b"BINARY[1] {1}\r\na",
    b"BINARY[1.2]<7> ~{3}\r\na\x00b",
    b"BINARY[] NIL",
    b"BINARY.SIZE[1] 5",
    b"BINARY.SIZE[] 5",
    b"MODSEQ (12)",
    b"EMAILID (M6d99ac3275bb4e)",
    b"THREADID (T64b478a75b7ea9)",
    b"THREADID NIL",
    b'SAVEDATE "22-Nov-2026 07:27:52 +0000"',
    b"SAVEDATE NIL",
    b'PREVIEW "Hello"',
    b"PREVIEW {1}\r\na",
    b"PREVIEW NIL",
    b"X-GM-MSGID 1278455344230334865",
    b"X-GM-THRID 1266894439832287888",
    b'X-GM-LABELS (\\Inbox "\\\\Sent" {3}\r\na b Important "Muy Importante")',
]

INVALID = [
    b"",
    b"UID",
    b"UID 0",
    b"UID 4294967296",
    b"UID a",
    b"UID (1)",
    b"UID  1",
    b"FLAGS",
    b"FLAGS \\Seen",
    b"FLAGS (\\Seen",
    b"FLAGS (\\Seen  a)",
    b"FLAGS (())",
    b"FLAGS ({1}\r\na)",
    b"INTERNALDATE NIL",
    b'INTERNALDATE "\xe9"',
    b"INTERNALDATE {1}\r\na",
    b"RFC822.SIZE -1",
    b"RFC822.SIZE NIL",
    b"RFC822.SIZE 18446744073709551616",
    b"ENVELOPE NIL",
    b'ENVELOPE "a"',
    b"ENVELOPE (",
    b"ENVELOPE (a b",
    b"ENVELOPE ({3}\r\nabc",
    b"ENVELOPE ({2}\r\nabc)",
    b'ENVELOPE (""a"" NIL)',
    b"BODYSTRUCTURE",
    b'BODYSTRUCTURE (("text")',
    b"BODY NIL",
    b"BODY[]",
    b"BODY[] a",
    b"BODY[] (a)",
    b"BODY[] ~{1}\r\na",
    b"BODY[] {1+}\r\na",
    b"BODY[] {1}\r\nab",
    b"BODY[] {99999999999999999999}\r\na",
    b"BODY[",
    b"BODY[]] NIL",
    b"BODY[0] NIL",
    b"BODY[4294967296] NIL",
    b"BODY[1.4294967296.MIME] NIL",
    b"BODY[1]<4294967296> NIL",
    b"BINARY[4294967296] NIL",
    b"BODY[1.] NIL",
    b"BODY[.1] NIL",
    b"BODY[MIME] NIL",
    b"BODY[1.FOO] NIL",
    b"BODY[HEADER.FIELDS] NIL",
    b"BODY[HEADER.FIELDS ()] NIL",
    b"BODY[HEADER.FIELDS (a] NIL",
    b"BODY[HEADER.FIELDS (a] b c)] NIL",
    b"BODY[HEADER.FIELDS (a[b)] NIL",
    b'BODY[HEADER.FIELDS ("a] NIL X-B")] NIL',
    b'BODY[HEADER.FIELDS (x] "abc" BODY[TEXT] "evil")] NIL',
    b"BODY[HEADER.FIELDS ({1}\r\na)] NIL",
    b"BODY[]<> NIL",
    b"BODY[]<1.2> NIL",
    b"BODY[]<-1> NIL",
    b"BODY<5> NIL",
    b"BODY.PEEK[] NIL",
    b"BODY.PEEK[1] {1}\r\na",
    b"BINARY.PEEK[1] NIL",
    b"BINARY[TEXT] NIL",
    b"BINARY[1] a",
    b"BINARY.SIZE[1] NIL",
    b"MODSEQ 12",
    b"MODSEQ ()",
    b"MODSEQ (12 13)",
    b"EMAILID NIL",
    b"EMAILID (a b)",
    b"THREADID (%)",
    b"X-GM-MSGID a",
    b"X-GM-LABELS a",
    b"X-OTHER",
    b"X-OTHER (",
    b"X-OTHER ())",
    b"(UID 1)",
    b"UID 1 ",
    b" UID 1",
    b"UID 1 FLAGS",
    b'"UID" 1',
]


def whole(item):
    return b"* 12 FETCH (" + item + b")\r\n"


@pytest.mark.parametrize("item", VALID)
def test_valid_item(item):
    for response in map(whole, (item, b"UID 5 " + item, item + b" FLAGS (a)", item + b" " + item)):
        for limits in ({}, {"whole_line": 1}):
            for parts in every_cut(response):
                assert read(parts, **limits) == [Response("FETCH", response)]


@pytest.mark.parametrize("item", INVALID)
def test_invalid_item(item):
    for response in map(whole, (item, b"UID 5 " + item, b"UID 5 BODY[1] {2}\r\nab " + item)):
        for limits in ({}, {"whole_line": 1}):
            for parts in every_cut(response):
                assert read(parts, **limits)[-1] == Failed


@pytest.mark.parametrize("item", [item for item in VALID if b"{" not in item])
def test_the_expression_takes_what_is_plain(item):
    fetch = Fetch.of(utf8=False)
    response = whole(item)
    found = fetch.whole(response)
    assert found is not None and found.lastindex == 1 and found.end() == len(response)
    found = fetch.rest(b" " + item + b")\r\n")
    assert found is not None and found.lastindex is None


@pytest.mark.parametrize("item", INVALID)
def test_the_expression_takes_nothing_else(item):
    fetch = Fetch.of(utf8=False)
    found = fetch.whole(whole(item))
    assert found is None or found.lastindex == 2
    found = fetch.rest(b" " + item + b")\r\n")
    assert found is None or found.lastindex == 1


OTHERS = (b"ENVELOPE", b"BODYSTRUCTURE", b"BODY ", b"X-GM")
CONTENT = [item for item in VALID if b"{" in item and not item.startswith(OTHERS)]


@pytest.mark.parametrize("item", CONTENT)
def test_a_literal_of_content_comes_with_the_name_of_its_item(item):
    name = item[:item.index(b"{")].rstrip(b"~")
    for limits in ({}, {"whole_line": 1}):
        for before in (b"", b"UID 5 ", b"X-NEW (a b) ", b"BODY[9] {2}\r\nab "):
            response = whole(before + item)
            for cut in range(1, len(response)):
                (piece,) = pieces([response[:cut], response[cut:]], name, limits)
                assert b"{" in piece.octets and piece.number == 12


def pieces(parts, name, limits):
    """The pieces that hold `name`, for an engine that takes what literals announce."""
    reader, found = make(**limits), []
    for part in parts:
        reader.feed(part)
        while (piece := reader.next()) is not None or reader.take(1 << 20):
            if piece is not None and name in piece.octets:
                found.append(piece)
    return found


@pytest.mark.parametrize("number, valid", [(b"1", 1), (b"4294967295", 1), (b"4294967296", 0),
                                           (b"0", 0), (b"01", 0), (b"*", 0), (b"", 0)])
def test_message_number(number, valid):
    response = b"* " + number + b" FETCH (UID 1)\r\n"
    assert read([response]) == ([Response("FETCH", response)] if valid else [Failed])


@pytest.mark.parametrize("item", VALID)
def test_a_row_of_headers_takes_what_shows_no_content_and_nothing_else(item):
    """It takes as much of that as the expressions for everything do."""
    fetch = Fetch.of(False)
    for before in (b"", b"UID 5 ", b"BODY[HEADER] NIL "):
        response = whole(before + item)
        found, everything = fetch.headers.whole(response), fetch.whole(response)
        assert _end(found) == (None if names_content(response) else _end(everything))
        response = b" " + before + item + b")\r\n"
        found, everything = fetch.headers.rest(response), fetch.rest(response)
        assert _end(found) == (None if names_content(response) else _end(everything))


def _end(found):
    return found and (found.end(), found.lastindex, found[found.lastindex or 0])


@pytest.mark.parametrize("item", INVALID)
def test_a_row_of_headers_takes_nothing_that_is_invalid(item):
    headers = Fetch.of(False).headers
    found = headers.whole(whole(item))
    assert found is None or found.lastindex == 2
    found = headers.rest(b" " + item + b")\r\n")
    assert found is None or found.lastindex == 1


def test_the_grammar_is_made_once():
    assert Fetch.of(False) is Fetch.of(False) is not Fetch.of(True)
