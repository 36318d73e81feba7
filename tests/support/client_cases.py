r"""client_cases - octets of a client that break other proxies, and what ours does with them.

Each case belongs to a class of such octets.  `sent` is what a client sends (who
has logged in and selected a mailbox, but for `logged_in=False`); `answers` are
the tagged responses, continuation requests and BYEs that it gets for that, each
by its beginning; `reached` are the commands that the server gets to see, each by
its beginning behind the tag.  Where the session does not end (`ends`), the next
command works.

The server answers OK to everything, and offers LITERAL+, SASL-IR, ID and IDLE.
Whatever way the octets are cut, nothing is different; `slow` cases have too many
for every way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Tuple

Octets = Tuple[bytes, ...]

LOGIN = b"LOGIN alice secret"
PLAIN = b"AGFsaWNlAHNlY3JldA=="  # the same user and password


@dataclass(frozen=True)
class Case:
    """See the file's head."""

    kind: str
    name: str
    sent: bytes
    answers: Octets
    reached: Octets = ()
    logged_in: bool = True
    ends: bool = False
    slow: bool = False

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


def before(
    kind: str, name: str, sent: bytes, answers: Octets, reached: Octets = (), **more: bool
) -> Case:
    """A case of a client who has not logged in."""
    return Case(kind, name, sent, answers, reached, logged_in=False, **more)


PIPELINING = (
    before(
        "ID with literals, then LOGIN",
        "one literal",
        b'A1 ID ("name" {23+}\r\ncom.apple.email.maild 1 "version" "16.0.0")\r\n'
        b"A2 " + LOGIN + b"\r\n",
        (b"A1 OK", b"A2 OK"),
        (b'ID ("name"', LOGIN, b"CAPABILITY"),
    ),
    before(
        "ID with literals, then LOGIN",
        "all of it",
        b"A1 ID ({4+}\r\nname {1+}\r\nx)\r\n"
        b"A2 LOGIN {5+}\r\nalice {6+}\r\nsecret\r\nA3 NOOP\r\n",
        (b"A1 OK", b"A2 OK", b"A3 OK"),
        (b'ID ("name" "x")', LOGIN, b"CAPABILITY", b"NOOP"),
    ),
    before(
        "everything pipelined",
        "LOGIN, SELECT, FETCH, LOGOUT",
        b"a " + LOGIN + b"\r\nb SELECT INBOX\r\nc FETCH 1:* FLAGS\r\nd LOGOUT\r\n",
        (b"a OK", b"b OK", b"c OK", b"* BYE", b"d OK"),
        (LOGIN, b"CAPABILITY", b"SELECT INBOX", b"FETCH 1:* (FLAGS)", b"LOGOUT"),
        ends=True,
    ),
    before(
        "everything pipelined",
        "AUTHENTICATE, its answer, CAPABILITY",
        b"a AUTHENTICATE PLAIN\r\n" + PLAIN + b"\r\nb CAPABILITY\r\n",
        (b"+ ", b"a OK", b"b OK"),
        (b"AUTHENTICATE PLAIN", b"CAPABILITY", b"CAPABILITY"),
    ),
    before(
        "everything pipelined",
        "AUTHENTICATE with its answer, NOOP",
        b"a AUTHENTICATE PLAIN " + PLAIN + b"\r\nb NOOP\r\n",
        (b"a OK", b"b OK"),
        (b"AUTHENTICATE PLAIN " + PLAIN, b"CAPABILITY", b"NOOP"),
    ),
    Case(
        "everything pipelined",
        "IDLE, DONE, NOOP",
        b"a IDLE\r\nDONE\r\nd NOOP\r\n",
        (b"+ ", b"a OK", b"d OK"),
        (b"IDLE", b"NOOP"),
    ),
    Case(
        "everything pipelined",
        "twenty commands",
        b"".join(b"t%d NOOP\r\n" % number for number in range(20)),
        tuple(b"t%d OK" % number for number in range(20)),
        (b"NOOP",) * 20,
    ),
    Case(
        "everything pipelined",
        "APPEND and more",
        b"a APPEND INBOX {14+}\r\nFrom: a\r\n\r\nabc\r\nb NOOP\r\n",
        (b"a OK", b"b OK"),
        (b"APPEND INBOX {14+}\r\nFrom: a\r\n\r\nabc", b"NOOP"),
    ),
)

HUGE = (
    b"2000000000", b"4294967296", b"4294967298", b"18446744073709551616", b"99999999999999999999"
)  # fmt: skip


