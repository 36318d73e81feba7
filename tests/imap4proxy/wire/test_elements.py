"""Elements, each as the argument of a response that has just that one."""

import pytest

from imap4proxy.wire.elements import Elements, becomes
from tests.support.cuts import every_cut
from tests.support.reading import Failed, Response, read

ASTRINGS = [
    (b"INBOX", True),
    (b"a]b", True),
    (b"a,b+c/d", True),
    (b'"a b"', True),
    (b'""', True),
    (b'"\\""', True),
    (b"{0}\r\n", True),
    (b"{5}\r\na\r\nb(", True),
    (b"NIL", True),  # an atom like any other, here
    (b"a%", False),
    (b"a*", False),
    (b"a\\b", False),
    (b"(a)", False),
    (b"a(b", False),
    (b"", False),
    (b"a\x00", False),
    (b'"a\x00"', False),
    (b'"a\rb"', False),
    (b'"a\nb"', False),
    (b'"a\r\nb"', False),
    (b'"a\\x"', False),
    (b'"a', False),
    (b'a"', False),
    (b'"a"b', False),
    (b"\xe9", False),
    (b"~{1}\r\na", False),
    (b"{1+}\r\na", False),
    (b"{01 }\r\na", False),
    (b"{-1}\r\na", False),
    (b"{1}\na", False),
    (b"{1}a", False),
    (b"{4294967296000000000000}\r\na", False),
]


@pytest.mark.parametrize("octets, valid", ASTRINGS)
def test_astring(octets, valid):
    response = b"* QUOTAROOT " + octets + b"\r\n"
    for limits in ({}, {"whole_line": 1}):
        for parts in every_cut(response):
            found = read(parts, **limits)
            assert found == ([Response("QUOTAROOT", response)] if valid else [Failed])


VALUES = [
    (b"a", True),
    (b"NIL", True),
    (b'"a b"', True),
    (b"{3}\r\na b", True),
    (b"~{3}\r\na\x00b", True),
    (b"~a", True),
    (b"\\Seen", True),
    (b"1:*,5", True),
    (b"()", True),
    (b"(a {1}\r\nb (~{1}\r\nc) \"d\")", True),
    (b"(", False),
    (b")", False),
    (b"(a", False),
    (b"{1}\r\nab", False),
    (b"(a ~)", True),
    (b"(~{x})", False),
]


@pytest.mark.parametrize("octets, valid", VALUES)
def test_value(octets, valid):
    response = b"* STATUS a (X " + octets + b" Y 1)\r\n"
    for limits in ({}, {"whole_line": 1}):
        for parts in every_cut(response):
            found = read(parts, **limits)
            assert found == ([Response("STATUS", response)] if valid else [Failed])


def test_the_elements_are_made_once():
    assert Elements.of(False) is Elements.of(False) is not Elements.of(True)


def test_becomes():
    assert becomes(b"()")(b"nil") == b"()"
