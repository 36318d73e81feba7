"""A whole script at once gets the answers of Dovecot itself, but for the declared filters.

In one segment, cut into two at every octet, and octet by octet.  `FILTERS` declares
all that may be different; what it does not name is compared octet for octet.
"""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple, Sequence

import pytest

from tests.support.cuts import every_cut
from tests.support.dovecot import Dovecot
from tests.support.mails import mails
from tests.support.peers import connect
from tests.support.proxy import Proxy

GREETING = "Mail gateway ready"
REMOVED = ("IDLE", "AUTH=CRAM-MD5")
# What Dovecot 2.3 offers and the proxy does not know, or takes away always.
UNKNOWN = frozenset(
    b"LOGIN-REFERRALS SORT=DISPLAY URL-PARTIAL CATENATE CONTEXT=SEARCH PREVIEW PREVIEW=FUZZY "
    b"NOTIFY I18NLEVEL=1 I18NLEVEL=2 MULTISEARCH THREAD=REFS SNIPPET=FUZZY ESORT".split()
)


class Filter(NamedTuple):
    """What is not compared, and why."""

    pattern: bytes
    instead: bytes
    reason: str


FILTERS = (
    Filter(
        rb"(?m)^(\* OK \[CAPABILITY [^]\r\n]*\]) .*\r$",
        rb"\1 " + GREETING.encode() + b"\r",
        "the text of the greeting is the policy's",
    ),
    Filter(
        rb"(?<=[ \[])CAPABILITY [^]\r\n]*",
        b"CAPABILITY",
        "capabilities are filtered; test_capabilities looks at them",
    ),
    Filter(
        rb"\([0-9.]+ \+ [0-9.]+(?: \+ [0-9.]+)* secs\)",
        b"(... secs)",
        "Dovecot tells how long it took",
    ),
)

# Short enough to be cut at every octet.
SCRIPTS = {
    "LOGIN, SELECT, FETCH, LOGOUT": (
        b"a LOGIN alice secret\r\nb SELECT INBOX\r\n"
        b"c FETCH 1:* (UID FLAGS BODY.PEEK[])\r\nd LOGOUT\r\n"
    ),
    "literals, a status, structures": (
        b"a LOGIN {5+}\r\nalice {6+}\r\nsecret\r\nb CAPABILITY\r\nc EXAMINE INBOX\r\n"
        b"d FETCH 1:3 (ENVELOPE BODYSTRUCTURE RFC822.SIZE INTERNALDATE)\r\n"
        b"e UID SEARCH TEXT {3+}\r\nfox\r\nf STATUS INBOX (MESSAGES UNSEEN)\r\ng LOGOUT\r\n"
    ),
}
WHOLE_ONLY = {
    "no, bad, and data of many kinds": (
        b"a LOGIN alice secret\r\nb SELECT Nowhere\r\nc SELECT INBOX\r\n"
        b'd LIST "" *\r\ne NAMESPACE\r\nf SEARCH SUBJECT "mail 7"\r\ng FETCH 1:* BODY[HEADER]\r\n'
        b"h UID FETCH 1:* (FLAGS BODY.PEEK[1] BODY.PEEK[TEXT]<10.20>)\r\n"
        b"i STORE 1 +FLAGS (\\Flagged)\r\nj STORE 1 -FLAGS (\\Flagged)\r\nk CHECK\r\n"
        b"l SORT (SUBJECT) UTF-8 ALL\r\nm ID NIL\r\nn COPY 99 INBOX\r\no UNSELECT\r\np LOGOUT\r\n"
    ),
}


# Dovecot puts off the tagged response of a command while it finds the next one in its buffer,
# as RFC 3501 section 5.5 allows.  Where two could be in its buffer, their place is not compared.
WITHOUT_DELAY = "LOGIN, SELECT, FETCH, LOGOUT"
TAGGED = re.compile(rb"[a-z] (OK|NO|BAD) ")


def compared(answers: bytes, name: str) -> list[bytes]:
    """The answers to a script without what may be different, in lines."""
    for row in FILTERS:
        answers = re.sub(row.pattern, row.instead, answers)
    lines = answers.splitlines(keepends=True)
    if name == WITHOUT_DELAY:
        return lines
    tagged = [line for line in lines if TAGGED.match(line)]
    return [line for line in lines if not TAGGED.match(line)] + sorted(tagged)


def answers(port: int, parts: Sequence[bytes]) -> bytes:
    """Everything that a client gets who sends the parts and does not wait for anything."""
    with connect(port) as client:
        for part in parts:
            client.send(part)
        return client.rest()


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with Dovecot() as server:
        server.fill("alice", mails(8))
        for script in {**SCRIPTS, **WHOLE_ONLY}.values():
            answers(server.port, [script])  # indexes are built, mails become \\Seen
        yield server


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory, server: Dovecot) -> Iterator[Proxy]:
    removed = ", ".join(REMOVED)
    with Proxy(
        tmp_path_factory.mktemp("proxy"),
        server.port,
        command=f'greeting "{GREETING}"; capabilities ! {{ {removed}, UNKNOWN }};',
        level="normal",
    ) as proxy:
        yield proxy


@pytest.mark.parametrize("name", [*SCRIPTS, *WHOLE_ONLY])
def test_in_one_segment(server: Dovecot, proxy: Proxy, name: str) -> None:
    script = {**SCRIPTS, **WHOLE_ONLY}[name]
    wanted = compared(answers(server.port, [script]), name)
    assert wanted[-1].split()[1] == b"OK"  # LOGOUT's, so everything was answered
    assert compared(answers(proxy.port, [script]), name) == wanted


@pytest.mark.parametrize("name", SCRIPTS)
def test_cut_at_every_octet(server: Dovecot, proxy: Proxy, name: str) -> None:
    wanted = compared(answers(server.port, [SCRIPTS[name]]), name)
    for parts in every_cut(SCRIPTS[name]):
        assert compared(answers(proxy.port, parts), name) == wanted, parts


def test_capabilities(server: Dovecot, proxy: Proxy) -> None:
    """Wherever they stand they are the server's, but for those that are removed."""
    script = [SCRIPTS["literals, a status, structures"]]
    theirs, ours = (
        re.findall(rb"CAPABILITY ([^]\r\n]*)", answers(port, script))
        for port in (server.port, proxy.port)
    )
    away = {word.encode() for word in REMOVED} | UNKNOWN
    assert len(theirs) == 3  # the greeting, the answer to LOGIN, CAPABILITY
    assert [line.split() for line in ours] == [
        [word for word in line.split() if word not in away] for line in theirs
    ]
