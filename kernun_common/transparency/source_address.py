"""source_address - from which addresses a session connects to its server; source-address(5).

    row = acl.source_address or proxy.source_address
    sources = sources_of(row, facts.client.address, facts.resolution)

See also: ../netio/sources.py, which connect takes.
"""

from __future__ import annotations

from kernun_common.acl.facts import Resolution
from kernun_common.configuration.types import Host
from kernun_common.netio.sources import ANY, Sources
from kernun_common.sockaddr import Address

from .section import SourceAddress


def sources_of(row: SourceAddress | None, client: Address, resolution: Resolution) -> Sources:
    """What the row means now; without one, the system chooses."""
    if row is None:
        return ANY
    return Sources(
        _address(row.addr4, 4, resolution),
        _address(row.addr6, 6, resolution),
        fallback=not row.no_fallback,
        client=client if row.client else None,
    )


def _address(host: Host | None, version: int, resolution: Resolution) -> Address | None:
    if host is None or host.name is None:
        return host.address if host is not None else None
    known = resolution.get(host.name, ())
    return next((address for address in known if address.version == version), None)
