"""gates - proxies that know the users of a desk (oob.py), before a server that lets all in.

    with Gates(folder) as gates:
        proxy = gates.open(desk, "user name alice;")    conditions of its session-acl
        greeting(proxy)                     b"" where the session is not admitted
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Self

from .oob import Desk
from .peers import FakeServer, Peer, connect
from .proxy import Proxy

FEW = "tcpserver { init-children 1; min-idle 1; max-idle 2; }"


def quiet(peer: Peer) -> None:
    """Greets, and lets everybody in."""
    peer.send(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
    while True:
        tag, _, rest = peer.line().partition(b" ")
        if rest.upper().startswith(b"CAPABILITY"):
            peer.send(b"* CAPABILITY IMAP4rev1\r\n")
        peer.send(tag + b" OK done\r\n")


class Gates:
    """See the file's first lines."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._number = 0

    def __enter__(self) -> Self:
        self._server = self._stack.enter_context(FakeServer(quiet))
        return self

    def __exit__(self, *args: object) -> None:
        self._stack.close()

    def open(
        self,
        desk: Desk,
        session: str = "user name *;",
        auth: str = "oob DESK",
        items: str = "",
    ) -> Proxy:
        self._number += 1
        folder = self._folder / f"proxy{self._number}"
        folder.mkdir()
        items = f"auth {auth}; {FEW} {items}"
        proxy = Proxy(
            folder, self._server.port, sections=desk.sections, items=items, session=session
        )
        return self._stack.enter_context(proxy)


def greeting(proxy: Proxy) -> bytes:
    """What a client is told first; b"" if nothing."""
    with connect(proxy.port) as client:
        try:
            return client.line()
        except (EOFError, ConnectionResetError):
            return b""
