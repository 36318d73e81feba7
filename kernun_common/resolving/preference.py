"""preference - in which order to try the addresses of a name.

    preferred(addresses)        the same ones

Those to which there is a route come first, and of these IPv6 before IPv4, as RFC
6724 has it (section 6, rules 1 and 6 in their simplest form).  Within a family
the order of the name server stays: it spreads the load with it.
"""

from __future__ import annotations

import socket
from typing import Iterable, Tuple

from ..sockaddr import Address

_ANY_PORT = 9  # discard; no packet is sent


def preferred(addresses: Iterable[Address]) -> Tuple[Address, ...]:
    return tuple(sorted(addresses, key=lambda it: (not has_route(it), -it.version)))


def has_route(to: Address) -> bool:
    """Would the system know where to send a packet?"""
    family = socket.AF_INET if to.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.connect((str(to), _ANY_PORT))
    except OSError:
        return False
    return True
