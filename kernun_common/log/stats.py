"""stats - the record that every session leaves in the stats log, whatever happened.

    log.stats(messages.PROXY_EVENT, ProxyEvent(client=..., ...).fields())

All proxies write the same record, as COMPONENT-888.  What is not known (a session
that never had a server) is None, logged as <NULL>.
See also: logging(7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Optional

from ..sockaddr import Sockaddr


@dataclass(frozen=True)
class ProxyEvent:
    """One session.  Octets in = from that peer, out = to it; `duration` in seconds."""

    client: Sockaddr
    server: Optional[Sockaddr]
    client_name: Optional[str] = None
    server_name: Optional[str] = None
    server_port_name: Optional[str] = None
    user: object = None
    client_in: int = 0
    client_out: int = 0
    server_in: int = 0
    server_out: int = 0
    duration: float = 0.0
    status: str = ""
    result: str = ""
    rule: Optional[str] = None

    def fields(self) -> Mapping[str, object]:
        """The values, by the names in the row."""
        return {**self._peers(), **self._outcome()}

    def _peers(self) -> dict[str, object]:
        client, server = self.client, self.server
        return {
            "client": self.client_name or client.host,
            "client_ip": client.host,
            "client_port": client.port,
            "server": self.server_name or (server and server.host),
            "server_ip": server and server.host,
            "server_port": server and server.port,
            "server_port_name": self.server_port_name,
        }

    def _outcome(self) -> dict[str, object]:
        return {
            "user": self.user,
            "bytes_cin": self.client_in,
            "bytes_cout": self.client_out,
            "bytes_sin": self.server_in,
            "bytes_sout": self.server_out,
            "duration": self.duration,
            "status": self.status,
            "result": self.result,
            "rule": self.rule,
        }
