"""SEARCH, SORT and THREAD: canonical form, what they need, what is refused."""

from __future__ import annotations

import pytest

from imap4proxy.wire.limits import Limits

from ...support.command_reading import check_malformed, check_written

NESTING = Limits().nesting

WRITTEN = [
    # arguments, canonical form, what they need
    (b"SEARCH all", b"SEARCH ALL"),
    (b"search charset utf-8 text {5}\r\nhello", b"SEARCH CHARSET utf-8 TEXT hello"),
    (b'SEARCH CHARSET "UTF-8" ALL', b"SEARCH CHARSET UTF-8 ALL"),
    (b"UID SEARCH UNDELETED SINCE 1-feb-2024", b"UID SEARCH UNDELETED SINCE 1-Feb-2024"),
    (b'SEARCH ON "01-FEB-1994"', b"SEARCH ON 1-Feb-1994"),
    (b"SEARCH HEADER message-id <a@b> seen", b"SEARCH HEADER message-id <a@b> SEEN"),
    (b'SEARCH SUBJECT "a \\"b\\" c"', b'SEARCH SUBJECT "a \\"b\\" c"'),
    (b"SEARCH SUBJECT {6+}\r\na\r\nb\xc3\xa9", b"SEARCH SUBJECT {6+}\r\na\r\nb\xc3\xa9"),
    (b"SEARCH FROM nil", b'SEARCH FROM "nil"'),
    (b'SEARCH BODY ""', b'SEARCH BODY ""'),
    (b"SEARCH NOT NOT or from a not (to b cc c)", b"SEARCH NOT NOT OR FROM a NOT (TO b CC c)"),
    (b"SEARCH (((seen)) (new old))", b"SEARCH (((SEEN)) (NEW OLD))"),
    (b"SEARCH OR OR 1 2 3 4", b"SEARCH OR OR 1 2 3 4"),
    (b"SEARCH 1:*,5,*:7 uid 3:4", b"SEARCH 1:*,5,*:7 UID 3:4"),
    (b"SEARCH 4294967295", b"SEARCH 4294967295"),
    (b"SEARCH larger 0010 smaller 9223372036854775807",
     b"SEARCH LARGER 10 SMALLER 9223372036854775807", b"IMAP4REV2"),
    (b"SEARCH SMALLER 4294967295", b"SEARCH SMALLER 4294967295"),
    (b"SEARCH keyword $Junk unkeyword x", b"SEARCH KEYWORD $Junk UNKEYWORD x"),
    (b"SEARCH return (min MAX) all", b"SEARCH RETURN (MIN MAX) ALL", b"ESEARCH"),
    (b"SEARCH RETURN () ALL", b"SEARCH RETURN () ALL", b"ESEARCH"),
    (b"SEARCH RETURN (SAVE) ALL", b"SEARCH RETURN (SAVE) ALL", b"ESEARCH", b"SEARCHRES"),
    (b"SEARCH RETURN (COUNT) CHARSET UTF-8 ALL", b"SEARCH RETURN (COUNT) CHARSET UTF-8 ALL",
     b"ESEARCH"),
    (b"UID SEARCH UID $", b"UID SEARCH UID $", b"SEARCHRES"),
    (b"SEARCH $ NOT $", b"SEARCH $ NOT $", b"SEARCHRES"),
    (b"SEARCH OLDER 5 YOUNGER 7", b"SEARCH OLDER 5 YOUNGER 7", b"WITHIN"),
    (b"SEARCH modseq 620162338", b"SEARCH MODSEQ 620162338", b"CONDSTORE"),
    (b'SEARCH MODSEQ "/flags/\\\\draft" ALL 620162338',
     b'SEARCH MODSEQ "/flags/\\\\draft" all 620162338', b"CONDSTORE"),
    (b"SEARCH SAVEDSINCE 28-Dec-2014 SAVEDATESUPPORTED",
     b"SEARCH SAVEDSINCE 28-Dec-2014 SAVEDATESUPPORTED", b"SAVEDATE"),
    (b"SEARCH EMAILID M6d99ac3275bb4e", b"SEARCH EMAILID M6d99ac3275bb4e", b"OBJECTID"),
    (b'SEARCH X-GM-RAW "has:attachment" X-GM-MSGID 1278455344230334865',
     b"SEARCH X-GM-RAW has:attachment X-GM-MSGID 1278455344230334865", b"X-GM-EXT-1"),
    (b"SEARCH " + b"NOT " * NESTING + b"SEEN", b"SEARCH " + b"NOT " * NESTING + b"SEEN"),
    (b"sort (reverse date subject) utf-8 all", b"SORT (REVERSE DATE SUBJECT) utf-8 ALL", b"SORT"),
    (b"UID SORT (ARRIVAL) US-ASCII ALL", b"UID SORT (ARRIVAL) US-ASCII ALL", b"SORT"),
    (b"thread references utf-8 seen", b"THREAD REFERENCES utf-8 SEEN", b"THREAD=REFERENCES"),
    (b"UID THREAD ORDEREDSUBJECT UTF-8 1:*", b"UID THREAD ORDEREDSUBJECT UTF-8 1:*",
     b"THREAD=ORDEREDSUBJECT"),
]

