"""jail - the real program in another root, as another user, with strace watching.

    with stage(folder, jail, names) as it:      TLS on both sides; `policy=PLAIN` for none
        it.session()                            all that a mail program does, and more
    it.calls_inside()                           calls on files, by process, since the other root

`names` is the name server; it has to know SERVER, the name in plug-to, and that the
client is called CLIENT, or else no ACL lets it in.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, NamedTuple

import psutil

from .daemons import below, title
from .dns_server import DnsServer
from .obliging import CAPABILITIES, Obliging, script
from .peers import FakeServer, Peer, connect
from .ports import HOST
from .proxy import Proxy
from .tls import client_context, server_context
from .world import NAME, World, own

LARGE = 700_000  # octets of a literal; more than the queues of the sockets hold
SERVER = "imap.example.org"
CLIENT = "pc7.example.org"

CONFIGURATION = """
version IMAP4-PROXY-1_0-RELEASE;
resolver NAMES {{ server [{host}] port {dns}; }}
ssl-params CLIENTS {{ {own} ca-file "{ca}"; crl-file "{crl}"; verify required; }}
ssl-params SERVERS {{ ca-file "{ca}"; verify required; match-name yes; }}
imap4-proxy TEST {{
    nodaemon;
    log-debug {{ level {level}; file "{folder}/debug"; }}
    log-stats {{ level full; file "{folder}/stats"; {format} }}
    use-resolver NAMES;
    monitoring {{ comm-dir "{jail}/run"; interval 1; }}
    tcpserver {{ init-children 1; min-idle 1; max-idle 2; {processes} }}
    app-user nobody;
    chroot-dir "{jail}";
    listen-on {{ non-transparent [{host}] port {{port}}; }}
    session-acl ALL {{
        from pc*.example.org;
        language CZ;
        {clients}
        plug-to {server} : {port};
        accept;
    }}
    command-acl ALL {{
        commands ! DELETE;
        {servers}
        no-mail-scanning;
        accept;
    }}
}}
"""


TLS = (
    'client-ssl-params CLIENTS session; client-cert-match subject { "OU=admins" };',
    "server-ssl-params SERVERS session;",
)
PLAIN = ("", "")


class Stage(NamedTuple):
    """The program, and all it needs around it."""

    proxy: Proxy
    folder: Path
    jail: Path
    traces: Path
    world: World
    tls: bool

    def connect(self, name: str = "alice") -> Peer:
        client = connect(self.proxy.port)
        if self.tls:
            context = client_context(self.world.root, self.world.clients[name])
            client.start_tls(context, NAME)
        return client

    def session(self) -> None:
        """Everything that a mail program does, and something that it may not."""
        with self.connect() as client:
            assert client.line().startswith(b"* OK")
            assert b"x OK" in client.command(b"LOGIN alice secret")
            assert b"x OK" in client.command(b"SELECT INBOX")
            assert len(client.command(b"FETCH 1 BODY[]")) > LARGE
            client.send(b"i IDLE\r\n")
            assert client.line().startswith(b"+")
            client.send(b"DONE\r\n")
            assert client.line().startswith(b"i OK")
            assert b"neni povolen" in client.command(b"DELETE Trash")
            client.command(b"nonsense")
            assert b"x OK" in client.command(b"APPEND x {5+}\r\nhello")
            assert b"x OK" in client.command(b"LOGOUT")
            client.rest()

    def log(self, name: str) -> str:
        path = self.folder / name
        return path.read_text() if path.exists() else ""

    def children(self) -> list[psutil.Process]:
        return [it for it in below(self.proxy.pid) if ": child: " in title(it)]

    def calls_inside(self) -> list[list[str]]:
        """Of each process that has another root: its calls since then."""
        found = []
        for path in self.traces.iterdir():
            lines = path.read_text(errors="replace").splitlines()
            root = f'chroot("{self.jail}'
            roots = [number for number, line in enumerate(lines) if line.startswith(root)]
            if roots:
                found.append(lines[roots[0] :])
        return found


@contextmanager
def stage(
    folder: Path,
    jail: Path,
    names: DnsServer,
    policy: tuple[str, str] = TLS,
    level: str = "full",
    format: str = "",
    processes: str = "",
) -> Iterator[Stage]:
    tls = policy is TLS
    world = World(folder)
    certificate = world.write(world.root.issue(SERVER, dns=[SERVER]))
    literal = b"* 1 FETCH (BODY[] {%d}\r\n%b)\r\n" % (LARGE, b"x" * LARGE)

    def serve(peer: Peer) -> None:
        if tls:
            peer.start_tls(server_context(certificate))
        script(Obliging(CAPABILITIES, {b"FETCH": literal}), peer)

    traces = folder / "traces"
    traces.mkdir()
    strace = ("strace", "-D", "-ff", "-o", traces / "of", "-e", "trace=%file,execve", "-qq")
    with FakeServer(serve) as server:
        text = CONFIGURATION.format(
            host=HOST,
            dns=names.port,
            own=own(world.proxy),
            ca=world.ca,
            crl=world.crl,
            folder=folder,
            jail=jail,
            clients=policy[0],
            servers=policy[1],
            level=level,
            format=format,
            processes=processes,
            server=SERVER,
            port=server.port,
        )
        with Proxy(folder, configuration=text, prefix=strace) as proxy:
            yield Stage(proxy, folder, jail, traces, world, tls)
    assert proxy.status == 0
