"""ways_in - one proxy, and for each way in which octets come to it a port and a policy.

    with WaysIn(folder, play) as ways:
        client = ways.connect(Way(secure=True, scanned=True))
        healthy(ways.proxy)

`secure`: TLS at once, on both sides; `starttls`: towards the server STARTTLS instead, which the
server may refuse or abuse; `scanned`: the policy looks at mails, and lets them pass.  `play(peer)`
is the server, whichever way it is reached.
"""

from __future__ import annotations

import ssl
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from typing import Callable, Iterator, NamedTuple, Self

from .certificates import Authority, write
from .peers import FakeServer, Peer, connect
from .ports import HOST, free_ports
from .proxy import Proxy
from .tls import client_context, server_context

NAME = "localhost"

_ACLS = """
    session-acl {name} {{ to * port {port}; plug-to [{host}] : {server}; {client_tls} accept; }}
    command-acl {name} {{ session-acl {name}; {scanning} {server_tls} accept; }}
"""
_MAILS = "mail-acl ALL { accept; } doc-acl ALL { accept; }"


class Way(NamedTuple):
    """See the file's head."""

    secure: bool = False
    scanned: bool = False
    starttls: bool = False

    def __str__(self) -> str:
        words = [name for name, value in zip(self._fields, self) if value]
        return ", ".join(words) or "plain"

    @property
    def word(self) -> str:
        """As a name in a configuration."""
        return str(self).replace(", ", "-")


WAYS = [Way(secure, scanned) for secure, scanned in product((False, True), repeat=2)]
STARTTLS = [way._replace(starttls=True) for way in WAYS]


class WaysIn:
    """See the file's head."""

    def __init__(self, folder: Path, play: Callable[[Peer], object]) -> None:
        authority = Authority("Example CA")
        files = authority.issue(NAME, dns=[NAME], ips=[HOST]).write(folder)
        self._client = client_context(authority)
        self._server = server_context(files)
        self._play = play
        self._folder = folder
        self._sections = (
            f'ssl-params IN {{ cert-file "{files.cert}"; key-file "{files.key}"; }}\n'
            f'ssl-params OUT {{ ca-file "{write(folder / "ca.pem", authority.pem)}"; }}'
        )
        ways = [*WAYS, *STARTTLS]
        self.ports = dict(zip(ways, free_ports(len(ways))))
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        plain = self._stack.enter_context(FakeServer(self._play))
        secure = self._stack.enter_context(FakeServer(self._play_in_tls))
        listen = " ".join(f"non-transparent [{HOST}] port {port};" for port in self.ports.values())
        proxy = Proxy(
            self._folder,
            configuration="\n".join(
                [
                    f"version IMAP4-PROXY-1_0-RELEASE; {self._sections}",
                    "imap4-proxy TEST { nodaemon; log-debug { level normal; }",
                    f"listen-on {{ non-transparent [{HOST}] port {{port}}; {listen} }}",
                    f'mail-pool {{ dir "{self._folder}"; free 0; }}',
                    "tcpserver { init-children 2; min-idle 1; max-idle 4; }",
                    *self._acls(plain.port, secure.port),
                    _MAILS,
                    "}",
                ]
            ),
        )
        self.proxy = self._stack.enter_context(proxy)
        return self

    def __exit__(self, *args: object) -> None:
        self._stack.close()

    def _acls(self, plain: int, secure: int) -> Iterator[str]:
        for way, port in self.ports.items():
            server_tls = "session" if way.secure else ""
            mode = "command" if way.starttls else server_tls
            yield _ACLS.format(
                name=way.word,
                port=port,
                host=HOST,
                server=secure if mode == "session" else plain,
                client_tls="client-ssl-params IN session;" if way.secure else "",
                server_tls=f"server-ssl-params OUT {mode};" if mode else "",
                scanning="" if way.scanned else "no-mail-scanning;",
            )

    def _play_in_tls(self, peer: Peer) -> None:
        peer.start_tls(self._server)
        self._play(peer)

    def connect(self, way: Way) -> Peer:
        """A client who has not read anything yet."""
        client = connect(self.ports[way])
        if way.secure:
            try:
                client.start_tls(self._client, NAME)
            except ssl.SSLError:
                client.close()
                raise
        return client
