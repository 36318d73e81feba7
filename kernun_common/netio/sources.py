"""sources - own addresses for connections, by the family of the other end.

    Sources(addr4=IPv4Address("192.0.2.1")).towards(server)     the address, or None
    ANY                                                         the system chooses

`client` is the address of a client: it is taken where it is of the server's family, and
the system has to be told that it may be (IP_TRANSPARENT).
"""

from __future__ import annotations

from typing import NamedTuple

from kernun_common.sockaddr import Address


class Sources(NamedTuple):
    """`fallback`: may the system choose where there is none, or it is not to be had?"""

    addr4: Address | None = None
    addr6: Address | None = None
    fallback: bool = True
    client: Address | None = None

    def towards(self, other: Address) -> Address | None:
        if self.client is not None and self.client.version == other.version:
            return self.client
        return self.addr4 if other.version == 4 else self.addr6


ANY = Sources()
