"""world - the real program before Dovecot, with clamd and spamd, for all manners of clients.

    with World(folder, clamd, spamd) as world:
        world.entrances["tls"]              how one gets in: Entrance(port, TLS or not)
        world.mails                         those of INBOX of READER, in their order

Entrances: `plain`, `tls` at once and `starttls`, all of which scan mails, with towards the server
the same kind of TLS; and `relay`, which scans none.  Mails with a virus are denied.
"""

from __future__ import annotations

import os
import ssl
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, Self

from tests.support.certificates import Authority, write
from tests.support.dovecot import PASSWORD, Dovecot
from tests.support.engines import Clamd, Spamd
from tests.support.mail_samples import ARCHIVE, HTML, TEXT, mixed, part
from tests.support.mails import mails
from tests.support.peers import Peer, connect
from tests.support.ports import HOST, free_ports
from tests.support.proxy import Proxy

READER = "reader"  # whose mails are only read
LARGE = 3 << 20  # octets of the one large mail before it is encoded; it is the last one
# They stay, however many sessions they have had: one that leaves takes with it what it leaked.
CHILDREN = "init-children 16; min-idle 1; max-idle 60; max-children 60; max-sessions 1000000;"

_CONFIGURATION = """
version IMAP4-PROXY-1_0-RELEASE;
antivirus CLAMAV {{ connection clamav [{host}] : {clamd}; }}
antispam SPAMASSASSIN {{ connection [{host}] : {spamd}; }}
ssl-params IN {{ cert-file "{cert}"; key-file "{key}"; }}
ssl-params OUT {{ ca-file "{ca}"; }}
imap4-proxy SOAK {{
    nodaemon;
    log-debug {{ level normal; }}
    log-stats {{ file "{folder}/stats.log"; }}
    tcpserver {{ {children} }}
    mail-pool {{ dir "{folder}/pool"; free 0; }}
    verdict-cache {{ path "{verdicts}"; }}
    listen-on {{
        non-transparent [{host}] port {{port}};
        non-transparent [{host}] port {tls};
        non-transparent [{host}] port {starttls};
        non-transparent [{host}] port {relay};
    }}
    session-acl TLS {{
        to * port {tls}; plug-to [{host}] : {server_tls}; client-ssl-params IN session; accept;
    }}
    session-acl STARTTLS {{
        to * port {starttls}; plug-to [{host}] : {server};
        client-ssl-params IN command required; accept;
    }}
    session-acl RELAY {{ to * port {relay}; plug-to [{host}] : {server}; accept; }}
    session-acl PLAIN {{ plug-to [{host}] : {server}; accept; }}
    command-acl TLS {{ session-acl TLS; {engines} server-ssl-params OUT session; accept; }}
    command-acl STARTTLS {{
        session-acl STARTTLS; {engines} server-ssl-params OUT command; accept;
    }}
    command-acl RELAY {{ session-acl RELAY; no-mail-scanning; accept; }}
    command-acl PLAIN {{ session-acl PLAIN; {engines} accept; }}
    mail-acl VIRUS {{ virus-status found; deny; }}
    mail-acl REST {{ accept; }}
    doc-acl ALL {{ accept; }}
}}
"""
_ENGINES = "use-antivirus enable CLAMAV; use-antispam enable SPAMASSASSIN;"
# It looks for new mails by itself, where the system does not tell it of them.
_SERVER = "mailbox_idle_check_interval = 1 s\n"


class Entrance(NamedTuple):
    """Where one gets in, and what stands before the login."""

    port: int
    tls: ssl.SSLContext | None = None
    starttls: bool = False

    def open(self) -> Peer:
        """A client who has got the greeting, and is in TLS where that is wanted."""
        client = connect(self.port)
        if self.tls is not None and not self.starttls:
            client.start_tls(self.tls, "localhost")
        assert client.line().startswith(b"* OK")
        if self.tls is not None and self.starttls:
            assert client.command(b"STARTTLS").startswith(b"x OK")
            client.start_tls(self.tls, "localhost")
        return client

    def login(self, user: str) -> Peer:
        client = self.open()
        answer = client.command(b"LOGIN %b %b" % (user.encode(), PASSWORD.encode()))
        assert b"x OK" in answer, answer
        return client


def samples() -> list[bytes]:
    """Mails of many kinds, the large one at the end."""
    large = part("application/octet-stream", os.urandom(LARGE), name="large.bin")
    return [*mails(24), mixed(TEXT, HTML, ARCHIVE), mixed(TEXT, large)]


class World:
    """See the file's head."""

    def __init__(self, folder: Path, clamd: Clamd, spamd: Spamd) -> None:
        self.pool = folder / "pool"
        self.pool.mkdir()
        self.verdicts = folder / "verdicts.sqlite"
        self.mails = samples()
        authority = Authority("Example CA")
        files = authority.issue("localhost", dns=["localhost"], ips=[HOST]).write(folder)
        tls = ssl.create_default_context(cadata=authority.pem.decode())
        self.server = Dovecot(certificate=files, settings=_SERVER)
        ports = dict(zip(("tls", "starttls", "relay"), free_ports(3)))
        self.proxy = Proxy(
            folder,
            configuration=_CONFIGURATION.format(
                host=HOST,
                clamd=clamd.port,
                spamd=spamd.port,
                cert=files.cert,
                key=files.key,
                ca=write(folder / "ca.pem", authority.pem),
                folder=folder,
                verdicts=self.verdicts,
                children=CHILDREN,
                engines=_ENGINES,
                server=self.server.port,
                server_tls=self.server.tls_port,
                port="{port}",
                **ports,
            ),
        )
        self.entrances = {
            "plain": Entrance(self.proxy.port),
            "tls": Entrance(ports["tls"], tls),
            "starttls": Entrance(ports["starttls"], tls, starttls=True),
            "relay": Entrance(ports["relay"]),
        }
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.enter_context(self.server)
        self.server.fill(READER, self.mails)
        self._stack.enter_context(self.proxy)
        return self

    def __exit__(self, *args: object) -> None:
        self._stack.close()