def huge_literals() -> Iterator[Case]:
    """Refused without allocation and without `+`."""
    kind = "huge literals"
    for size in HUGE:
        for command in (b"CREATE ", b"SEARCH TEXT ", b"NOOP "):
            header = command + b"{" + size
            name = header.decode()
            yield Case(kind, name + "}", b"a " + header + b"}\r\n", (b"a BAD",))
            yield Case(
                kind,
                name + "+}",
                b"a " + header + b"+}\r\nb NOOP\r\n",
                (b"a BAD", b"* BYE"),
                ends=True,
            )
        yield before(
            kind, f"LOGIN {size.decode()}", b"a LOGIN {" + size + b"}\r\n", (b"a BAD",)
        )
    for header in (b"LOGIN {", b"ID ({", b"AUTHENTICATE {"):
        sent = b"a " + header + b"2000000000+}\r\nb NOOP\r\n"
        yield before(kind, f"{header.decode()}2000000000+}}", sent, (b"a BAD", b"* BYE"), ends=True)
    sent = b"a APPEND INBOX {99999999999999999999"
    yield Case(kind, "APPEND {99999999999999999999}", sent + b"}\r\n", (b"a BAD",))
    yield Case(
        kind,
        "APPEND {99999999999999999999+}",
        sent + b"+}\r\nb NOOP\r\n",
        (b"a BAD", b"* BYE"),
        ends=True,
    )


MALFORMED = (b"{-1}", b"{ 2}", b"{0x10}", b"{}", b"{2-}", b"{2", b"~{2}", b"{{2}")
MALFORMED_PLUS = (b"{+2}", b"{2++}", b"{+}", b"{2+", b"{2 +}", b"{-2+}", b"{2+}}")


def malformed_literals() -> Iterator[Case]:
    """BAD; and where octets may be on their way, the session ends: they never run as a command."""
    kind = "malformed literals"
    for header in MALFORMED:
        sent = b"a CREATE " + header + b"\r\n"
        yield Case(kind, header.decode(), sent, (b"a BAD",))
    for header in MALFORMED_PLUS:
        sent = b"a CREATE " + header + b"\r\nxy\r\nb DELETE x\r\n"
        yield Case(kind, header.decode(), sent, (b"a BAD", b"* BYE"), ends=True)
    yield Case(
        kind,
        "~{2+} where it is not allowed",
        b"a CREATE ~{2+}\r\nb \r\nc NOOP\r\n",
        (b"a BAD", b"c OK"),
        (b"NOOP",),
    )
    yield Case(kind, "APPEND {-1}", b"a APPEND INBOX {-1}\r\n", (b"a BAD",))
    sent = b"a APPEND INBOX {2++}\r\nxy\r\nb DELETE x\r\n"
    yield Case(kind, "APPEND {2++}", sent, (b"a BAD", b"* BYE"), ends=True)
    yield Case(
        kind, "LF only behind }", b"a CREATE {2}\nb NOOP\r\n", (b"a BAD", b"b OK"), (b"NOOP",)
    )
    yield Case(
        kind, "LF only behind +}", b"a CREATE {2+}\nb NOOP\r\n", (b"a BAD", b"* BYE"), ends=True
    )


WITHOUT_BINARY = (
    Case(
        "malformed literals",
        "APPEND ~{8+} to a server without BINARY",
        b"a APPEND INBOX ~{8+}\r\nb NOOP\r\n\r\nc NOOP\r\n",
        (b"a NO", b"c OK"),
        (b"NOOP",),
    ),
)

SUMS = (
    Case(
        "sum of literals",
        "10,000 of one octet",
        b"a SEARCH" + b" TEXT {1+}\r\nx" * 10000 + b"\r\nb NOOP\r\n",
        (b"a BAD", b"b OK"),
        (b"NOOP",),
        slow=True,
    ),
    Case(
        "sum of literals",
        "ten of 60 KiB",
        b"a SEARCH" + (b" TEXT {61440+}\r\n" + b"x" * 61440) * 10 + b"\r\nb NOOP\r\n",
        (b"a BAD", b"b OK"),
        (b"NOOP",),
        slow=True,
    ),
)

_BAD = (b"a BAD", b"b OK")
_NOOP = (b"NOOP",)
_FATAL = (b"a BAD", b"* BYE")
_RANGES = b",".join(b"%d:%d" % (at, at + 1) for at in range(1, 30000, 3))


