"""reading - the literals in answers to FETCH.

    fetch(client, b"UID FETCH 7 (BODY.PEEK[])") -> [b"From: ..."]
    literals(client, b"a") -> the same of a command that was sent before, by its tag
"""

from __future__ import annotations

import re
from typing import Callable

from tests.support.peers import Peer

_LITERAL = re.compile(rb"\{([0-9]+)\}\r\n\Z")

Take = Callable[[Peer, int], bytes]


def fetch(client: Peer, command: bytes, take: Take = Peer.take) -> list[bytes]:
    client.send(b"f " + command + b"\r\n")
    return literals(client, b"f", take)


def literals(client: Peer, tag: bytes, take: Take = Peer.take) -> list[bytes]:
    """All up to the tagged OK; AssertionError if it is none."""
    found = []
    while not (line := client.line()).startswith(tag + b" "):
        if literal := _LITERAL.search(line):
            found.append(take(client, int(literal[1])))
    assert line.startswith(tag + b" OK"), line
    return found
