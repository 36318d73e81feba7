"""proxy_hosts - the hosts that send PROXY headers, as `proxy-protocol` names them.  [P]

    text = complaint(hosts)                         for the check of an item
    brings_header(hosts, peer, resolution)          must the peer's connection begin with one?

See also: listen-on(5), auth(5); proxied.py.
"""

from __future__ import annotations

from typing import Callable, Optional

from kernun_common.acl.condition import Answer
from kernun_common.acl.facts import Resolution
from kernun_common.acl.host_matching import address_in
from kernun_common.configuration.types import Glob, HostSet, Regex
from kernun_common.sockaddr import Address


def complaint(hosts: Optional[HostSet]) -> Optional[str]:
    """None: all is well."""
    members = hosts.members if hosts is not None else ()
    if any(isinstance(member, (Glob, Regex)) for member in members):
        return "proxy-protocol must not have a glob or regex: there is no name to compare it with"
    return None


def brings_header(
    hosts: Optional[HostSet], peer: Address, resolution: Callable[[], Resolution]
) -> bool:
    return hosts is not None and address_in(hosts, peer, resolution()) is Answer.YES
