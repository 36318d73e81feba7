"""Status responses: their parts, their codes, and what must not be taken for either."""

import pytest

from imap4proxy.wire.leniencies import Leniency
from imap4proxy.wire.status import Code, Status, encode, without_code
from tests.support.cuts import every_cut
from tests.support.reading import Failed, read

VALID = [
    # octets, (tag, condition, code, text)
    (b"* OK Ready", (None, b"OK", None, b"Ready")),
    (b"* PREAUTH Welcome", (None, b"PREAUTH", None, b"Welcome")),
    (b"* BYE Logging out", (None, b"BYE", None, b"Logging out")),
    (b"* bad x", (None, b"BAD", None, b"x")),
    (b"k1 OK Done", (b"k1", b"OK", None, b"Done")),
    (b"k1 no No", (b"k1", b"NO", None, b"No")),
    (b"]1 BAD x", (b"]1", b"BAD", None, b"x")),
    (b"OK OK OK", (b"OK", b"OK", None, b"OK")),
    (b"* OK [ALERT] Down at noon", (None, b"OK", Code(b"ALERT"), b"Down at noon")),
    (b"* OK [alert] x", (None, b"OK", Code(b"ALERT"), b"x")),
    (b"* OK [UIDNEXT 4392] Predicted", (None, b"OK", Code(b"UIDNEXT", b"4392"), b"Predicted")),
    (
        b"* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] Limited",
        (None, b"OK", Code(b"PERMANENTFLAGS", b"(\\Deleted \\Seen \\*)"), b"Limited"),
    ),
    (
        b"* OK [CAPABILITY IMAP4rev1 Idle] Ready",
        (None, b"OK", Code(b"CAPABILITY", b"IMAP4rev1 Idle"), b"Ready"),
    ),
    (
        b"k3 OK [COPYUID 38505 304,319:320 3956:3958] Done",
        (b"k3", b"OK", Code(b"COPYUID", b"38505 304,319:320 3956:3958"), b"Done"),
    ),
    (
        b'k1 NO [BADCHARSET (UTF-8 "a]b")] x',
        (b"k1", b"NO", Code(b"BADCHARSET", b'(UTF-8 "a]b")'), b"x"),
    ),
    (
        b"k1 NO [BADCHARSET ({5}\r\nUTF-8 {2}\r\n)])] x",
        (b"k1", b"NO", Code(b"BADCHARSET", b"({5}\r\nUTF-8 {2}\r\n)])"), b"x"),
    ),
    (b"k1 NO [METADATA MAXSIZE 5] x", (b"k1", b"NO", Code(b"METADATA", b"MAXSIZE 5"), b"x")),
    # texts that look like something else
    (b"* OK see {5}", (None, b"OK", None, b"see {5}")),
    (b"* OK see {5+}", (None, b"OK", None, b"see {5+}")),
    (b"* OK [ALERT] see {5}", (None, b"OK", Code(b"ALERT"), b"see {5}")),
    (b"* OK [ALERT] [x {5}", (None, b"OK", Code(b"ALERT"), b"[x {5}")),
    (b"* OK x [ALERT", (None, b"OK", None, b"x [ALERT")),
    (b"* OK  two blanks ", (None, b"OK", None, b" two blanks ")),
    (b'* OK "a', (None, b"OK", None, b'"a')),
    (b"* OK \x01\x1b[0m\t\x7f", (None, b"OK", None, b"\x01\x1b[0m\t\x7f")),
]

UNKNOWN_CODES = [
    (b"* NO [REFERRAL imap://u;AUTH=*@h/a] x", Code(b"REFERRAL", b"imap://u;AUTH=*@h/a")),
    (b"* NO [X-FOO] x", Code(b"X-FOO")),
    (b"* OK [PERMANENTFLAGS ([x]/a \\*)] x", Code(b"PERMANENTFLAGS", b"([x]/a \\*)")),
    (b"* OK [X-FOO (] x)] y", Code(b"X-FOO", b"(] x)")),
    (b"* NO [X-FOO ] x", Code(b"X-FOO")),
    (b"* NO [X-FOO (a (b \"(\") \\c)] x", Code(b"X-FOO", b"(a (b \"(\") \\c)")),
    (b"* NO [X-FOO {1}\r\n(] x", Code(b"X-FOO", b"{1}\r\n(")),
    (b"* NO [X-FOO (a) {2}\r\n\"] {0}\r\n] x", Code(b"X-FOO", b"(a) {2}\r\n\"] {0}\r\n")),
]  # fmt: skip

