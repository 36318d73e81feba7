"""Commands that name mailboxes: names, parameters, what they need, what is refused."""

from __future__ import annotations

import pytest

from ...support.command_reading import check_malformed, check_written, command_of

WRITTEN = [
    # octets, canonical form, what it needs
    (b"select inbox", b"SELECT INBOX"),
    (b'SELECT "InBoX"', b"SELECT INBOX"),
    (b"SELECT {5}\r\niNBOx", b"SELECT INBOX"),
    (b"SELECT inbox/sub", b"SELECT inbox/sub"),
    (b"examine Sent", b"EXAMINE Sent"),
    (b'SELECT "Sent Items"', b'SELECT "Sent Items"'),
    (b"SELECT {10+}\r\nSent Items", b'SELECT "Sent Items"'),
    (b"SELECT {10}\r\nSent \"Item", b'SELECT "Sent \\"Item"'),
    (b'SELECT "[Gmail]/All Mail"', b'SELECT "[Gmail]/All Mail"'),
    (b"SELECT foo]", b'SELECT "foo]"'),
    (b"SELECT foo}", b"SELECT foo}"),
    (b"SELECT }", b"SELECT }"),
    (b'SELECT "x{5}"', b'SELECT "x{5}"'),
    (b'SELECT ""', b'SELECT ""'),
    (b"SELECT NIL", b'SELECT "NIL"'),
    (b"SELECT {1200}\r\n" + b"a " * 600, b'SELECT "' + b"a " * 600 + b'"'),
    (b"SELECT x (condstore)", b"SELECT x (CONDSTORE)", b"CONDSTORE"),
    (b"SELECT x (QRESYNC (67890007 20050715194045000))",
     b"SELECT x (QRESYNC (67890007 20050715194045000))", b"QRESYNC"),
    (b"SELECT x (qresync (1 2 41,43:211) CONDSTORE)",
     b"SELECT x (QRESYNC (1 2 41,43:211) CONDSTORE)", b"QRESYNC", b"CONDSTORE"),
    (b"EXAMINE x (QRESYNC (1 2 1:29997 (5000,7500 15000,22500)))",
     b"EXAMINE x (QRESYNC (1 2 1:29997 (5000,7500 15000,22500)))", b"QRESYNC"),
    (b"SELECT x (QRESYNC (1 2 (3 4)))", b"SELECT x (QRESYNC (1 2 (3 4)))", b"QRESYNC"),
    (b"create a/b", b"CREATE a/b"),
    (b"CREATE a (use (\\Drafts \\Sent))", b"CREATE a (USE (\\Drafts \\Sent))",
     b"CREATE-SPECIAL-USE"),
    (b"CREATE a (USE ())", b"CREATE a (USE ())", b"CREATE-SPECIAL-USE"),
    (b"delete a", b"DELETE a"),
    (b'rename a "b c"', b'RENAME a "b c"'),
    (b"RENAME {1}\r\na {3+}\r\nb c", b'RENAME a "b c"'),
    (b"subscribe a", b"SUBSCRIBE a"),
    (b"unsubscribe a", b"UNSUBSCRIBE a"),
    (b"copy 2:4 trash", b"COPY 2:4 trash"),
    (b"uid copy $ inbox", b"UID COPY $ INBOX", b"SEARCHRES"),
    (b"move 2:4 trash", b"MOVE 2:4 trash", b"MOVE"),
    (b"UID MOVE 1 {3}\r\na b", b'UID MOVE 1 "a b"', b"MOVE"),
    (b"uid expunge 1:*", b"UID EXPUNGE 1:*", b"UIDPLUS"),
]
MALFORMED = [
    b"SELECT", b"SELECT ", b"SELECT a b", b"SELECT  a", b"SELECT a ", b"SELECT (a)", b"SELECT a*",
    b"SELECT %", b'SELECT "a"b', b'SELECT a"b"', b"SELECT {3}\r\na\nb",
    b"SELECT a{0+}\r\n",
    b"SELECT {3}\r\na\0b", b"SELECT {2}\r\n\xc3\xa9", b'SELECT "\xc3\xa9"', b"SELECT ~{1+}\r\na",
    b"SELECT x ()", b"SELECT x (FOO)", b"SELECT x (CONDSTORE", b"SELECT x (QRESYNC)",
    b"SELECT x (QRESYNC (0 1))", b"SELECT x (QRESYNC (1))", b"SELECT x (QRESYNC (1 2 *))",
    b"SELECT x (QRESYNC (1 2 $))", b"SELECT x (QRESYNC (1 2 (3)))", b"SELECT x (QRESYNC (1 2 3 4))",
    b"CREATE a (FOO)", b"CREATE a (USE \\Sent)", b"CREATE a (USE (Sent))", b"CREATE a ()",
    b"RENAME a", b"RENAME a b c", b"DELETE a (x)", b"COPY 1", b"COPY a b", b"MOVE 1 a b",
    b"UID EXPUNGE", b"UID EXPUNGE x",
]


@pytest.mark.parametrize("row", WRITTEN)
def test_written(row: tuple[bytes, ...]) -> None:
    octets, canonical, *needs = row
    check_written(b"a1 " + octets + b"\r\n", canonical, *needs)


@pytest.mark.parametrize("octets", MALFORMED)
def test_malformed(octets: bytes) -> None:
    check_malformed(b"a1 " + octets + b"\r\n")


@pytest.mark.parametrize(
    "octets, canonical",
    [
        (b'SELECT "Po\xc5\xa1ta"', b'SELECT "Po\xc5\xa1ta"'),
        (b"SELECT {6}\r\nPo\xc5\xa1ta", b'SELECT "Po\xc5\xa1ta"'),
        (b"SELECT {8+}\r\n\"\\Po\xc5\xa1ta", b'SELECT "\\"\\\\Po\xc5\xa1ta"'),
    ],
)
def test_utf8_where_the_client_enabled_it(octets: bytes, canonical: bytes) -> None:
    check_written(b"a1 " + octets + b"\r\n", canonical, utf8=True)


@pytest.mark.parametrize(
    "octets, mailbox",
    [
        (b"SELECT inbox", b"INBOX"),
        (b'CREATE "a b"', b"a b"),
        (b"RENAME a b", b"a"),
        (b"UID MOVE 1 Trash", b"Trash"),
        (b"EXPUNGE", None),
    ],
)
def test_mailbox(octets: bytes, mailbox: bytes | None) -> None:
    assert command_of(b"a1 " + octets + b"\r\n").mailbox == mailbox
