"""facts - what is known of a session when an acl layer is asked.

    facts = Facts(client, to, transparent, when)                   # phase 1
    replace(facts, server=Server.of(sock), parent="STAFF")         # phase 2

Facts never change: every layer gets its own, with what the layers before it
have settled.  Nothing here asks a clock, a resolver or a socket; the session
does, and only for what an ACL compares.

See also: choose.py, access-control(7).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import FrozenSet, Mapping, Protocol, Tuple

from kernun_common.configuration.types import Host, Sock
from kernun_common.sockaddr import Address, Sockaddr

# What the names of the configuration stand for now, by the name in lower case.
# A name that is not here could not be resolved; one with no addresses has none.
Resolution = Mapping[str, Tuple[Address, ...]]


class Certificate(Protocol):
    """What an ACL compares of a certificate, and ../tls/certificate.py knows; here only the names.

    Subjects and issuers: the whole distinguished name, then each of its parts
    alone.  `dns_names` and `addresses` are those of the `sans` that name hosts.
    """

    @property
    def subjects(self) -> Tuple[str, ...]: ...

    @property
    def issuers(self) -> Tuple[str, ...]: ...

    @property
    def sans(self) -> Tuple[str, ...]: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def dns_names(self) -> Tuple[str, ...]: ...

    @property
    def addresses(self) -> Tuple[str, ...]: ...


@dataclass(frozen=True)
class Server:
    """The server of a session, as it was named and, once connected, where it is."""

    host: Host
    port: int
    address: Address | None = None

    @classmethod
    def of(cls, sock: Sock) -> Server:
        """The server that a `plug-to` names."""
        return cls(sock.host, sock.port, sock.host.address)

    @classmethod
    def at(cls, place: Sockaddr) -> Server:
        """The server that a transparent client addressed itself."""
        return cls(Host(place.address, None), place.port, place.address)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Facts:
    """What entry conditions are compared with.

    `to` is where the client connected: the original destination if `transparent`.
    `client_names` are the forward-confirmed reverse names of the client, in lower
    case without a final dot; None where nobody asked or no answer came.
    `when` is local time.  `user` is None where nobody has logged in.
    From phase 2 on: `server`, the client's `certificate` if it showed one, and
    `parent`, the name of the ACL that the layer before selected.
    """

    client: Sockaddr
    to: Sockaddr
    transparent: bool
    when: datetime
    client_names: Tuple[str, ...] | None = None
    user: str | None = None
    groups: FrozenSet[str] = frozenset()
    server: Server | None = None
    certificate: Certificate | None = None
    parent: str = ""
    resolution: Resolution = field(default_factory=dict, repr=False)