INVALID = [
    b"* OK [unclosed",
    b"* OK [",
    b"* OK [] x",
    b"* OK [ ALERT] x",
    b"* OK [ALERT]x",
    b"* OK [ALERT (] x",
    b"* OK [ALERT )] x",
    b"* OK [ALERT (]) (] y",
    b"* OK [X (]) {1}\r\na] x",
    b"* OK [X (] {1}\r\na)] x",
    b'* OK [ALERT "] x',
    b"* OK [ALERT ((((()))))] x",
    b"* OK [AL\xc9RT] x",
    b"* OK [X \xe9] x",
    b'* OK [X 5"\xe9"] x',  # no string stands there, and no literal can be put in its place
    b'* OK [X "a]" "\xe9"] x',
    b"* OK [X" + b' "\xe9"' * 17 + b"] x",
    b"* OK [X \x00] x",
    b"* OK [X {1}] x",
    b"* OK [X a{1}\r\na] x",
    b'* OK [X "a"{1}\r\na] x',
    b"* OK [X {x}\r\na] x",
    b"* OK [X {1+}\r\na] x",
    b"* OK [X ~{1}\r\na] x",
    b"* OK [X \x00 {1}\r\na] x",
    b'* OK [X "]" {1}\r\na] x',
    b"* OK [CAPABILITY] x",
    b"* OK [CAPABILITY (a)] x",
    b"* OK [CAPABILITY {1}\r\na] x",
    b"* OK [CAPABILITY a  b] x",
    b"* OK\tx",
    b"* OK\x00",
    b"* OK x\x00",
    b"* OK x\ry",
    b"* OK x\ny",
    b"* 5 OK x",
    b"*  OK x",
    b"*OK x",
    b"k1 BYE x",
    b"k1 PREAUTH x",
    b"k1 LIST x",
    b"k1  OK x",
    b"k1",
    b"k1 ",
    b" OK x",
    b"",
    b"k+ OK x",
    b"k* OK x",
    b"k% OK x",
    b"k( OK x",
    b"k\\ OK x",
    b'k" OK x',
    b"\xe9 OK x",
    b"OK x",
]


@pytest.mark.parametrize("octets, values", VALID)
def test_valid(octets, values):
    for parts in every_cut(octets + b"\r\n"):
        assert read(parts) == [Status(*values)]


@pytest.mark.parametrize("octets, code", UNKNOWN_CODES)
def test_unknown_codes(octets, code):
    for parts in every_cut(octets + b"\r\n"):
        (status,) = read(parts)
        assert (status.code, status.lenient) == (code, (Leniency.UNKNOWN_CODE,))


@pytest.mark.parametrize("octets", INVALID)
def test_invalid(octets):
    for parts in every_cut(octets + b"\r\n"):
        assert read(parts) == [Failed]


ROUND = [octets for octets, _ in VALID] + [octets for octets, _ in UNKNOWN_CODES]


@pytest.mark.parametrize("octets", ROUND)
def test_what_is_written_reads_the_same(octets):
    (status,) = read([octets + b"\r\n"])
    assert read([encode(status)]) == [status]


@pytest.mark.parametrize("octets, values", VALID)
def test_under_another_tag(octets, values):
    (status,) = read([octets + b"\r\n"])
    rest = encode(status).split(b" ", 1)[1]
    assert encode(status, b"A7") == b"A7 " + rest
    assert encode(status).startswith((values[0] or b"*") + b" ")


@pytest.mark.parametrize("text", [b"go", b"[ALERT] go", b" [A x] [B y] go", b"[", b"", b"[[go"])
def test_without_its_code_it_has_none(text):
    status = without_code(Status(b"k1", b"NO", Code(b"REFERRAL", b"imap://x/"), text))
    (again,) = read([encode(status)])
    assert again.code is None and (status.tag, status.condition) == (b"k1", b"NO")
    assert text.endswith(again.text)


def test_every_octet_of_a_tag():
    for octet in range(256):
        found = read([b"a%cb OK x\r\n" % octet])
        valid = 0x20 < octet < 0x7F and octet not in b'(){%*"\\+'
        assert (found != [Failed]) == valid, octet


def test_every_octet_of_a_text():
    for octet in range(256):
        found = read([b"* OK a%cb\r\n" % octet])
        assert (found != [Failed]) == (octet not in b"\r\n\x00"), octet
        assert found == [Failed] or bool(found[0].lenient) == (octet >= 0x80)


def test_every_octet_of_a_code():
    for octet in range(256):
        found = read([b"* OK [X-FOO a%cb] x\r\n" % octet])
        assert (found != [Failed]) == (0 < octet < 0x80 and octet not in b'\r\n"(){]'), octet


def test_texts_in_utf8():
    (status,) = read(["k1 NO Schr\u00e1nka\r\n".encode()], utf8=True)
    assert status.lenient == ()
    (status,) = read([b"k1 NO Schr\xe1nka\r\n"], utf8=True)
    assert status.lenient == (Leniency.EIGHT_BIT_TEXT,)
    (status,) = read(['k1 NO [BADCHARSET ("\u00e9")] x\r\n'.encode()], utf8=True)
    assert status.lenient == () and status.code == Code(b"BADCHARSET", '("\u00e9")'.encode())
