"""broken - manners of clients who do not behave; whatever they get, it is the others who matter."""

from __future__ import annotations

import random
from contextlib import suppress

from tests.support.client_cases import CASES
from tests.support.dovecot import PASSWORD
from tests.support.peers import Peer, connect

from .honest import ALL
from .work import Manner, Work
from .world import READER, World

GONE = (EOFError, OSError)  # the proxy had enough of it, or says nothing more
IMPATIENCE = 0.5  # seconds without an octet
LOGIN = b"LOGIN %b %b" % (READER.encode(), PASSWORD.encode())
HALVES = (  # what was begun when the connection was reset
    b"",
    b"a LOG",
    b"a LOGIN {5+}\r\nal",
    b"a " + LOGIN + b"\r\nb APPEND INBOX {300000+}\r\nSubject: half of it\r\n",
    b"a " + LOGIN + b"\r\nb EXAMINE INBOX\r\nc FETCH 1:* (BODY.PEEK[])\r\n",
    b"a AUTHENTICATE PLAIN\r\n",
    b"a " + LOGIN + b"\r\nb EXAMINE INBOX\r\nc IDLE\r\n",
)


def resetting(world: World, work: Work, rnd: random.Random) -> None:
    """Goes away without a farewell, in the midst of anything."""
    with suppress(*GONE):
        client = world.entrances[rnd.choice(ALL)].open()
        client.send(rnd.choice(HALVES))
        client.socket.settimeout(IMPATIENCE)
        with suppress(TimeoutError):
            for _ in range(rnd.randrange(4)):
                client.some()
        client.reset()


def half_closing(world: World, work: Work, rnd: random.Random) -> None:
    """Closes its half in the midst of anything, and listens to the end."""
    with world.entrances[rnd.choice(("plain", "relay"))].open() as client:
        client.send(rnd.choice(HALVES))
        client.end_sending()
        client.rest()


def talking_nonsense(world: World, work: Work, rnd: random.Random) -> None:
    """Says what breaks other proxies, in the clear or where TLS is due."""
    case = rnd.choice(CASES)
    with suppress(*GONE):
        if case.logged_in:
            client = world.entrances[rnd.choice(ALL)].login("nonsense")
            client.command(b"SELECT INBOX")
        else:
            client = connect(world.entrances[rnd.choice(ALL)].port)
        with client:
            _say(client, case.sent)


def _say(client: Peer, octets: bytes) -> None:
    """And then something that it can be read up to, if no literal swallows it."""
    client.socket.settimeout(IMPATIENCE)
    client.send(octets + b"\r\nzz LOGOUT\r\n")
    client.rest()


BROKEN: tuple[tuple[Manner, int, float], ...] = (
    (resetting, 2, 0.2),
    (half_closing, 1, 0.3),
    (talking_nonsense, 1, 0.2),
)
