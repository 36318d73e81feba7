"""The reader: whole sessions in every cut, literals in and past it, anything at all."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imap4proxy.wire.data import Capability, Continuation
from imap4proxy.wire.kinds import kinds
from imap4proxy.wire.leniencies import Leniency
from imap4proxy.wire.response_reader import prepare
from imap4proxy.wire.status import Code, Status, encode
from tests.support.cuts import every_cut
from tests.support.reading import Collector, Failed, Incomplete, Response, make, read

# In our own words, the manner of Dovecot, Cyrus, Gmail and Exchange.
SESSIONS = [
    [
        b"* OK [CAPABILITY IMAP4rev1 SASL-IR LITERAL+ AUTH=PLAIN] Dovecot ready.\r\n",
        b"k1 OK [CAPABILITY IMAP4rev1 IDLE] Logged in\r\n",
        b"* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)\r\n",
        b"* OK [PERMANENTFLAGS (\\Answered \\Deleted \\*)] Flags permitted.\r\n",
        b"* 5 EXISTS\r\n",
        b"* 0 RECENT\r\n",
        b"* OK [UIDVALIDITY 1795332475] UIDs valid\r\n",
        b"* OK [HIGHESTMODSEQ 3] Highest\r\n",
        b"k2 OK [READ-WRITE] Select completed (0.003 + 0.000 + 0.002 secs).\r\n",
        b"* 1 FETCH (FLAGS (\\Seen) BODY[HEADER.FIELDS (DATE \"X Y\")]<0> {10}\r\nDate: x\r\n) "
        b"BODY[1.MIME] {2}\r\n\r\n BINARY.SIZE[1] 7 RFC822.TEXT {0}\r\n)\r\n",
        b"* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n",
        b"* 3 FETCH (UID 3 FLAGS ())\r\n",
        b"k3 OK Fetch completed.\r\n",
        b"* BYE Logging out\r\n",
    ],
    [
        b"* PREAUTH [CAPABILITY IMAP4 IMAP4rev1] cyrus v3 server ready\r\n",
        b"* LIST (\\Noinferiors) \"/\" INBOX\r\n",
        b"* LIST (\\HasChildren) \"/\" {5}\r\na\r\nb)\r\n",
        b"* STATUS \"a b\" (MESSAGES 231 UIDNEXT 44292 MAILBOXID (5x-7))\r\n",
        b"* ACL INBOX anyone p cyrus lrswipkxtecdan\r\n",
        b"* ESEARCH (TAG \"k9\") UID MIN 1 MAX 3 ALL 1:3\r\n",
        b"* VANISHED (EARLIER) 41,43:116,118\r\n",
        b"k9 OK [MODIFIED 7,9] Conditional STORE failed\r\n",
    ],
    [
        b"* CAPABILITY IMAP4rev1 UNSELECT IDLE X-GM-EXT-1 AUTH=XOAUTH2\r\n",
        b"+ eyJzdGF0dXMiOiI0MDEifQ==\r\n",
        b"k1 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n",
        b"* LIST (\\All \\HasNoChildren) \"/\" \"[Gmail]/All Mail\"\r\n",
        b"* 7 FETCH (X-GM-THRID 1266894439832287888 X-GM-LABELS (\"\\\\Sent\" foo) UID 8 "
        b"ENVELOPE (\"x\" {2}\r\nhi ((NIL NIL \"a\" \"b\")) NIL NIL NIL NIL NIL NIL NIL))\r\n",
        b"* SEARCH 1 2 3\r\n",
        b"* SEARCH\r\n",
        b"* ID (\"name\" \"GImap\" \"vendor\" \"Google, Inc.\")\r\n",
        b"+ idling\r\n",
        b"* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n",
    ],
]  # fmt: skip


def written(piece):
    """A piece as it would go on."""
    if isinstance(piece, Response):
        return piece.octets
    if isinstance(piece, Status):
        return encode(piece)
    if isinstance(piece, Capability):
        return b"* CAPABILITY " + b" ".join(piece.words) + b"\r\n"
    return b"+ " + piece.text + b"\r\n"


@pytest.mark.parametrize("responses", SESSIONS)
@pytest.mark.parametrize("limits", [{}, {"whole_line": 1}, {"whole_line": 30}])
def test_a_session_in_every_cut(responses, limits):
    for parts in every_cut(b"".join(responses)):
        assert [written(piece) for piece in read(parts, **limits)] == responses


CONTINUATIONS = [
    (b"+ \r\n", [Continuation(b"")]),
    (b"+ idling\r\n", [Continuation(b"idling")]),
    (b"+ YGgGCSqGSIb3EgECAgIAb2kwZ6ADAgEFoQMC\r\n",
     [Continuation(b"YGgGCSqGSIb3EgECAgIAb2kwZ6ADAgEFoQMC")]),
    (b"+  x {5}\r\n", [Continuation(b" x {5}")]),
    (b"+\r\n", [Continuation(b"", (Leniency.BARE_PLUS,))]),
    (b"+ \xe9\r\n", [Continuation(b"\xe9", (Leniency.EIGHT_BIT_TEXT,))]),
    (b"+x\r\n", [Failed]),
    (b"+ \x00\r\n", [Failed]),
    (b"+ a\rb\r\n", [Failed]),
    (b"+ a\nb\r\n", [Failed]),
    (b"++\r\n", [Failed]),
    (b"\r\n", [Failed]),
    (b"* \r\n", [Failed]),
    (b"*\r\n", [Failed]),
    (b"* CAPABILITY\r\n", [Failed]),
    (b"* 5 CAPABILITY a\r\n", [Failed]),
    (b"* capability a B\r\n", [Capability((b"a", b"B"))]),
]  # fmt: skip


@pytest.mark.parametrize("octets, expected", CONTINUATIONS)
def test_continuations_and_capabilities(octets, expected):
    for parts in every_cut(octets):
        assert read(parts) == expected


LONG = [
    b"* SEARCH" + b"".join(b" %d" % n for n in range(1, 60000)) + b"\r\n",
    b'* ESEARCH (TAG "k1") UID ALL 1'
    + b"".join(b",%d:%d" % (n, n + 2) for n in range(3, 90000, 4)) + b"\r\n",
    b"* THREAD " + b"".join(b"(%d (%d)(%d))" % (n, n, n) for n in range(1, 30000)) + b"\r\n",
    b"* VANISHED (EARLIER) 1" + b"".join(b",%d" % n for n in range(3, 90000, 2)) + b"\r\n",
    b"* 1 FETCH (BODYSTRUCTURE (" + b'("text" "plain" NIL)' * 20000 + b' "mixed"))\r\n',
    b"* FLAGS (" + b" ".join(b"k%d" % n for n in range(8000)) + b")\r\n",
    b"* STATUS a (" + b" ".join(b"X%d (%d)" % (n, n) for n in range(9000)) + b")\r\n",
]  # fmt: skip


@pytest.mark.parametrize("octets", LONG)
@pytest.mark.parametrize("size", [1000, 16384, 262144, 1 << 24])
def test_a_line_of_a_megabyte_is_not_held(octets, size):
    collector, most = Collector(make()), 0
    for at in range(0, len(octets), size):
        collector.feed(octets[at:at + size])
        most = max(most, collector.reader.buffered)
    (response,) = collector.found
    assert response.octets == octets and not response.lenient
    assert most < 64 * 1024 + size
    assert size > 100000 or len(collector.pieces) > 2


@pytest.mark.parametrize("octets", LONG)
def test_a_long_line_that_ends_wrong(octets):
    for size in (1000, 1 << 24):
        wrong = octets[:-2] + b"(\r\n"
        assert read(wrong[at:at + size] for at in range(0, len(wrong), size)) == [Failed]


def test_before_login_data_come_as_after_it():
    octets = b"* 1 FETCH (UID 1)\r\n* 2 FETCH (BODY[] {2}\r\nab UID 2)\r\n* LIST () NIL a\r\n"
    for parts in every_cut(octets):
        assert read(parts, authenticated=False) == read([octets])


def test_utf8_where_it_was_enabled():
    response = "* LIST () \"/\" \"Schr\u00e1nka\"\r\n".encode()
    for limits in ({}, {"whole_line": 1}):
        for parts in every_cut(response):
            assert read(parts, utf8=True, **limits) == [Response("LIST", response)]
            (piece,) = read(parts, **limits)
            assert piece.lenient == {Leniency.EIGHT_BIT_STRING}
    (piece,) = read([b'* LIST () "/" "\xe1"\r\n'], utf8=True)
    assert piece.octets == b'* LIST () "/" {1}\r\n\xe1\r\n'


def test_the_grammar_can_be_made_beforehand():
    prepare()
    assert kinds.cache_info().currsize == 2


# --- anything at all -----------------------------------------------------------------------------

RESPONSES = sorted({response for session in SESSIONS for response in session}) + [
    b"* LIST NIL NIL \"\xe9\" \r\n", b"* 1 FETCH (FLAGS (a] ) X-NEW ({1}\r\na \"\xe9\"))\r\n",
    b"* X-NEW (a (b {2}\r\n)( c) ~{1}\r\n\x00) \r\n",
    b"k1 NO [BADCHARSET ({3}\r\na]b \"c]\")] \r\n",
    b"* THREAD ((1)(2 3 (4)(5 6)))\r\n", b"* METADATA a (/b ~{1}\r\n\x00 /c NIL)\r\n",
]  # fmt: skip
BITS = [
    b" ", b"(", b")", b'"', b"\\", b"{", b"}", b"{1}\r\n", b"~{2}\r\n", b"NIL", b"\r\n", b"\r",
    b"\n", b"\x00", b"\xe9", b"\xc3\xa9", b"[", b"]", b"<0>", b"0", b"1", b"x", b"*", b"+", b",",
    b":", b"UID 1", b"FLAGS ()", b"  ", b" )", b"()", b"[X ", b"] ",
]  # fmt: skip


@st.composite
def changed(draw):
    """Some responses, with something put in, taken out or put in place."""
    octets = b"".join(draw(st.lists(st.sampled_from(RESPONSES), min_size=1, max_size=3)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(octets)))
        gone = draw(st.integers(0, 3))
        octets = octets[:at] + draw(st.sampled_from([b"", *BITS])) + octets[at + gone:]
    return octets


def outcome(parts, **settings):
    """What was found; octets that end too early or are wrong may be told so early or late."""
    found = read(parts, **settings)
    return found[:-1] if found[-1:] in ([Failed], [Incomplete]) else found + ["whole"]


@given(octets=changed() | st.binary(max_size=200), data=st.data(), utf8=st.booleans())
def test_any_octets_give_the_same_in_any_cut_and_by_any_way(octets, data, utf8):
    expected = outcome([octets], utf8=utf8)
    size = data.draw(st.integers(1, 50))
    parts = [octets[at:at + size] for at in range(0, len(octets), size)]
    for whole_line in (1, 7, 16384):
        assert outcome(parts, utf8=utf8, whole_line=whole_line) == expected
        assert outcome([octets], utf8=utf8, whole_line=whole_line) == expected


CORRECTED = {Leniency.TRAILING_BLANK, Leniency.EIGHT_BIT_STRING, Leniency.NIL_LIST}


@given(octets=changed())
def test_what_goes_on_is_the_input_or_corrected_for_good(octets):
    found = [piece for piece in read([octets]) if piece not in (Failed, Incomplete)]
    data = [piece for piece in found if isinstance(piece, Response)]
    again = read([b"".join(piece.octets for piece in data)])
    assert [piece.octets for piece in again] == [piece.octets for piece in data]
    assert not any(CORRECTED & piece.lenient for piece in again)
    if len(data) == len(found) and not any(CORRECTED & piece.lenient for piece in data):
        assert octets.startswith(b"".join(piece.octets for piece in data))


def test_codes_are_kept_as_they_were_sent():
    (status,) = read([b"* ok [x-Foo aB ] Text\r\n"])
    assert replace(status, lenient=()) == Status(None, b"OK", Code(b"X-FOO", b"aB "), b"Text")