MALFORMED = [
    b"SEARCH", b"SEARCH ", b"SEARCH FOO", b"SEARCH ALL ", b"SEARCH  ALL", b"SEARCH ALL  SEEN",
    b"SEARCH ()", b"SEARCH (ALL", b"SEARCH ALL)", b"SEARCH (ALL ))", b"SEARCH ( ALL)",
    b"SEARCH NOT", b"SEARCH OR ALL", b"SEARCH OR ALL ", b"SEARCH (OR ALL)", b"SEARCH (NOT)",
    b"SEARCH 0", b"SEARCH 01", b"SEARCH 1:", b"SEARCH 1,,2", b"SEARCH 4294967296", b"SEARCH 1:2:3",
    b"SEARCH 12345678901", b"SEARCH $,1", b"SEARCH SUBJECT", b'SEARCH SUBJECT "x\\q"',
    b'SEARCH SUBJECT "x\xe9"', b'SEARCH SUBJECT "x"y',
    b"SEARCH SUBJECT x\xe9",
    b"SEARCH ON 32-Feb-2024", b"SEARCH ON 0-Feb-2024", b"SEARCH ON 1-Foo-2024",
    b"SEARCH ON 1-Feb-24",
    b"SEARCH OLDER 0", b"SEARCH MODSEQ 9223372036854775808",
    b'SEARCH MODSEQ "/other/x" all 1', b'SEARCH MODSEQ "/flags/x" some 1', b"SEARCH CHARSET UTF-8",
    b"SEARCH RETURN ALL ALL", b"SEARCH RETURN (FOO) ALL", b"SEARCH RETURN (MIN MAX)",
    b"SEARCH CHARSET UTF-8 RETURN (MIN) ALL", b"SEARCH LARGER -1", b"SEARCH SUBJECT {3}\r\na\0b",
    b"SEARCH " + b"NOT " * (NESTING + 1) + b"SEEN", b"SEARCH " + b"(" * 200,
    b"SEARCH " + b"OR " * 200,
    b"SORT () UTF-8 ALL", b"SORT (FOO) UTF-8 ALL", b"SORT (REVERSE) UTF-8 ALL",
    b"SORT (DATE) UTF-8",
    b"SORT RETURN (MIN) (DATE) UTF-8 ALL", b"THREAD REFERENCES ALL", b"THREAD",
]


@pytest.mark.parametrize("row", WRITTEN)
def test_written(row: tuple[bytes, ...]) -> None:
    octets, canonical, *needs = row
    check_written(b"a1 " + octets + b"\r\n", canonical, *needs)


@pytest.mark.parametrize("octets", MALFORMED)
def test_malformed(octets: bytes) -> None:
    check_malformed(b"a1 " + octets + b"\r\n")
