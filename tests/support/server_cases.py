r"""server_cases - octets of a server that break other proxies, and what ours does with them.

`talk` are turns: what the client sends, and what the server answers to that (the
proxy's tags are p1, p2, ...); the first is the greeting.  `gets` is what the client
gets all in all.  Where the session does not end (`ends`), the next command works.
`starttls`: the policy wants STARTTLS towards the server.  Where mails are scanned the
client gets the same, but for what is `unasked` content, which is dropped; `streaming` cases
are only of sessions whose mails are not scanned.  `without_progress` is what it gets apart
from the capability that scanning adds.

Whatever way the server's octets are cut, nothing is different, but where they
have to come `whole`: then the attack is that they come in one segment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator, Tuple

Talk = Tuple[Tuple[bytes, bytes], ...]

BROKEN = b"* BYE The mail server broke the protocol\r\n"
CLOSED = b"* BYE The mail server closed the connection\r\n"
NO_TLS = b"* BYE No secure connection to the mail server\r\n"
READY = b"* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n"
ENABLE = b"* PREAUTH [CAPABILITY IMAP4rev1 ENABLE CONDSTORE] ready\r\n"
PREAUTH = b"* PREAUTH [CAPABILITY IMAP4rev1 IDLE] ready\r\n"


@dataclass(frozen=True)
class Case:
    """See the file's head."""

    kind: str
    name: str
    talk: Talk
    gets: bytes
    ends: bool = False
    starttls: bool = False
    whole: bool = False
    slow: bool = False
    unasked: bytes = b""
    streaming: bool = False

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"

    @property
    def scanned(self) -> bytes:
        """What the client gets where mails are scanned."""
        return self.gets.replace(self.unasked, b"")


def without_progress(octets: bytes) -> bytes:
    return octets.replace(b" INPROGRESS", b"")


def behind_noop(
    kind: str, name: str, said: bytes, gets: bytes, ends: bool = False, **more: Any
) -> Case:
    """The server says it while a NOOP of an authenticated client is in flight."""
    talk = ((b"", PREAUTH), (b"a NOOP\r\n", said))
    return Case(kind, name, talk, PREAUTH + gets, ends, **more)


CONTINUATIONS = (
    Case(
        "continuation requests nobody asked for",
        "behind the greeting",
        ((b"", PREAUTH + b"+ go on\r\n"),),
        PREAUTH + BROKEN,
        ends=True,
    ),
    behind_noop(
        "continuation requests nobody asked for", "behind NOOP", b"+ go on\r\n", BROKEN, ends=True
    ),
    Case(
        "continuation requests nobody asked for",
        "two behind IDLE",
        ((b"", PREAUTH), (b"a IDLE\r\n", b"+ idling\r\n+ idling\r\n")),
        PREAUTH + b"+ idling\r\n" + BROKEN,
        ends=True,
    ),
    Case(
        "continuation requests nobody asked for",
        "two behind APPEND",
        ((b"", PREAUTH), (b"a APPEND x {100}\r\n", b"+ go on\r\n+ go on\r\n")),
        PREAUTH + b"+ Ready for the literal\r\n" + BROKEN,
        ends=True,
        streaming=True,
    ),
    Case(
        "continuation requests nobody asked for",
        "behind LOGIN",
        ((b"", READY), (b"a LOGIN u p\r\n", b"+ go on\r\n")),
        READY + BROKEN,
        ends=True,
    ),
    behind_noop(
        "continuation requests nobody asked for",
        "between commands",
        b"p1 OK done\r\n+ go on\r\n",
        b"a OK done\r\n" + BROKEN,
        ends=True,
    ),
    Case(
        "continuation requests nobody asked for",
        "a bare one where one is due",
        ((b"", PREAUTH), (b"a IDLE\r\n", b"+\r\n"), (b"DONE\r\n", b"p1 OK done\r\n")),
        PREAUTH + b"+ \r\na OK done\r\n",
    ),
)

BEFORE_LOGIN = tuple(
    Case(
        "data before authentication",
        name,
        ((b"", READY), (b"a NOOP\r\n", said + b"p1 OK done\r\n")),
        READY + b"a OK done\r\n",
    )
    for name, said in (
        ("LIST", b'* LIST (\\Noselect) "/" INBOX\r\n'),
        ("EXISTS", b"* 23 EXISTS\r\n"),
        ("FETCH with a literal", b"* 1 FETCH (BODY[] {13}\r\n* OK forged\r\n)\r\n"),
        ("FETCH of many", b"* 1 FETCH (UID 1)\r\n* 2 FETCH (UID 2)\r\n* 3 FETCH (UID 3)\r\n"),
        ("SEARCH", b"* SEARCH 1 2 3\r\n"),
    )
)

