"""Every kind of data: valid and invalid responses, in every cut, by both ways of checking."""

import pytest

from imap4proxy.wire.kinds import kinds
from tests.support.cuts import every_cut
from tests.support.reading import Failed, Response, read

VALID = [
    b"172 EXISTS", b"0 EXISTS", b"4294967295 EXISTS", b"0 RECENT", b"44 EXPUNGE", b"3 exists",
    b"FLAGS ()", b"FLAGS (\\Answered \\Seen $Junk)",
    b'LIST () "/" INBOX', b'LIST (\\Noselect \\X-new) "\\\\" "a b"', b"LIST () NIL a",
    b'LIST () "." {3}\r\na b', b'list () "/" a', b'LIST (\\Noselect) "/" ""',
    b'LIST () "/" Fruit ("CHILDINFO" ("SUBSCRIBED" "REMOTE"))',
    b'LIST () "/" new ("OLDNAME" ({3}\r\nold))',
    b'LSUB () "/" a', b'XLIST (\\HasNoChildren \\Inbox) "/" "Inbox"',
    b"SEARCH", b"SEARCH 2 3 4294967295", b"SEARCH 2 5 (MODSEQ 917162500)",
    b"SORT", b"SORT 5 3 4 1 2", b"SORT 1 (MODSEQ 5)",
    b"ESEARCH", b"ESEARCH UID", b'ESEARCH (TAG "k5") UID ALL 4:18,21,28', b"ESEARCH (TAG k5)",
    b'ESEARCH (TAG "k5") MIN 2 MAX 9 COUNT 5 MODSEQ 17', b"ESEARCH UID COUNT 0",
    b'ESEARCH (TAG "k5") UID PARTIAL (-1:-100 23764:23900)', b"ESEARCH X-NEW {1}\r\na",
    b"ESEARCH ALL 5",
    b"STATUS INBOX ()", b"STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)",
    b'STATUS "a b" (SIZE 9223372036854775807 DELETED 1 DELETED-STORAGE 0 HIGHESTMODSEQ 7)',
    b"STATUS {1}\r\na (APPENDLIMIT NIL MAILBOXID (F2212ea87-6097-4256-9d51-71338625))",
    b"STATUS a (APPENDLIMIT 35000 X-NEW (a {1}\r\nb) messages 5)",
    b"THREAD", b"THREAD (2)(3 6 (4 23)(44 7 96))", b"THREAD ((3)(5))", b"THREAD (1)",
    b"VANISHED 405,407,410:420", b"VANISHED (EARLIER) 41", b"vanished (earlier) 1:5",
    b'NAMESPACE (("" "/")) NIL NIL', b'NAMESPACE NIL NIL (("" "."))', b"NAMESPACE NIL NIL NIL",
    b'NAMESPACE (("" "/")("#mh/" "/" "X-PARAM" ("a" "b"))) (("~" NIL)) (({2}\r\n#n "\\""))',
    b"ACL INBOX", b'ACL INBOX Fred rwipslxcetda "John Q" {2}\r\nlr', b"ACL a -x \"\"",
    b"LISTRIGHTS ~/Mail smith la r swicdkxte", b'LISTRIGHTS a b ""',
    b"MYRIGHTS INBOX rwiptsldaex", b'MYRIGHTS "a b" {2}\r\nlr',
    b'QUOTA "" (STORAGE 10 512)', b"QUOTA #user ()", b"QUOTA a (STORAGE 1 2 MESSAGE 3 4)",
    b'QUOTAROOT INBOX ""', b"QUOTAROOT {3}\r\na b", b"QUOTAROOT a b c",
    b"ID NIL", b"ID ()", b'ID ("name" "Cyrus" "version" NIL)', b'ID ("name" {1}\r\na)',
    b"ENABLED", b"ENABLED CONDSTORE UTF8=ACCEPT",
    b'METADATA INBOX (/shared/comment "x")', b"METADATA \"\" (/a NIL /b ~{2}\r\na\x00)",
    b"METADATA a /shared/comment /private/comment", b'METADATA a ({2}\r\n/a {1}\r\nb)',
    b"LANGUAGE (EN)", b'LANGUAGE ("EN" "CZ")',
]  # fmt: skip

UNKNOWN = [
    b"X-NEW", b"X-NEW a (b {1}\r\nc) \"d\" 5", b"12 X-NEW (a)", b"CONVERTED (TAG \"a\") a",
    b"URLFETCH \"imap://x\" NIL", b"0 UIDFETCH (FLAGS ())", b"UNKNOWN",
]  # fmt: skip