def _deep(name: str, command: bytes, logged_in: bool = True, slow: bool = True) -> Case:
    kind = "nesting and number"
    sent = b"a " + command + b"\r\nb NOOP\r\n"
    return Case(kind, name, sent, _BAD, _NOOP, logged_in=logged_in, slow=slow)


NESTING = (
    _deep("NOOP ((((", b"NOOP " + b"(" * 5000),
    _deep("20,000 ( in ID", b"ID " + b"(" * 20000),
    _deep("( in ID, before login", b"ID " + b"(" * 8000, logged_in=False),
    _deep("SEARCH with 10,000 NOT", b"SEARCH" + b" NOT" * 10000 + b" ALL"),
    _deep("SEARCH with 10,000 (", b"SEARCH " + b"(" * 10000 + b"ALL" + b")" * 10000),
    _deep("1,000 levels of body section", b"FETCH 1 BODY[" + b".".join([b"1"] * 1000) + b"]"),
    _deep("sequence set of 10,000 ranges", b"FETCH " + _RANGES + b" FLAGS"),
    _deep("partial <0.0>", b"FETCH 1 BODY[]<0.0>", slow=False),
    _deep("partial without a length", b"FETCH 1 BODY[]<1>", slow=False),
    _deep("a section with two ends", b"FETCH 1 BODY[HEADER.FIELDS (x] y)]", slow=False),
    _deep("part 0", b"FETCH 1 BODY[0]", slow=False),
    _deep("part 1.0", b"FETCH 1 BODY[1.0]", slow=False),
    _deep("number over 32 bits", b"FETCH 4294967296 FLAGS", slow=False),
    _deep("a mail with number 0", b"FETCH 0 FLAGS", slow=False),
    _deep("partial <4294967295.4294967295>", b"FETCH 1 BODY[]<4294967295.4294967295>", slow=False),
)

LINES = (
    Case("lines", "200 KB without CRLF", b"a NOOP " + b"x" * 200000, (b"a BAD",), slow=True),
    before("lines", "9 KB before login", b"a NOOP " + b"x" * 9000, (b"a BAD",), slow=True),
    Case("lines", "bare LF", b"a NOOP\nb NOOP\r\n", _BAD, _NOOP),
    Case("lines", "bare LF, twice", b"a NOOP\n\nb NOOP\r\n", (b"a BAD", b"* BAD", b"b OK"), _NOOP),
    Case("lines", "bare CR", b"a NOOP\rb NOOP\r\nb NOOP\r\n", _BAD, _NOOP),
    Case("lines", "CR CR LF", b"a NOOP\r\r\nb NOOP\r\n", _BAD, _NOOP),
    Case("lines", "NUL", b"a NOOP\0\r\nb NOOP\r\n", _BAD, _NOOP),
    Case("lines", "NUL in a name", b"a CREATE x\0y\r\nb NOOP\r\n", _BAD, _NOOP),
    Case("lines", "blank at the end", b"a NOOP \r\nb NOOP\r\n", _BAD, _NOOP),
    Case("lines", "two blanks", b"a  NOOP\r\nb NOOP\r\n", _BAD, _NOOP),
    Case("lines", "blank at the beginning", b" a NOOP\r\nb NOOP\r\n", (b"* BAD", b"b OK"), _NOOP),
    Case("lines", "TAB for a blank", b"a\tNOOP\r\nb NOOP\r\n", (b"* BAD", b"b OK"), _NOOP),
    Case("lines", "a tag of a megabyte", b"x" * 1000000 + b"\r\nb NOOP\r\n",
         (b"* BAD", b"b OK"), _NOOP, slow=True),
    Case("lines", "empty lines", b"\r\n\r\nb NOOP\r\n", (b"* BAD", b"* BAD", b"b OK"), _NOOP),
    Case("lines", "ten empty lines", b"\r\n" * 12, (b"* BAD",) * 10 + (b"* BYE",), ends=True),
    Case("lines", "a tag alone", b"a\r\nb NOOP\r\n", _BAD, _NOOP),
    Case("lines", "an unknown command", b"a XYZZY\r\nb NOOP\r\n", _BAD, _NOOP),
    Case("lines", "8-bit", b"a CREATE \xfc\r\nb NOOP\r\n", _BAD, _NOOP),
    Case("lines", "HTTP", b"GET / HTTP/1.1\r\nHost: x\r\n\r\nb NOOP\r\n",
         (b"GET BAD", b"Host: BAD", b"* BAD", b"b OK"), _NOOP),
)  # fmt: skip

