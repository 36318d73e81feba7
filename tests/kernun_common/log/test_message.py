"""message: rows are well formed, and no value leaves its field."""

import pytest

from kernun_common.log.message import Message, Severity, escape
from kernun_common.secret import Secret
from kernun_common.sockaddr import Sockaddr, address

VALUES = [
    # value, as it is logged
    (None, "<NULL>"),
    ("<NULL>", '"<NULL>"'),
    (True, "YES"),
    (False, "NO"),
    (0, "0"),
    (-3, "-3"),
    (4294967296, "4294967296"),
    (1.5, "1.500"),
    ("", '""'),
    (b"", '""'),
    ("alice", "alice"),
    (b"alice", "alice"),
    ("a=b", "a=b"),
    ("CN=proxy,O=Example", "CN=proxy,O=Example"),
    ("two words", '"two words"'),
    ("x USER=root", '"x USER\\x3droot"'),
    ('say "so"', '"say \\x22so\\x22"'),
    ("back\\slash", '"back\\x5cslash"'),
    ("a\r\nb", '"a\\x0d\\x0ab"'),
    (b"\x1b[31m", '"\\x1b[31m"'),
    (b"\x00\x7f\xff", '"\\x00\\x7f\\xff"'),
    ("žlutý", '"\\xc5\\xbelut\\xc3\\xbd"'),
    ("\u2028", '"\\xe2\\x80\\xa8"'),
    ("\udcff", '"\\xff"'),
    (bytearray(b"a b"), '"a b"'),
    (memoryview(b"a b"), '"a b"'),
    (Severity.ERROR, "E"),
    (Secret(b"hunter2"), "***"),
    (Sockaddr(address("192.0.2.7"), 143), "[192.0.2.7]:143"),
    (Sockaddr(address("2001:db8::1"), 143), "[2001:db8::1]:143"),
]


@pytest.mark.parametrize("value, logged", VALUES)
def test_escape(value, logged):
    assert escape(value) == logged


AS_THEY_ARE = {octet for octet in range(0x21, 0x7F)} - {ord('"'), ord("\\")}


def test_every_octet_alone():
    for octet in range(256):
        logged = escape(bytes([octet]))
        if octet in AS_THEY_ARE:
            assert logged == chr(octet)
        else:
            assert logged == ('" "' if octet == 0x20 else f'"\\x{octet:02x}"')


def test_every_octet_in_quotation_marks():
    may_stand = AS_THEY_ARE - {ord("=")} | {0x20}
    for octet in range(256):
        expected = chr(octet) if octet in may_stand else f"\\x{octet:02x}"
        assert escape(b"a " + bytes([octet])) == f'"a {expected}"'


def test_no_value_passes_for_another_field():
    """Split at blanks outside quotation marks, whatever two octets stand in a value."""
    row = Message("IMAP-999", Severity.DEBUG, "USER=%(user)s ROLE=%(role)s", "A row for the test.")
    for first in range(256):
        for second in range(0, 256, 5):
            line = row.render({"user": bytes([0x20, first, second]), "role": "guest"})
            user = line[len("USER=") : -len(" ROLE=guest")]
            assert line == f"USER={user} ROLE=guest"
            assert user[0] == user[-1] == '"' and '"' not in user[1:-1] and "=" not in user
            assert line.isprintable() and line.isascii()


LIMITS = [
    (b"x" * 10, 10, "x" * 10),
    (b"x" * 11, 10, '"' + "x" * 10 + '"...'),
    ("é" * 3, 3, '"\\xc3\\xa9\\xc3"...'),
]


@pytest.mark.parametrize("value, limit, logged", LIMITS)
def test_limit(value, limit, logged):
    assert escape(value, limit) == logged


TEXTS = [
    # text, fields, values, line
    ("nothing", (), {}, "nothing"),
    ("100%% of %(what)s", ("what",), {"what": "it"}, "100% of it"),
    ("%(a)s%(b)s", ("a", "b"), {"a": 1, "b": 2, "c": 3}, "12"),
    ("%(user-name)s", ("user-name",), {"user-name": "%(a)s %s"}, '"%(a)s %s"'),
]


@pytest.mark.parametrize("text, fields, values, line", TEXTS)
def test_render(text, fields, values, line):
    row = Message("IMAP-999", Severity.NOTICE, text, "A row for the test.")
    assert row.fields == fields
    assert row.render(values) == line


def test_render_misses_a_field():
    with pytest.raises(KeyError):
        Message("IMAP-999", Severity.NOTICE, "%(a)s", "A row for the test.").render({})


WRONG = [
    ("IMAP999", "x"),
    ("imap-999", "x"),
    ("IMAP-9999", "x"),
    ("IMAP-999", "50 % of"),
    ("IMAP-999", "%s"),
]


@pytest.mark.parametrize("identification, text", WRONG)
def test_wrong_row(identification, text):
    with pytest.raises(ValueError):
        Message(identification, Severity.NOTICE, text, "A row for the test.")


def test_row_names():
    row = Message("TCPS-710", Severity.OPERATIONAL, "end", "A row for the test.")
    assert (row.tag, row.component, row.dbglev) == ("TCPS-710-K", "TCPS", 6)


LEVELS = {"C": 3, "E": 3, "W": 4, "N": 6, "I": 6, "K": 6, "D": 7, "T": 8, "F": 9}


def test_severities():
    assert {severity.value: severity.dbglev for severity in Severity} == LEVELS
    assert Severity("K") is Severity.OPERATIONAL
