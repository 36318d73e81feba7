"""Random sessions: honest clients with odd words, dishonest ones, dishonest servers.

`FUZZ_ROUNDS` in the environment asks for more of them than the test command does.
"""

from __future__ import annotations

import os
import re
from random import Random
from typing import Iterator, List, NamedTuple

import pytest

from imap4proxy.wire.append import Append
from imap4proxy.wire.command import Command
from imap4proxy.wire.encode import LiteralMode
from imap4proxy.wire.pieces import Announced
from tests.support.command_reading import encoded, read, reader
from tests.support.stage import ACCEPTING

from .commands import SMUGGLED, WAIT, login, random_command
from .server import CONTENT, Server
from .session import Change, Session

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "40"))
DENYING = "mail-acl ALL { deny; }"
CHANGING = """
mail-acl ALL { subject-text x; status-headers yes; accept; }
doc-acl ALL { force-doctype-ident; accept; }
"""


class Policy(NamedTuple):
    """Items of the command-acl; ACLs of mails, where they are scanned."""

    command: str
    mail: str = ""


POLICIES = (
    Policy(""),
    Policy(
        "commands ! { DELETE, SEARCH, IDLE };"
        " capabilities { IMAP4rev1, LITERAL+, AUTH=PLAIN, IDLE };"
    ),
    Policy("commands *; capabilities *;"),
    Policy("max-mail-in 20 refuse; max-mail-out 400 refuse;"),
    Policy("max-mail-in 200; max-bytes-in 20000; max-bytes-out 20000;"),
    Policy("", ACCEPTING),
    Policy("max-mail-in 60 refuse;", CHANGING),
    Policy("download { metadata process; }", CHANGING),
    Policy("", DENYING),
)
_TAG = re.compile(rb"p[0-9]+ ")
_ANSWER = re.compile(rb"(?:[A-Za-z0-9+/]*={0,2}|\*|DONE)\r\n")

every_policy = pytest.mark.parametrize("policy", POLICIES)
every_round = pytest.mark.parametrize("seed", range(ROUNDS))


def session_of(seed: int, policy: Policy, spoil: Change | None = None) -> Session:
    return Session(Random(f"{seed} {policy}"), *policy, spoil=spoil)


def check_content(session: Session, policy: Policy) -> None:
    """Of mails that are denied the client sees nothing."""
    assert policy.mail != DENYING or CONTENT not in session.got


# --- what the server may get -----------------------------------------------------------------


def forms(command: Command) -> Iterator[bytes]:
    """How the proxy may write it, without its tag."""
    for utf8 in (False, True):
        for mode in LiteralMode:
            yield encoded(command, utf8, mode).partition(b" ")[2]


def check_command(octets: bytes) -> None:
    """It is what a command of the grammar is written as, under a tag of the proxy's own."""
    tag = _TAG.match(octets)
    assert tag, octets
    pieces = read([octets], reader(utf8=True))
    *announced, command = pieces
    assert all(type(piece) is Announced for piece in announced), octets
    assert isinstance(command, Command), octets
    assert isinstance(command, Append) or octets[tag.end():] in set(forms(command)), octets


def check_server(server: Server) -> None:
    for octets in server.commands:
        check_command(octets)
    for octets in server.answers:
        assert _ANSWER.fullmatch(octets), octets


# --- sessions --------------------------------------------------------------------------------


def honest(session: Session, chance: Random) -> List[bytes]:
    """A client's commands, pipelined as it likes; their tags."""
    tags = []
    for number in range(chance.randint(1, 25)):
        tag = b"%s%d" % (chance.choice((b"a", b"]", b"p")), number)
        if session.over:
            break
        command = login if number < 3 and chance.random() < 0.7 else random_command
        session.speak(command(chance, tag), tag)
        tags.append(tag)
    session.settle()
    return tags


@every_policy
@every_round
def test_honest_client(seed: int, policy: Policy) -> None:
    """Each command is answered once, or the client is told that the session ends."""
    session = session_of(seed, policy)
    tags = honest(session, Random(seed))
    check_server(session.server)
    assert set(session.answered) <= set(tags)
    assert all(session.answered[tag] <= 1 for tag in tags)
    if not session.over:
        assert all(session.answered[tag] == 1 for tag in tags)
    assert not session.over or session.reset or session.bye
    check_content(session, policy)


def dishonest(chance: Random) -> bytes:
    """What a client says who never waits, with some of it changed."""
    said = []
    for number in range(chance.randint(1, 12)):
        maker = login if number < 2 and chance.random() < 0.7 else random_command
        command = maker(chance, b"a%d" % number)
        answer = None
        for _ in range(50):
            try:
                octets = command.send(answer)
            except StopIteration:
                break
            answer = octets is WAIT or None
            said.append(octets or b"")
    return changed(chance, b"".join(said), chance.choice((0, 1, 2, 5)))


PIECES = (
    b"\r\n", b"\n", b"\r", b" ", b"\0", b'"', b"\\", b"(", b")", b"{", b"}", b"+", b"{3}\r\n",
    b"{3+}\r\n", b"~{3+}\r\n", b"{99999999999+}\r\n", b"\xff", b"*", b"a1 ", b"UID ", b"DONE\r\n",
)  # fmt: skip


def changed(chance: Random, octets: bytes, changes: int) -> bytes:
    """`octets` with some left out, doubled, put in or replaced."""
    for _ in range(changes):
        at, length = chance.randrange(len(octets) + 1), chance.choice((0, 1, 1, 5, 40))
        piece = chance.choice((b"", chance.choice(PIECES), octets[at:at + length] * 2))
        octets = octets[:at] + piece + octets[at + length:]
    return octets


@every_policy
@every_round
def test_dishonest_client(seed: int, policy: Policy) -> None:
    """Nothing reaches the server but commands, and nobody is answered who did not ask."""
    chance = Random(f"dishonest {seed}")
    said = dishonest(chance)
    session = session_of(seed, policy)
    session.send(said)
    session.settle()
    check_server(session.server)
    assert all(tag in said for tag in session.answered)
    check_content(session, policy)


@every_policy
@every_round
def test_dishonest_server(seed: int, policy: Policy) -> None:
    """The client gets IMAP, and no answer twice; or the session ends."""
    chance = Random(f"server {seed}")

    def spoil(octets: bytes) -> bytes:
        return changed(chance, octets, chance.choice((0, 0, 0, 1)))

    session = session_of(seed, policy, spoil=spoil)
    tags = honest(session, chance)
    assert set(session.answered) <= {*tags, SMUGGLED}  # it may be heard where an exchange broke
    assert all(session.answered[tag] <= 1 for tag in tags)


def test_smuggled_commands_are_among_the_words() -> None:
    """... so that the tests above are about something."""
    said = b"".join(dishonest(Random(f"dishonest {seed}")) for seed in range(ROUNDS))
    assert said.count(SMUGGLED) > ROUNDS / 2
