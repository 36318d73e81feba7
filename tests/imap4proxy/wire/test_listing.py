"""LIST and its relatives, STATUS: canonical form, what they need, what is refused."""

from __future__ import annotations

import pytest

from ...support.command_reading import check_malformed, check_written, command_of

EXTENDED = b"LIST-EXTENDED"

WRITTEN = [
    # octets, canonical form, what it needs
    (b'list "" "*"', b'LIST "" *'),
    (b'LIST "" ""', b'LIST "" ""'),
    (b"LIST ~/Mail/ %", b"LIST ~/Mail/ %"),
    (b'LIST "" "a b/*"', b'LIST "" "a b/*"'),
    (b'LIST "" a]b', b'LIST "" "a]b"'),
    (b'LIST "" nil', b'LIST "" "nil"'),
    (b'LIST "" {3}\r\na%b', b'LIST "" a%b'),
    (b'lsub "" "*"', b'LSUB "" *'),
    (b'xlist "" "*"', b'XLIST "" *', b"XLIST"),
    (b'LIST () "" *', b'LIST () "" *', EXTENDED),
    (b'LIST (subscribed recursivematch) "" *', b'LIST (SUBSCRIBED RECURSIVEMATCH) "" *', EXTENDED),
    (b'LIST (REMOTE) "" (INBOX "Sent Items" a%)', b'LIST (REMOTE) "" (INBOX "Sent Items" a%)',
     EXTENDED),
    (b'LIST "" % return ()', b'LIST "" % RETURN ()', EXTENDED),
    (b'LIST "" % RETURN (children subscribed)', b'LIST "" % RETURN (CHILDREN SUBSCRIBED)',
     EXTENDED),
    (b'LIST (SPECIAL-USE) "" *', b'LIST (SPECIAL-USE) "" *', EXTENDED, b"SPECIAL-USE"),
    (b'LIST "" % RETURN (SPECIAL-USE)', b'LIST "" % RETURN (SPECIAL-USE)', EXTENDED,
     b"SPECIAL-USE"),
    (b'LIST "" % RETURN (status (messages unseen) myrights)',
     b'LIST "" % RETURN (STATUS (MESSAGES UNSEEN) MYRIGHTS)', EXTENDED, b"LIST-STATUS",
     b"LIST-MYRIGHTS"),
    (b"status inbox (messages recent uidnext uidvalidity unseen)",
     b"STATUS INBOX (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN)"),
    (b'STATUS "a b" (HIGHESTMODSEQ)', b'STATUS "a b" (HIGHESTMODSEQ)', b"CONDSTORE"),
    (b"STATUS a (SIZE MAILBOXID)", b"STATUS a (SIZE MAILBOXID)", b"STATUS=SIZE", b"OBJECTID"),
    (b"STATUS a (APPENDLIMIT)", b"STATUS a (APPENDLIMIT)", b"APPENDLIMIT"),
    (b"STATUS a (DELETED)", b"STATUS a (DELETED)", b"IMAP4REV2|QUOTA=RES-MESSAGE"),
    (b"STATUS a (DELETED-STORAGE)", b"STATUS a (DELETED-STORAGE)", b"QUOTA=RES-STORAGE"),
]
MALFORMED = [
    b"LIST", b'LIST ""', b'LIST "" ', b'LIST  "" *', b'LIST "" * ', b'LIST "" * *', b'LIST "" ()',
    b'LIST "" (* ', b'LIST (FOO) "" *', b'LIST (RECURSIVEMATCH) "" *', b'LIST "" "a\xe9"',
    b'LIST (RECURSIVEMATCH REMOTE) "" *', b'LIST "" * RETURN', b'LIST "" * RETURN (FOO)',
    b'LIST "" * RETURN (STATUS)', b'LIST "" * RETURN (STATUS ())', b'LIST "" * FOO (CHILDREN)',
    b'LIST "" {3}\r\na\nb', b'LIST "" {3}\r\na\0b', b'LSUB "" (a b)', b'LSUB (SUBSCRIBED) "" *',
    b'XLIST "" * RETURN ()', b"STATUS INBOX", b"STATUS INBOX ()", b"STATUS INBOX MESSAGES",
    b"STATUS INBOX (FOO)", b"STATUS INBOX (MESSAGES) x", b"STATUS (MESSAGES)",
]


@pytest.mark.parametrize("row", WRITTEN)
def test_written(row: tuple[bytes, ...]) -> None:
    octets, canonical, *needs = row
    check_written(b"a1 " + octets + b"\r\n", canonical, *needs)


@pytest.mark.parametrize("octets", MALFORMED)
def test_malformed(octets: bytes) -> None:
    check_malformed(b"a1 " + octets + b"\r\n")


@pytest.mark.parametrize(
    "octets, mailbox",
    [(b'LIST "a" *', None), (b'LSUB "a" *', None), (b"STATUS inbox (UNSEEN)", b"INBOX")],
)
def test_a_reference_is_no_mailbox(octets: bytes, mailbox: bytes | None) -> None:
    assert command_of(b"a1 " + octets + b"\r\n").mailbox == mailbox
