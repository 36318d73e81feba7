"""classes - the kernel's classes for the queues of a proxy, as values and commands of tc(8).

    wishes = wishes_of(queues)                          a wish for each queue and device
    present = classes_in(text)                          what `tc class show` prints
    numbers = numbered(names, own, numbers, taken)      the number of each queue's class
    remove_commands(device, own, present, kept)
    install_commands(device, own, wishes, numbers)      both for `tc -batch -`

On a device the queues of a proxy are the leaves of a class of its own,

    HTB (ours, or somebody's `parent`)
      |- the proxy's class    its rate: all bandwidths, or the greatest ceiling if that is more
          |- a class for each queue

so a queue gets beyond its bandwidth what the proxy's other queues leave.  The proxy's class has
a number from 0x8000 that is made of the proxy's name: a start finds what a killed parent left.
Queues have numbers below it, the same on all devices, because a packet finds its class by the
priority of its socket, MAJOR:MINOR.  Their last four bits are zero, by which a device without
such a class takes the packet for a usual one.

Rates are in bits a second.  See also: tc-htb(8), apply.py.
"""

from __future__ import annotations

import re
from typing import Collection, Dict, Iterable, Iterator, List, Mapping, NamedTuple, Optional
from zlib import crc32

from .section import Queue

HANDLE = 0x494D  # of the HTB that is ours
_OWN, _STEP = 0x8000, 0x10
_QUANTUM = range(1600, 60000)  # octets of a class at a time, when several want more
_ROUNDS = 80  # in a second


class Id(NamedTuple):
    """The number of a class; of a whole discipline, with the minor 0."""

    major: int
    minor: int = 0

    def __str__(self) -> str:
        return f"{self.major:x}:{self.minor:x}" if self.minor else f"{self.major:x}:"

    @classmethod
    def of(cls, text: str) -> Id:
        """As tc(8) writes it."""
        major, _, minor = text.partition(":")
        return cls(int(major or "0", 16), int(minor or "0", 16))

    @property
    def priority(self) -> int:
        """Of a socket whose packets belong there."""
        return self.major << 16 | self.minor


class Present(NamedTuple):
    """A class that is there, and that above it; None: directly in its discipline."""

    id: Id
    parent: Optional[Id]


class Wish(NamedTuple):
    """A class for the queue of this name, below `base`; None: in an HTB of ours."""

    device: str
    name: str
    base: Optional[Id]
    rate: int
    ceiling: int
    priority: int

    @property
    def major(self) -> int:
        return self.base.major if self.base is not None else HANDLE


def wishes_of(queues: Iterable[Queue]) -> List[Wish]:
    """Nothing of queues without bandwidth."""
    return [
        Wish(
            device,
            queue.name,
            Id.of(queue.parent) if queue.parent is not None else None,
            queue.bandwidth,
            queue.ceiling or queue.bandwidth,
            queue.priority,
        )
        for queue in queues
        if queue.bandwidth is not None
        for device in queue.devices
    ]


def own_number(program: str, name: str) -> int:
    """The minor number of the proxy's class."""
    return _OWN | crc32(f"{program}-{name}".encode("utf-8")) & ~_OWN & 0xFFFF


def numbered(
    names: Iterable[str], own: int, numbers: Mapping[str, int], taken: Collection[int]
) -> Dict[str, int]:
    """What has a number keeps it; the others get the first ones that are not taken."""
    found = dict(numbers)
    for name in names:
        if name not in found:
            used = {*taken, *found.values()}
            start = crc32(f"{own:x} {name}".encode("utf-8")) & (_OWN - _STEP)
            free = (start + step for step in range(0, _OWN, _STEP))
            found[name] = next(
                number % _OWN for number in free if number % _OWN not in {0, *used}
            )
    return found


_CLASS = re.compile(r"^class htb ([0-9a-f:]+) (?:root|parent ([0-9a-f:]+))", re.M)


def classes_in(text: str) -> List[Present]:
    """Those of HTBs."""
    return [
        Present(Id.of(number), Id.of(parent) if parent else None)
        for number, parent in _CLASS.findall(text)
    ]


def own_classes(own: int, present: Iterable[Present]) -> List[Present]:
    """The proxy's class, last, and those below it."""
    return sorted(
        (one for one in present if own in (one.id.minor, one.parent and one.parent.minor)),
        key=lambda one: one.id.minor == own,
    )


def remove_commands(
    device: str, own: int, present: Iterable[Present], kept: Collection[Present] = ()
) -> Iterator[str]:
    """All classes of the proxy, but those that are kept."""
    for one in own_classes(own, present):
        if one not in kept:
            yield f"class del dev {device} classid {one.id}\n"


def wanted(own: int, wishes: Iterable[Wish], numbers: Mapping[str, int]) -> Iterator[Present]:
    """The classes that the wishes, all of one device, come to."""
    for wish in wishes:
        above = wish.base if wish.base is not None and wish.base.minor else None
        yield Present(Id(wish.major, own), above)
        yield Present(Id(wish.major, numbers[wish.name]), Id(wish.major, own))


def install_commands(
    device: str, own: int, wishes: Collection[Wish], numbers: Mapping[str, int]
) -> Iterator[str]:
    """All of one device and one base; what is there is changed."""
    first = next(iter(wishes))
    everything = max(sum(wish.rate for wish in wishes), *(wish.ceiling for wish in wishes))
    above, ours = first.base or Id(HANDLE), Id(first.major, own)
    yield _class(device, above, ours, everything, everything, 0)
    for wish in wishes:
        leaf = Id(wish.major, numbers[wish.name])
        yield _class(device, ours, leaf, wish.rate, wish.ceiling, wish.priority)


def _class(device: str, above: Id, number: Id, rate: int, ceiling: int, priority: int) -> str:
    quantum = min(max(rate // 8 // _ROUNDS, _QUANTUM.start), _QUANTUM.stop)
    return (
        f"class replace dev {device} parent {above} classid {number} htb"
        f" rate {rate}bit ceil {ceiling}bit prio {priority} quantum {quantum}\n"
    )