REFERRALS = (
    Case(
        "referrals",
        "on LOGIN",
        (
            (b"", READY),
            (b"a LOGIN u p\r\n", b"p1 NO [REFERRAL imap://u@x.example.org/] go there\r\n"),
        ),
        READY + b"a NO go there\r\n",
    ),
    Case(
        "referrals",
        "on SELECT",
        ((b"", PREAUTH), (b"a SELECT x\r\n", b"p1 NO [referral imap://x/x] go there\r\n")),
        PREAUTH + b"a NO go there\r\n",
    ),
    Case(
        "referrals",
        "on LIST",
        ((b"", PREAUTH), (b'a LIST "" *\r\n', b"p1 NO [REFERRAL imap://x/] go there\r\n")),
        PREAUTH + b"a NO go there\r\n",
    ),
    behind_noop(
        "referrals",
        "untagged",
        b"* OK [REFERRAL imap://x/] go there\r\np1 OK done\r\n",
        b"* OK go there\r\na OK done\r\n",
    ),
    behind_noop(
        "referrals",
        "two of them",
        b"* OK [REFERRAL imap://x/] [REFERRAL imap://y/] go there\r\np1 OK done\r\n",
        b"* OK REFERRAL imap://y/] go there\r\na OK done\r\n",
    ),
    Case(
        "referrals",
        "behind another code, in the greeting",
        ((b"", b"* BYE [ALERT] [REFERRAL imap://x/] go there\r\n"),),
        b"* BYE REFERRAL imap://x/] go there\r\n",
        ends=True,
    ),
    Case(
        "referrals",
        "in the greeting",
        ((b"", b"* BYE [REFERRAL imap://x/] go there\r\n"),),
        b"* BYE go there\r\n",
        ends=True,
    ),
)


def starttls(
    name: str, *talk: Tuple[bytes, bytes], gets: bytes = NO_TLS, whole: bool = False
) -> Case:
    return Case("STARTTLS injection, server side", name, talk, gets, True, True, whole)


OFFER = b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n"
STARTTLS = (
    starttls("not offered", (b"", READY)),
    starttls("PREAUTH", (b"", b"* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hello\r\n")),
    starttls("NO", (b"", OFFER), (b"", b"p1 NO not now\r\n")),
    starttls("BAD", (b"", OFFER), (b"", b"p1 BAD what\r\n")),
    starttls("+", (b"", OFFER), (b"", b"+ go on\r\n"), gets=BROKEN),
    starttls(
        "alerts before it",
        (b"", b"* OK [ALERT] forged\r\n"),
        (b"", b"* OK [ALERT] forged\r\n* CAPABILITY IMAP4rev1 STARTTLS\r\np1 OK done\r\n"),
        (b"", b"* NO [ALERT] forged\r\n* 1 EXISTS\r\np2 NO not now\r\n"),
    ),
    starttls("BYE", (b"", b"* BYE no\r\n"), gets=CLOSED),
    starttls(
        "a capability behind the OK",
        (b"", OFFER),
        (b"", b"p1 OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"),
        whole=True,
    ),
    starttls("half a line behind the OK", (b"", OFFER), (b"", b"p1 OK go\r\n* O"), whole=True),
)

INVALID = (
    ("a bare LF", b"* OK hello\n* OK again\r\n"),
    ("8-bit octets within an atom of a code", b'* OK [XYZZY 5"\xe9"7] hello\r\n'),
    ("a part of more than 32 bits", b"* 1 FETCH (BODY[4294967296] NIL)\r\n"),
    ("NUL", b"* OK hel\0lo\r\n"),
    ("an empty line", b"\r\n"),
    ("a blank before it", b" * OK hello\r\n"),
    ("a tag of nobody", b"zz OK hello\r\n"),
    ("a condition that is none", b"p1 YES hello\r\n"),
    ("junk behind a number", b"* 5 EXISTS now\r\n"),
    ("a number over 32 bits", b"* 4294967296 EXISTS\r\n"),
    ("FETCH without a list", b"* 1 FETCH FLAGS ()\r\n"),
    ("FETCH without its end", b"* 1 FETCH (FLAGS (\\Seen)\r\n"),
    ("a section with two ends", b'* 1 FETCH (BODY[HEADER.FIELDS (x] "a" BODY[TEXT] "b")] NIL)\r\n'),
    ("a literal that no number can be", b"* 1 FETCH (BODY[] {99999999999999999999}\r\n"),
    ("a non-synchronizing literal", b"* 1 FETCH (BODY[] {3+}\r\nabc)\r\n"),
    ("a literal of negative size", b"* 1 FETCH (BODY[] {-1}\r\n)\r\n"),
    ("CRLF in a quoted string", b'* LIST () "/" "x\r\ny"\r\n'),
    ("HTTP", b"HTTP/1.1 400 Bad Request\r\n"),
)

