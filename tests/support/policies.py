"""policies - one program that serves many policies, each on a port of its own.

    POLICIES = {"no DELETE": Policy(command="commands ! { DELETE, UNKNOWN };"), ...}
    with Policies(folder, POLICIES, server.port) as policies:
        client = policies.connect("no DELETE")
    policies.session_end(client_port)       "IMAP-702-I SESSION-END ... ACCEPTED"

Those whose items of the section imap4-proxy differ are served by a parent of
their own.  See also: proxy.py, which is the same for one policy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

from imap4proxy import VERSION_TAG

from .peers import Peer, connect
from .ports import HOST, free_ports
from .proxy import Proxy

_PROXY = """
imap4-proxy {name} {{
    nodaemon;
    log-debug {{ level debug; }}
    listen-on {{ {listen} }}
    tcpserver {{ init-children 1; min-idle 1; max-idle 4; }}
    {items}
    {acls}
}}
"""
_ACLS = """
    session-acl {name} {{ to * port {port}; {session} {verdict} }}
    command-acl {name} {{ session-acl {name}; no-mail-scanning; {command} }}
"""
ACCEPT = "accept;"


@dataclass(frozen=True)
class Policy:
    """Items of the two acls and of the section imap4-proxy; `plug_to`: another server's port."""

    session: str = ""
    command: str = ""
    items: str = ""
    plug_to: int | None = None
    admit: str = ACCEPT  # or deny, in the session-acl
    permit: str = ACCEPT  # or deny, in the command-acl


class Policies(Proxy):
    def __init__(
        self, folder: Path, policies: Mapping[str, Policy], plug_to: int, sections: str = ""
    ) -> None:
        """`plug_to`: the port of the server; `sections` stand before the sections imap4-proxy."""
        self.ports = dict(zip(policies, free_ports(len(policies))))
        groups: dict[str, list[str]] = {}
        for name, policy in policies.items():
            groups.setdefault(policy.items, []).append(name)
        text = [f"version {VERSION_TAG};", sections]
        for number, (items, names) in enumerate(groups.items()):
            acls = "".join(self._acls(name, policies[name], plug_to) for name in names)
            listen = " ".join(
                f"non-transparent [{HOST}] port {self.ports[name]};" for name in names
            )
            text.append(
                _PROXY.format(name=f"TEST{number}", listen=listen, items=items, acls=acls)
            )
        super().__init__(folder, configuration="\n".join(text))

    def _acls(self, name: str, policy: Policy, plug_to: int) -> str:
        server = policy.plug_to or plug_to
        return _ACLS.format(
            name=_word(name),
            port=self.ports[name],
            session=f"plug-to [{HOST}] : {server}; {policy.session}",
            verdict=policy.admit,
            command=f"{policy.command} {policy.permit}",
        )

    def start(self) -> None:
        """Start the program and wait until it listens everywhere."""
        self.port = next(iter(self.ports.values()))
        super().start()
        for port in self.ports.values():
            self.process.wait_for_port(port)

    def connect(self, name: str) -> Peer:
        return connect(self.ports[name])

    def session_end(self, client_port: int) -> str:
        """The line SESSION-END of the client who came from this port, when it has been logged."""
        self.process.wait_until(
            lambda: bool(self.ended(client_port)), f"no end of the session from {client_port}"
        )
        return self.ended(client_port)[-1]

    def ended(self, client_port: int) -> list[str]:
        """The same, none if it has not been logged yet."""
        pattern = rf"IMAP-702-I .* CLIENT=\[{re.escape(HOST)}\]:{client_port} .*"
        return re.findall(pattern, self.log)


def _word(name: str) -> str:
    """The name as one word of the configuration."""
    return name.replace(" ", "-")
