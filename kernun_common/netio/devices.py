"""devices - the network devices of this machine, and their addresses now.

    devices = known_devices()
    devices.addresses("eth0")       Unavailable: there is no such device
    devices.carrying(address)       the name of the device; Unavailable: none has it

Link-local addresses are left out: they say nothing without the device, and so no client is given
one to connect to.
"""

from __future__ import annotations

import socket
from typing import Dict, NamedTuple, Tuple

import psutil

from kernun_common.errors import Unavailable
from kernun_common.sockaddr import Address, address

_FAMILIES = (socket.AF_INET, socket.AF_INET6)


class Devices(NamedTuple):
    """The addresses by the names of the devices."""

    known: Dict[str, Tuple[Address, ...]]

    def addresses(self, device: str) -> Tuple[Address, ...]:
        if device not in self.known:
            raise Unavailable(f"there is no device {device}")
        return self.known[device]

    def carrying(self, one: Address) -> str:
        for device, addresses in self.known.items():
            if one in addresses:
                return device
        raise Unavailable(f"no device has the address [{one}]")


def known_devices() -> Devices:
    found = {}
    for device, entries in psutil.net_if_addrs().items():
        addresses = (address(entry.address) for entry in entries if entry.family in _FAMILIES)
        found[device] = tuple(one for one in addresses if not one.is_link_local)
    return Devices(found)
