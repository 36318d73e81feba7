"""server - which mail server the demonstration shows, and how the proxy is to speak to it.

    Server.parse("imap.example.org:993")      the reader's own; ValueError
    Server("127.0.0.1", port)                 the embedded one
"""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple

IMAPS = 993
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]+)*\.?")


class Server(NamedTuple):
    """A host, by name or address, and a port."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Server:
        host, _, port = text.rpartition(":")
        host = host.removeprefix("[").removesuffix("]")
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise ValueError(f"no port in {text!r}; write HOST:PORT")
        if not _is_address(host) and not _LABEL.fullmatch(host):
            raise ValueError(f"neither a name nor an address: {host!r}")
        return cls(host, int(port))

    @property
    def security(self) -> str:
        """How TLS begins: `session`, `command` (STARTTLS), or nothing within this machine."""
        if self.port == IMAPS:
            return "session"
        return "" if self._is_near else "command"

    @property
    def _is_near(self) -> bool:
        if self.host == "localhost":
            return True
        return _is_address(self.host) and ipaddress.ip_address(self.host).is_loopback

    @property
    def sock(self) -> str:
        """As the configuration language writes it."""
        host = f"[{self.host}]" if _is_address(self.host) else self.host
        return f"{host} : {self.port}"


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
