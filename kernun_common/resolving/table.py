"""table - what the names of a configuration stand for, in memory that processes share.

    table = Table(names, known)         in the parent, before any child is forked
    table.publish(resolution)           in one process, the keeper of the names
    table.read()                        in all: the Resolution that was published last
    table.is_published()                     has there been any?

The memory holds two copies and a number that says how often there was something
to publish; odd numbers lie in the one copy and even ones in the other.  So who
reads is never disturbed unless it takes two publications to read one, which the
number shows, and who dies while publishing has spoilt nothing.

A copy is text, a name and its addresses in a line.  It has room for
MOST_ADDRESSES of each name; memory that is never written costs nothing.

See also: keeper.py, ../acl/facts.py.
"""

from __future__ import annotations

import mmap
import struct
from typing import Collection, Dict, Final, Tuple

from ..acl.facts import Resolution
from ..sockaddr import Address, address

MOST_ADDRESSES = 256  # of one name; a response over UDP holds some thirty

_LONGEST_ADDRESS = len(" ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
_NUMBER: Final = "Q"  # unsigned, 64 bits: memoryview's word for it
_NUMBER_OCTETS = 8
_LENGTH = struct.Struct("=I")  # of the text of a copy


class Table:
    """See the file's first lines."""

    def __init__(self, names: Collection[str], known: Resolution) -> None:
        """`known` is read until something is published; names that are not in `names` fall out."""
        self.names = tuple(dict.fromkeys(names))
        self._resolution: Resolution = {name: known[name] for name in names if name in known}
        room = sum(len(name) + len("\n") for name in self.names)
        room += len(self.names) * MOST_ADDRESSES * _LONGEST_ADDRESS
        self._size = _LENGTH.size + room
        self._memory = mmap.mmap(-1, _NUMBER_OCTETS + 2 * self._size)
        self._number = memoryview(self._memory)[:_NUMBER_OCTETS].cast(_NUMBER)
        self._seen = 0

    def is_published(self) -> bool:
        return self._number[0] > 0

    def publish(self, resolution: Resolution) -> None:
        """For all who read from now on; at most MOST_ADDRESSES of each name."""
        number = self._number[0] + 1
        text = _encode({name: resolution[name] for name in self.names if name in resolution})
        at = self._place(number)
        self._memory[at : at + _LENGTH.size] = _LENGTH.pack(len(text))
        self._memory[at + _LENGTH.size : at + _LENGTH.size + len(text)] = text
        self._number[0] = number

    def read(self) -> Resolution:
        """Costs next to nothing where nothing has been published since the last time."""
        while (number := self._number[0]) != self._seen:
            text = self._copy(number)
            if self._number[0] == number:
                self._resolution, self._seen = _decode(text), number
        return self._resolution

    def _copy(self, number: int) -> bytes:
        at = self._place(number)
        begin = at + _LENGTH.size
        (length,) = _LENGTH.unpack(self._memory[at:begin])
        return self._memory[begin : begin + length]

    def _place(self, number: int) -> int:
        return _NUMBER_OCTETS + number % 2 * self._size


def _encode(resolution: Resolution) -> bytes:
    lines = (
        " ".join((name, *map(str, addresses[:MOST_ADDRESSES]))) + "\n"
        for name, addresses in resolution.items()
    )
    return "".join(lines).encode("ascii")


def _decode(text: bytes) -> Resolution:
    resolution: Dict[str, Tuple[Address, ...]] = {}
    for line in text.decode("ascii").splitlines():
        name, *addresses = line.split(" ")
        resolution[name] = tuple(map(address, addresses))
    return resolution
