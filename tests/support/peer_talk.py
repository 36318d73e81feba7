"""peer_talk - what a client is told for a script, in a form that can be compared.

    told = talk(port, script, "user1", patience=30)     the responses to each step
    difference(told, wanted)                            "" or "a BAD | * BYE, zz OK, CLOSED"

A difference is told in few words, from the first step on that is another.  Taken away are texts,
which are for people (RFC 3501 section 7.1), capabilities, which are compared by themselves, and
numbers that a server draws.  The order of tagged responses is not compared, where several commands
are in flight (section 5.5).
"""

from __future__ import annotations

import base64
import re
from typing import Sequence

from .dovecot import PASSWORD
from .peer_scripts import PLAIN, Script
from .peers import Peer, connect
from .tls import client_context

Told = Sequence[Sequence[bytes]]

_LITERAL = re.compile(rb"\{([0-9]+)\}\r\n\Z")
_STATUS = re.compile(rb"(\S+ (?:OK|NO|BAD|BYE|PREAUTH))(?: (\[[^\]]*\]))?[^\r]*\r\n\Z")
_DRAWN = re.compile(rb"\[(UIDVALIDITY|HIGHESTMODSEQ|APPENDUID) [^\]]*\]")
_DATA = re.compile(rb"\* (?:[0-9]+ )?([A-Z]+)")

SILENT, CLOSED, NO_TLS = b"SILENT", b"CLOSED", b"NO TLS"


def talk(port: int, script: Script, user: str, patience: float) -> Told:
    """SILENT and CLOSED stand where a response was waited for in vain."""
    with connect(port) as client:
        answers = [[client.line()]]
        client.socket.settimeout(patience)
        for octets, tag in script.steps:
            answers.append(_answer(client, _of_user(octets, user), tag))
            if answers[-1][-1].startswith(b"a OK") and octets.startswith(b"a STARTTLS"):
                answers[-1] += _handshake(client)
            if answers[-1][-1] in (CLOSED, NO_TLS):
                break
    return [_normal(step) for step in answers]


def _of_user(octets: bytes, user: str) -> bytes:
    plain = base64.b64encode(f"\0{user}\0{PASSWORD}".encode())
    octets = octets.replace(b"LENGTH", b"%d" % len(user)).replace(PLAIN, plain)
    return octets.replace(b"USER", user.encode())


def _answer(client: Peer, octets: bytes, tag: bytes) -> list[bytes]:
    """Responses up to the one with the tag, where that comes."""
    found: list[bytes] = []
    try:
        client.send(octets)
        while not (tag and found and found[-1].startswith(tag)):
            found.append(_response(client))
    except TimeoutError:
        found.append(SILENT)
    except (EOFError, OSError):
        found.append(CLOSED)
    return found


def _response(client: Peer) -> bytes:
    response = client.line()
    while literal := _LITERAL.search(response):
        response += client.take(int(literal[1])) + client.line()
    return response


def _handshake(client: Peer) -> list[bytes]:
    try:
        client.start_tls(client_context(), "localhost")
    except OSError:
        return [NO_TLS]
    return []


def _normal(step: Sequence[bytes]) -> list[bytes]:
    """Data in their order, tagged responses behind them."""
    lines = [_shown(line) for line in step if not line.startswith(b"* CAPABILITY ")]
    untagged = [line for line in lines if line[:1] in (b"*", b"+")]
    return [*untagged, *sorted(line for line in lines if line[:1] not in (b"*", b"+"))]


def _shown(line: bytes) -> bytes:
    if line.startswith(b"+"):
        return b"+"
    if status := _STATUS.match(line):
        condition, code = status.groups()
        line = condition
        if code and not code.startswith(b"[CAPABILITY "):
            line += b" " + _DRAWN.sub(rb"[\1]", code)
    return line


def difference(told: Told, wanted: Told) -> str:
    """See the file's head."""
    if told == wanted:
        return ""
    same = 0
    while told[same:same + 1] == wanted[same:same + 1]:
        same += 1
    return " | ".join(map(_short, told[same:])) or "nothing more"


def _short(step: Sequence[bytes]) -> str:
    words: list[str] = []
    for line in step:
        data = None if re.match(rb"\S+ (OK|NO|BAD|BYE)", line) else _DATA.match(line)
        word = (b"* " + data[1] if data else line)[:30].decode("ascii", "backslashreplace").strip()
        if word not in words[-1:]:
            words.append(word)
    return ", ".join(words)
