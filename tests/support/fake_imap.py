"""fake_imap - a server that says yes to everything, and so shows what reached it.

    with FakeServer(obliging()) as server:
        ...
        assert b"DELETE" not in server.received

It knows just enough IMAP to keep an honest client happy: literals, AUTHENTICATE,
IDLE.  `capabilities` are its greeting's; mailboxes are empty.
"""

from __future__ import annotations

import re
from typing import Callable

from .peers import Peer

CAPABILITIES = b"IMAP4rev1 SASL-IR LITERAL+ ID ENABLE IDLE NAMESPACE UIDPLUS MOVE AUTH=PLAIN"
_LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r\n\Z")
_SELECTED = (
    b"* 0 EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen)\r\n"
    b"* OK [UIDVALIDITY 1] .\r\n* OK [UIDNEXT 1] .\r\n"
)


def obliging(
    capabilities: bytes = CAPABILITIES,
    greeting: bytes = b"* OK [CAPABILITY %b] ready\r\n",
    fetch: Callable[[bytes], bytes] = lambda command: b"",
) -> Callable[[Peer], None]:
    """The script; `%b` in the greeting stands for the capabilities.

    `fetch` returns the responses to a FETCH or UID FETCH.
    """
    untagged = {
        b"CAPABILITY": b"* CAPABILITY " + capabilities + b"\r\n",
        b"SELECT": _SELECTED,
        b"EXAMINE": _SELECTED,
        b"LOGOUT": b"* BYE see you\r\n",
    }

    def script(peer: Peer) -> None:
        peer.send(greeting % capabilities if b"%b" in greeting else greeting)
        name = b""
        while name != b"LOGOUT":
            tag, name, command = read_command(peer)
            if name == b"IDLE" or (name == b"AUTHENTICATE" and command.count(b" ") == 2):
                peer.send(b"+ \r\n")
                peer.line()
            if b"FETCH" in command.upper().split()[1:3]:
                peer.send(fetch(command))
            peer.send(untagged.get(name, b"") + tag + b" OK " + name + b" completed\r\n")

    return script


def read_command(peer: Peer) -> tuple[bytes, bytes, bytes]:
    """Tag, name in capitals, and the whole command with its literals."""
    command = peer.line()
    while literal := _LITERAL.search(command):
        if not literal[2]:
            peer.send(b"+ go on\r\n")
        command += peer.take(int(literal[1])) + peer.line()
    tag, _, rest = command.partition(b" ")
    return tag, re.split(rb"[ \r]", rest, 1)[0].upper(), command