_DEEP = b"* 1 FETCH (BODYSTRUCTURE " + b"(" * 10000 + b")" * 10000 + b")\r\n"
_MANY = b"* 1 FETCH (BODYSTRUCTURE (" + b'"x" ' * 20000 + b'"x"))\r\n'
_SEARCH = b"* SEARCH" + b"".join(b" %d" % number for number in range(1, 150000)) + b"\r\n"


def framing() -> Iterator[Case]:
    kind = "lines and literals of a server"
    for name, said in INVALID:
        yield behind_noop(kind, name, said, BROKEN, ends=True)
    done = b"p1 OK done\r\n"
    tagged = b"a OK done\r\n"
    for name, said in (
        ("a text like a literal header", b"* OK see {5}\r\n"),
        ("a literal of no octets", b"* 1 FETCH (BODY[] {0}\r\n)\r\n"),
        ("an unknown response code", b"* OK [XYZZY (a {3}\r\nb)c)] x\r\n"),
    ):
        yield behind_noop(kind, name, said + done, said + tagged)
    flags = b"* 2 FETCH (FLAGS (\\Seen))\r\n"
    broken = b"* 1 FETCH (FLAGS () BODY[] {3x}\r\nabc)\r\n"
    yield behind_noop(
        kind, "a malformed literal behind others", flags + broken, flags + BROKEN, ends=True
    )
    like = b"* 1 FETCH (BODY[] {24}\r\n)\r\np1 OK done\r\n* BYE x\r\n)\r\n"
    yield behind_noop(kind, "a literal like IMAP", like + done, like + tagged, unasked=like)
    yield behind_noop(kind, "a SEARCH of a megabyte", _SEARCH + done, _SEARCH + tagged, slow=True)
    yield behind_noop(
        kind, "data of an unknown kind", b"* XYZZY (a {5}\r\n* OK )\r\n" + done, tagged
    )
    yield Case(
        kind,
        "a greeting of 9 KB",
        ((b"", b"* OK " + b"x" * 9000 + b"\r\n"),),
        BROKEN,
        ends=True,
        slow=True,
    )
    yield Case(
        kind,
        "a greeting without end",
        ((b"", b"x" * 100000),),
        BROKEN,
        ends=True,
        slow=True,
    )
    long = b"* OK " + b"x" * 70000 + b"\r\n"
    yield behind_noop(kind, "a status response of 70 KB", long, BROKEN, ends=True, slow=True)
    yield Case(
        kind,
        "ENABLED of 20 KB",
        ((b"", ENABLE), (b"a ENABLE CONDSTORE\r\n", b"* ENABLED" + b" XYZZY" * 4000 + b"\r\n")),
        ENABLE + BROKEN,
        ends=True,
        slow=True,
    )
    yield behind_noop(kind, "a second greeting", b"* PREAUTH hello\r\n", BROKEN, ends=True)
    yield from structures(done, tagged)


def structures(done: bytes, tagged: bytes) -> Iterator[Case]:
    """Untold depth and no structure at all end the session; odd ones pass, framed as they are."""
    kind = "BODYSTRUCTURE"
    yield behind_noop(kind, "10,000 parentheses", _DEEP, BROKEN, ends=True, slow=True)
    for name, said in (("an atom", b"x"), ("NIL", b"NIL"), ("an open quote", b'("TEXT)')):
        said = b"* 1 FETCH (BODYSTRUCTURE " + said + b")\r\n"
        yield behind_noop(kind, name, said + done, BROKEN, ends=True)
    for name, said in (
        ("missing fields", b'("TEXT")'),
        ("a few of them", b'("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5)'),
        (
            "literals among parameters",
            b'("TEXT" "PLAIN" ("NAME" {20}\r\np1 OK\r\n* BYE x\r\n+ \r\n) NIL NIL "7BIT" 5 1)',
        ),
    ):
        said = b"* 1 FETCH (BODYSTRUCTURE " + said + b")\r\n"
        yield behind_noop(kind, name, said + done, said + tagged)
    yield behind_noop(kind, "20,000 fields", _MANY + done, _MANY + tagged, slow=True)


CASES = (*CONTINUATIONS, *BEFORE_LOGIN, *REFERRALS, *STARTTLS, *framing())
