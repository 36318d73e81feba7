"""firewall - the program on the firewall of a network; it may be killed and started again.

    with Firewall(network, folder, listen="transparent [0.0.0.0] port {port};") as proxy: ...
    rules(network)          the rules of its packet filter, as nft writes them
    routing(network)        its rules of routing, and the routes to which they lead

`listen` are rows of listen-on, for `{port}` among others; `session` stands in the session-acl
HIDDEN, which has the clients of port 143.  Where one is not transparent, it gets to the server's
port 143 as well.  See also: namespaces.py, proxy.py.
"""

from __future__ import annotations

import re
import signal
from pathlib import Path

from .daemons import below, lives
from .namespaces import Network
from .proxy import Proxy
from .waiting import wait_until

VERSIONS = (4, 6)
NOBODY = "app-user nobody;"

_CONFIGURATION = """
version IMAP4-PROXY-1_0-RELEASE;
interface INSIDE {{ dev f0; alias FOUR {{ addr [10.77.1.1]; }} alias SIX {{ addr [fd77:1::1]; }} }}
imap4-proxy {name} {{
    nodaemon;
    log-debug {{ level full; }}
    tcpserver {{ init-children 2; min-idle 1; max-idle 4; }}
    {items}
    listen-on {{ {listen} }}
    session-acl HIDDEN {{ transparency transparent; to * port 143; {session} accept; }}
    session-acl SEEN {{ transparency transparent; accept; }}
    session-acl OWN {{ plug-to [10.77.2.2] : 143; accept; }}
    command-acl ALL {{ no-mail-scanning; greeting "from the proxy"; accept; }}
}}
"""


class Firewall(Proxy):
    """The program on the firewall; it may be started, killed and started again."""

    def __init__(
        self,
        network: Network,
        folder: Path,
        listen: str,
        items: str = NOBODY,
        session: str = "",
        name: str = "FIREWALL",
        configuration: str = _CONFIGURATION,
    ) -> None:
        self.network = network
        text = configuration.format(name=name, items=items, listen=listen, session=session)
        with network.firewall.entered():  # where the port is to be free
            super().__init__(folder, configuration=text)

    def start(self) -> None:
        starts = self.log_file.read_text().count(": TCPS-701-") if self.log_file.exists() else 0
        with self.network.firewall.entered():
            super().start()
        self.wait_for("TCPS-701", starts + 1)

    def kill(self) -> None:
        """By a signal that nobody can handle; its children end when they see it."""
        children = below(self.pid)
        self.process.signal(signal.SIGKILL)
        self.process.wait()
        wait_until(lambda: not any(lives(child.pid) for child in children), "the children's end")

    def last(self, identification: str, client: str) -> str:
        """The line of this message for this client."""

        def found() -> list[str]:
            lines = (line.replace("\\x5d", "]") for line in self.logged(identification))
            return [line for line in lines if client in line]

        self.process.wait_until(lambda: bool(found()), f"no {identification} of {client}")
        return found()[-1]


def rules(network: Network) -> str:
    return network.firewall.run("nft", "list", "ruleset")


def routing(network: Network) -> list[str]:
    """Rules of routing, and the routes that are not in the usual tables."""
    told = [network.firewall.run("ip", f"-{version}", "rule") for version in VERSIONS]
    routes = network.firewall.run("ip", "route", "show", "table", "all")
    return [*told, *(line for line in routes.splitlines() if re.search(r"table \d", line))]
