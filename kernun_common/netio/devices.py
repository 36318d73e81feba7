"""devices - the network devices of this machine, and their addresses now.

    devices = Devices()
    devices.addresses("eth0")       Unavailable: there is no such device
    devices.carrying(address)       the name of the device; Unavailable: none has it
    devices.reachable(6)            one of the version that others reach; Unavailable: there is none

The system is asked when it must be, and once.  Link-local addresses are left out: they say
nothing without the device, and so no client is given one to connect to.
"""

from __future__ import annotations

import socket
from functools import cached_property
from typing import Dict, Tuple

import psutil

from kernun_common.errors import Unavailable
from kernun_common.sockaddr import Address, address

_FAMILIES = (socket.AF_INET, socket.AF_INET6)


class Devices:
    """See the file's first lines."""

    def addresses(self, device: str) -> Tuple[Address, ...]:
        if device not in self._known:
            raise Unavailable(f"there is no device {device}")
        return self._known[device]

    def carrying(self, one: Address) -> str:
        for device, addresses in self._known.items():
            if one in addresses:
                return device
        raise Unavailable(f"no device has the address [{one}]")

    def reachable(self, version: int) -> Address:
        for addresses in self._known.values():
            for one in addresses:
                if one.version == version and not one.is_loopback:
                    return one
        raise Unavailable(f"no device has an address of IPv{version} but loopback and link-local")

    @cached_property
    def _known(self) -> Dict[str, Tuple[Address, ...]]:
        try:
            found = psutil.net_if_addrs()
        except OSError as failure:
            raise Unavailable(f"the network devices cannot be seen: {failure}") from failure
        known = {}
        for device, entries in found.items():
            addresses = (address(it.address) for it in entries if it.family in _FAMILIES)
            known[device] = tuple(one for one in addresses if not one.is_link_local)
        return known
