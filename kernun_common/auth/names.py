"""names - what names stand for, asked of the system when they are used; for kernun-oob.

    resolution = SystemNames()
    resolution.get("redis.example.org", ())     blocks as long as the system's resolver does

A proxy has a table of its own for that (../resolving/), which a program without parent and
children has no need of.
"""

from __future__ import annotations

import socket
from typing import Iterator, Mapping, Tuple

from ..resolving.system import getaddrinfo
from ..sockaddr import Address, address


class SystemNames(Mapping[str, Tuple[Address, ...]]):
    """See the file's first lines."""

    def __getitem__(self, name: str) -> Tuple[Address, ...]:
        try:
            found = getaddrinfo(name)
        except (socket.gaierror, UnicodeError):
            found = ()
        if not found:
            raise KeyError(name)
        return tuple(map(address, found))

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