INVALID = [
    b"", b" ", b"5", b"5 ", b"1 ", b"12345678901 EXISTS", b"4294967296 EXISTS", b"EXISTS",
    b"EXPUNGE", b"0 EXPUNGE", b"05 EXPUNGE", b"-1 EXISTS", b"5 EXISTS 6", b"5  EXISTS", b"5EXISTS",
    b" EXISTS", b"(a)", b'"a"', b"{1}\r\na", b"\xe9", b"a" * 66 + b" x", b"5 FLAGS ()",
    b"FLAGS", b"FLAGS \\Seen", b"FLAGS (\\Seen", b"FLAGS (\\Seen) ()",
    b"LIST", b'LIST () "/"', b'LIST () "/" a b', b'LIST "/" a', b'LIST () / a', b'LIST () "//" a',
    b'LIST () "" a', b'LIST () "/" a ()()', b'LIST () "/" %', b'LIST () "/" a*', b'LIST ()"/" a',
    b'LIST () "/" (a)', b'LIST () {1}\r\n/ a', b'LIST () "\xe9" a', b'LIST () "/" a\xe9',
    b'5 LIST () "/" a',
    b"SEARCH 0", b"SEARCH a", b"SEARCH 1,2", b"SEARCH 1:2", b"SEARCH 1  2", b"SEARCH (MODSEQ)",
    b"SEARCH (MODSEQ 1) 2", b"SEARCH 4294967296", b"SEARCH -1", b"SEARCH\t1", b"SORT x",
    b"ESEARCH (TAG)", b"ESEARCH (TAG a b)", b"ESEARCH ALL", b"ESEARCH ALL a", b"ESEARCH ALL 1,",
    b"ESEARCH ALL 1:*", b"ESEARCH MIN 0", b"ESEARCH COUNT (1)", b"ESEARCH UID UID 1",
    b"ESEARCH UID (TAG a)", b"ESEARCH 5 5", b"ESEARCH MIN", b"ESEARCH COUNT 5 x",
    b"STATUS", b"STATUS a", b"STATUS a (MESSAGES)", b"STATUS a (MESSAGES x)", b"STATUS a b ()",
    b"STATUS a (MESSAGES 1  UNSEEN 2)", b"STATUS a (MESSAGES 4294967296)", b"STATUS a ( )",
    b"STATUS a (MESSAGES NIL)", b"STATUS a (1 2)", b"STATUS (a) ()", b"STATUS a (MESSAGES 1 )",
    b"THREAD ()", b"THREAD 1", b"THREAD (a)", b"THREAD (1) (2)", b"THREAD (1", b"THREAD (1))",
    b"VANISHED", b"VANISHED 0", b"VANISHED *", b"VANISHED 1:", b"VANISHED (EARLIER)",
    b"VANISHED (LATER) 1", b"VANISHED 1 2", b"VANISHED 1,,2", b"VANISHED (EARLIER)1",
    b"NAMESPACE", b"NAMESPACE NIL NIL", b"NAMESPACE NIL NIL NIL NIL", b'NAMESPACE ("" "/") NIL NIL',
    b"NAMESPACE () NIL NIL", b'NAMESPACE ((a "/")) NIL NIL', b'NAMESPACE (("" "//")) NIL NIL',
    b'NAMESPACE (("" "/") ("" "/")) NIL NIL', b'NAMESPACE (("" "/" "X" ())) NIL NIL',
    b"ACL", b"ACL a b", b"ACL a b c d", b"LISTRIGHTS a", b"LISTRIGHTS a b", b"MYRIGHTS a",
    b"MYRIGHTS a b c", b"QUOTA a", b"QUOTA a (STORAGE)", b"QUOTA a (STORAGE 1)", b"QUOTA ()",
    b"QUOTA a (STORAGE 1 2", b"QUOTA a (STORAGE x 2)", b"QUOTAROOT", b"QUOTAROOT (a)",
    b"ID", b"ID a", b'ID ("a")', b'ID ("a" "b" "c")', b'ID ("a" b)', b'ID (NIL "a")', b"ID (",
    b"ENABLED (a)", b'ENABLED "a"', b"ENABLED a\\b", b"METADATA", b"METADATA a", b"METADATA a ()",
    b"METADATA a (/b)", b"METADATA a (/b c)", b"METADATA a /b (c)", b"LANGUAGE", b"LANGUAGE EN",
    b"LANGUAGE ()", b"X-NEW (", b"X-NEW )", b'X-NEW "', b"X-NEW {", b"X-NEW a{1}\r\nb",
    b"X-NEW {1+}\r\na", b"X-NEW a  b", b"X-NEW a\x00", b"X-NEW a\rb", b"X-NEW a\nb", b"X-NEW\ta",
]  # fmt: skip


def check(response, expected):
    for limits in ({}, {"whole_line": 1}):
        for parts in every_cut(response):
            assert read(parts, **limits) == expected, parts


def kind_of(line):
    words = line.upper().split()
    return words[words[0].isdigit()].decode()


@pytest.mark.parametrize("line", VALID)
def test_valid(line):
    response = b"* " + line + b"\r\n"
    check(response, [Response(kind_of(line), response)])


@pytest.mark.parametrize("line", UNKNOWN)
def test_unknown(line):
    response = b"* " + line + b"\r\n"
    check(response, [Response("UNKNOWN", response)])


@pytest.mark.parametrize("line", INVALID)
def test_invalid(line):
    check(b"* " + line + b"\r\n", [Failed])


@pytest.mark.parametrize("line", [line for line in VALID if b"{" not in line])
def test_the_expression_takes_what_is_plain(line):
    kind = kinds(False)[kind_of(line).encode()]
    at = line.upper().index(kind.name.encode()) + len(kind.name)
    assert kind.match(line + b"\r\n", at) is not None


@pytest.mark.parametrize("line", [line for line in INVALID if line[:1].isalpha()])
def test_the_expression_takes_nothing_else(line):
    kind = kinds(False).get(line.split()[0].upper())
    if kind is not None and not kind.numbered:
        assert kind.match(line + b"\r\n", len(kind.name)) is None


def test_every_kind_has_cases():
    data = {name.decode() for name, kind in kinds(False).items() if kind is not None}
    assert data - {"FETCH", "UNKNOWN"} == set(map(kind_of, VALID))


NUMBERS = [("EXISTS", b"0", 0), ("EXISTS", b"007", 7), ("FETCH", b"7", 7), ("UNKNOWN", b"0", 0),
           ("UNKNOWN", None, None), ("LIST", None, None)]  # fmt: skip


@pytest.mark.parametrize("name, digits, number", NUMBERS)
def test_number(name, digits, number):
    assert kinds(False)[name.encode()].number(digits) == number
