"""honest - manners of clients who do everything as they should; what fails here is a fault.

Each gets what it asks for, octet for octet.  HONEST tells how many of them there are at a time,
and how long each waits between two rounds.
"""

from __future__ import annotations

import random
import re
import socket
import time

from tests.support.dovecot import PASSWORD
from tests.support.engines import EICAR
from tests.support.mail_samples import TEXT, mixed, part
from tests.support.peers import Peer

from .reading import fetch, literals
from .work import Manner, Work
from .world import READER, World

SCANNED = ("plain", "tls", "starttls")
ALL = (*SCANNED, "relay")
SIP = 16384  # octets that a slow reader takes at a time ...
REST = 0.02  # ... and seconds until the next ones


def short(world: World, work: Work, rnd: random.Random) -> None:
    """Comes, looks, and goes."""
    with world.entrances[rnd.choice(ALL)].login(READER) as client:
        assert b"x OK" in client.command(b"STATUS INBOX (MESSAGES UNSEEN)")
        assert b"x OK" in client.command(b"LOGOUT")


def reading(world: World, work: Work, rnd: random.Random) -> None:
    """Lists the mailbox, and reads some mails whole, in pieces, and by parts."""
    with world.entrances[rnd.choice(ALL)].login(READER) as client:
        client.command(b"EXAMINE INBOX")
        client.command(b"FETCH 1:* (UID FLAGS ENVELOPE BODYSTRUCTURE RFC822.SIZE)")
        for number in rnd.sample(range(1, len(world.mails)), 6):
            mail = world.mails[number - 1]
            head, _, text = mail.partition(b"\r\n\r\n")
            [whole] = fetch(client, b"FETCH %d (BODY.PEEK[])" % number)
            work.fetched(whole, mail)
            pieces = fetch(client, b"FETCH %d (BODY.PEEK[HEADER] BODY.PEEK[TEXT])" % number)
            work.fetched(b"".join(pieces), head + b"\r\n\r\n" + text)
            begin = rnd.randrange(len(mail))
            for piece in fetch(client, b"FETCH %d (BODY.PEEK[]<%d.500>)" % (number, begin)):
                work.fetched(piece, mail[begin:begin + 500])
        client.command(b"LOGOUT")


def slow(world: World, work: Work, rnd: random.Random) -> None:
    """Reads a large mail sip by sip, with little room to receive."""
    with world.entrances[rnd.choice(ALL)].login(READER) as client:
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SIP)
        client.command(b"EXAMINE INBOX")
        [whole] = fetch(client, b"FETCH %d (BODY.PEEK[])" % len(world.mails), _sip)
        work.fetched(whole, world.mails[-1])
        client.command(b"LOGOUT")


def _sip(client: Peer, octets: int) -> bytes:
    taken = bytearray()
    while len(taken) < octets:
        taken += client.take(min(SIP, octets - len(taken)))
        time.sleep(REST)
    return bytes(taken)


def writing(world: World, work: Work, rnd: random.Random) -> None:
    """Stores mails that nobody has seen before, reads them, and removes them; one has a virus."""
    name = f"writer{rnd.randrange(10)}"
    with world.entrances[rnd.choice(ALL)].login(name) as client:
        client.command(b"SELECT INBOX")
        octets = rnd.randbytes(rnd.randrange(100, 200_000))
        mail = mixed(TEXT, part("application/octet-stream", octets, name="new.bin"))
        uid = _appended(client, mail)
        [whole] = fetch(client, b"UID FETCH %b (BODY.PEEK[])" % uid)
        work.fetched(whole, mail)
        client.command(b"UID STORE %b +FLAGS.SILENT (\\Deleted)" % uid)
        assert b"x OK" in client.command(b"UID EXPUNGE " + uid)
        client.command(b"LOGOUT")


def _appended(client: Peer, mail: bytes) -> bytes:
    """Its UID."""
    tagged = _append(client, mail)
    found = re.search(rb"a OK \[APPENDUID \d+ (\d+)\]", tagged)
    assert found, tagged
    return found[1]


def _append(client: Peer, mail: bytes) -> bytes:
    """The tagged line."""
    client.send(b"a APPEND INBOX {%d}\r\n" % len(mail))
    assert client.line().startswith(b"+ ")
    client.send(mail + b"\r\n")
    while not (line := client.line()).startswith(b"a "):
        pass
    return line


def infected(world: World, work: Work, rnd: random.Random) -> None:
    """Wants to store a virus, which is refused, and goes on."""
    attached = part("application/octet-stream", EICAR, name="eicar.com")
    mail = mixed(TEXT, attached, head=b"X-Number: %d\r\n" % rnd.randrange(1 << 30))
    with world.entrances[rnd.choice(SCANNED)].login("infected") as client:
        assert _append(client, mail).startswith(b"a NO [NOPERM]")
        assert b" 0 EXISTS" in client.command(b"SELECT INBOX")
        client.command(b"LOGOUT")


def idling(world: World, work: Work, rnd: random.Random) -> None:
    """Stays to the end, idles, and hears of each mail that another session stores."""
    name = f"idler{rnd.randrange(1 << 30)}"
    with world.entrances[rnd.choice(ALL)].login(name) as client:
        client.command(b"SELECT INBOX")
        while work.goes_on:
            client.send(b"i IDLE\r\n")
            client.until(b"+ ")
            client.line()
            with world.entrances["relay"].login(name) as other:
                _append(other, mixed(TEXT))
                other.command(b"LOGOUT")
            client.until(b" EXISTS\r\n")
            time.sleep(min(rnd.uniform(0, 5), max(0.0, work.end - time.monotonic())))
            client.send(b"DONE\r\n")
            while not client.line().startswith(b"i OK"):
                pass
            client.command(b"STORE 1:* +FLAGS.SILENT (\\Deleted)")
            assert b"x OK" in client.command(b"EXPUNGE")
        client.command(b"LOGOUT")


def pipelining(world: World, work: Work, rnd: random.Random) -> None:
    """Says everything in one segment, and closes its half at once: all of it is answered."""
    number = rnd.randrange(1, len(world.mails))
    with world.entrances[rnd.choice(("plain", "relay"))].open() as client:
        client.send(
            b'a ID ("name" {4+}\r\nsoak)\r\nb LOGIN %b %b\r\nc EXAMINE INBOX\r\n'
            b"d FETCH %d (BODY.PEEK[])\r\ne LOGOUT\r\n"
            % (READER.encode(), PASSWORD.encode(), number)
        )
        client.end_sending()
        client.until(b"\r\nc OK")
        client.line()
        work.fetched(b"".join(literals(client, b"d")), world.mails[number - 1])
        assert b"e OK" in client.rest()


def mistaken(world: World, work: Work, rnd: random.Random) -> None:
    """Knows its password the second time only."""
    with world.entrances[rnd.choice(ALL)].open() as client:
        assert b"x NO" in client.command(b"LOGIN %b wrong" % READER.encode())
        login = b"LOGIN %b %b" % (READER.encode(), PASSWORD.encode())
        assert b"x OK" in client.command(login)
        client.command(b"LOGOUT")


HONEST: tuple[tuple[Manner, int, float], ...] = (
    # how many at a time, seconds between two rounds
    (short, 2, 0.2),
    (reading, 2, 0.5),
    (slow, 1, 1.0),
    (writing, 1, 0.5),
    (infected, 1, 2.0),
    (idling, 2, 0.0),
    (pipelining, 1, 0.3),
    (mistaken, 1, 1.0),
)