QUOTED = tuple(
    Case("quoted strings", name, b"a " + command + b"\r\nb NOOP\r\n", _BAD, _NOOP)
    for name, command in (
        ("NUL", b'CREATE "x\0y"'),
        ("a backslash before a letter", b'CREATE "x\\q"'),
        ("8-bit", b'CREATE "\xfc"'),
        ("two of them", b'CREATE "x""y"'),
        ("bare CR", b'CREATE "x\ry"'),
        ("quotes within an atom", b'CREATE x""y'),
    )
) + tuple(
    Case("quoted strings", name, b"a " + command + b"\r\nb DELETE x\r\n", _FATAL, ends=True)
    for name, command in (
        ("no closing quote", b'CREATE "x'),
        ("CRLF inside", b'CREATE "x\r\nb DELETE y"'),
        ("CRLF inside, before a header", b'CREATE "x\r\nb DELETE y {1+}"'),
        ("CRLF behind a backslash", b'CREATE "x\\\r\n"'),
        ("the closing one escaped", b'CREATE "x\\"'),
        ("a quote within an atom", b'CREATE x"y'),
    )
) + (
    Case("quoted strings", "escaped", b'a CREATE "x\\"\\\\y"\r\nb NOOP\r\n',
         (b"a OK", b"b OK"), (b'CREATE "x\\"\\\\y"', b"NOOP")),
    Case("quoted strings", "empty", b'a LIST "" ""\r\n', (b"a OK",), (b'LIST "" ""',)),
)  # fmt: skip

TAGS = tuple(
    Case("tags", repr(tag), tag.encode() + b" NOOP\r\nb NOOP\r\n", (b"* BAD", b"b OK"), _NOOP)
    for tag in ("+", "*", "a(", "%", "", "a{", "a\\", "\xfc", "x" * 257, "a+b")
) + (
    Case("tags", "]", b"] NOOP\r\n", (b"] OK",), _NOOP),
    Case("tags", "of 256 octets", b"x" * 256 + b" NOOP\r\n", (b"x" * 256 + b" OK",), _NOOP),
    Case("tags", "one that the proxy could use", b"p1 NOOP\r\np2 NOOP\r\n",
         (b"p1 OK", b"p2 OK"), _NOOP * 2),
    Case("tags", "like a continuation request", b"+ a NOOP\r\n* NOOP\r\nb NOOP\r\n",
         (b"* BAD", b"* BAD", b"b OK"), _NOOP),
)  # fmt: skip

LOOKALIKES = (
    Case("literals that look like IMAP", "a command in a literal",
         b"a SEARCH TEXT {11+}\r\nx\r\nb NOOP\r\n\r\nc NOOP\r\n",
         (b"a OK", b"c OK"), (b"SEARCH TEXT {11+}\r\nx\r\nb NOOP\r\n", b"NOOP")),
    Case("literals that look like IMAP", "a header in a quoted string",
         b'a SEARCH TEXT "x {5+}"\r\nb NOOP\r\n',
         (b"a OK", b"b OK"), (b'SEARCH TEXT "x {5+}"', b"NOOP")),
    Case("literals that look like IMAP", "a quoted string that ends in a header",
         b'a SEARCH TEXT "x{5+}\r\nb NOO\r\nc NOOP\r\n', (b"a BAD", b"c OK"), _NOOP),
    Case("literals that look like IMAP", "a command without arguments",
         b"a NOOP {5}\r\nb NOOP\r\n", _BAD, _NOOP),
    Case("literals that look like IMAP", "... with one that is on its way",
         b"a NOOP {8+}\r\nb NOOP\r\n\r\nc NOOP\r\n", (b"a BAD", b"c OK"), _NOOP),
    Case("literals that look like IMAP", "a literal of no octets",
         b'a SEARCH TEXT {0+}\r\n\r\nb NOOP\r\n', (b"a OK", b"b OK"), (b'SEARCH TEXT ""', b"NOOP")),
    Case("literals that look like IMAP", "a command behind a mail, in its line",
         b"a APPEND INBOX {3+}\r\nabcb NOOP\r\n", _FATAL, ends=True),
    Case("literals that look like IMAP", "an unknown command with one",
         b"a XYZZY {8+}\r\nb NOOP\r\n\r\nc NOOP\r\n", (b"a BAD", b"c OK"), _NOOP),
)  # fmt: skip

CASES = (
    *PIPELINING,
    *huge_literals(),
    *malformed_literals(),
    *WITHOUT_BINARY,
    *SUMS,
    *NESTING,
    *LINES,
    *QUOTED,
    *TAGS,
    *LOOKALIKES,
)
