"""section - source-address(5): from which address the proxy connects to a server.

The item may stand in the section of a proxy, and in an ACL, where it wins.
See also: source_address.py.
"""

from __future__ import annotations

from typing import NamedTuple

from kernun_common.configuration.constraints import Constraint
from kernun_common.configuration.schema import Section, item, section
from kernun_common.configuration.types import Host


class SourceAddress(NamedTuple):
    """An address, or a name that stands for some, for servers of either family.

    With `client`, the client's own where the server is of its family.
    """

    addr4: Host | None = None
    addr6: Host | None = None
    no_fallback: bool = False
    client: bool = False


def _fits(host: Host | None, version: int) -> bool:
    return host is None or host.address is None or host.address.version == version


def _holds(row: SourceAddress) -> bool:
    some = row.client or row.addr4 is not None or row.addr6 is not None
    return some and _fits(row.addr4, 4) and _fits(row.addr6, 6)


fitting = Constraint(
    "must have `client`, an IPv4 address as addr4, an IPv6 address as addr6, or several of them",
    _holds,
)


@section("source-address", "From which address servers are connected to.")
class WithSourceAddress(Section):
    """Base of the sections in which the item may stand."""

    source_address: SourceAddress | None = item(
        "[client] [addr4 host] [addr6 host] [no-fallback]",
        into=SourceAddress,
        check=fitting,
        text="The address from which a server is connected to: with `client` the client's own"
        " where the server's is of the same version, transparency(7); else `addr4` where the"
        " server's is of IPv4, `addr6` where it is of IPv6. A name stands for the first of its"
        " addresses. Where none is given for the version, none is known, or the system does not"
        " give it, the system chooses; with `no-fallback` that address of the server is passed"
        " over.",
    )
