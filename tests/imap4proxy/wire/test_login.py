"""LOGIN and AUTHENTICATE: values, canonical form; no secret can be seen."""

from __future__ import annotations

import pytest

from imap4proxy.wire.encode import shown
from imap4proxy.wire.login import Authenticate, Login
from kernun_common.secret import Secret

from ...support.command_reading import check_malformed, check_written, command_of

LOGINS = [
    # octets, user, password, canonical form
    (b"login joe secret", b"joe", b"secret", b"LOGIN joe secret"),
    (b'LOGIN "joe" "se cret"', b"joe", b"se cret", b'LOGIN joe "se cret"'),
    (b'LOGIN joe "a\\"\\\\b"', b"joe", b'a"\\b', b'LOGIN joe "a\\"\\\\b"'),
    (b"LOGIN {3}\r\njoe {6}\r\nsecret", b"joe", b"secret", b"LOGIN joe secret"),
    (b"LOGIN {3+}\r\njoe {4+}\r\n\xc3\xa9\r\n", b"joe", b"\xc3\xa9\r\n",
     b"LOGIN joe {4+}\r\n\xc3\xa9\r\n"),
    (b'LOGIN "{x+" foo}', b"{x+", b"foo}", b'LOGIN "{x+" foo}'),
    (b'LOGIN joe "{5+}"', b"joe", b"{5+}", b'LOGIN joe "{5+}"'),
    (b'LOGIN joe ""', b"joe", b"", b'LOGIN joe ""'),
    (b"LOGIN joe {0}\r\n", b"joe", b"", b'LOGIN joe ""'),
    (b"LOGIN joe Nil", b"joe", b"Nil", b'LOGIN joe "Nil"'),
]
BAD_LOGINS = [
    b"LOGIN", b"LOGIN joe", b"LOGIN joe ", b"LOGIN joe secret x", b"LOGIN  joe secret",
    b"LOGIN joe  secret", b"LOGIN joe secret ", b'LOGIN joe "x\\q"',
    b"LOGIN joe x\xe9",
    b'LOGIN joe "\xc3\xa9"', b"LOGIN joe (x)", b"LOGIN joe {2}\r\nx\0", b"LOGIN joe ~{1+}\r\nx",
    b'LOGIN joe "a\0"', b"LOGIN joe a\0", b"LOGIN joe a\rb", b'LOGIN joe "a\rb"', b'LOGIN"joe" x',
]


@pytest.mark.parametrize("octets, user, password, canonical", LOGINS)
def test_login(octets: bytes, user: bytes, password: bytes, canonical: bytes) -> None:
    assert command_of(b"a1 " + octets + b"\r\n") == Login(b"a1", user, Secret(password))
    check_written(b"a1 " + octets + b"\r\n", canonical)


@pytest.mark.parametrize("octets", BAD_LOGINS)
def test_bad_login(octets: bytes) -> None:
    check_malformed(b"a1 " + octets + b"\r\n")


MECHANISMS = [
    # octets, mechanism, initial response, canonical form
    (b"authenticate plain", b"PLAIN", None, b"AUTHENTICATE PLAIN"),
    (b"AUTHENTICATE CRAM-MD5 ", b"CRAM-MD5", None, b"AUTHENTICATE CRAM-MD5"),  # mutt
    (b"AUTHENTICATE SCRAM-SHA-256-PLUS", b"SCRAM-SHA-256-PLUS", None,
     b"AUTHENTICATE SCRAM-SHA-256-PLUS"),
    (b"AUTHENTICATE PLAIN AGpvZQBzZWNyZXQ=", b"PLAIN", b"AGpvZQBzZWNyZXQ=",
     b"AUTHENTICATE PLAIN AGpvZQBzZWNyZXQ="),
    (b"AUTHENTICATE EXTERNAL =", b"EXTERNAL", b"=", b"AUTHENTICATE EXTERNAL ="),
    (b"AUTHENTICATE PLAIN " + b"QUJD" * 900, b"PLAIN", b"QUJD" * 900,
     b"AUTHENTICATE PLAIN " + b"QUJD" * 900),
]
BAD_MECHANISMS = [
    b"AUTHENTICATE", b"AUTHENTICATE ", b"AUTHENTICATE PLAIN  =",
    b"AUTHENTICATE PLAIN ==", b"AUTHENTICATE PLAIN QUJ", b"AUTHENTICATE PLAIN QUJD QUJD",
    b"AUTHENTICATE PLAIN QUJD===", b"AUTHENTICATE PLAIN *", b"AUTHENTICATE PLAIN Q=JD",
    b'AUTHENTICATE "PLAIN"', b"AUTHENTICATE {5+}\r\nPLAIN", b"AUTHENTICATE PLAIN {4+}\r\nQUJD",
]


@pytest.mark.parametrize("octets, mechanism, initial, canonical", MECHANISMS)
def test_authenticate(
    octets: bytes, mechanism: bytes, initial: bytes | None, canonical: bytes
) -> None:
    command = command_of(b"a1 " + octets + b"\r\n")
    assert command == Authenticate(b"a1", mechanism, None if initial is None else Secret(initial))
    if len(octets) < 100:
        check_written(b"a1 " + octets + b"\r\n", canonical, b"AUTH=" + mechanism)


@pytest.mark.parametrize("octets", BAD_MECHANISMS)
def test_bad_authenticate(octets: bytes) -> None:
    check_malformed(b"a1 " + octets + b"\r\n")


@pytest.mark.parametrize("octets", [b"LOGIN joe hunter2", b"AUTHENTICATE PLAIN hunter22"])
def test_no_secret_is_shown(octets: bytes) -> None:
    command = command_of(b"a1 " + octets + b"\r\n")
    assert "hunter" not in repr(command)
    assert shown(command) == octets.rpartition(b" ")[0] + b" ***"
