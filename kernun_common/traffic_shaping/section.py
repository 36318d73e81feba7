"""section - traffic-shaping(7): queues, and which octets of a session go by way of them.

    queue SLOW { bandwidth 10M; ceiling 20M; dev { eth0 }; per-session 1M; }

    altq to-client SLOW;            in an ACL

Rates are in bits a second.  See also: classes.py, apply.py.
"""

from __future__ import annotations

import re
from typing import Iterable, Iterator, NamedTuple, Optional, Tuple, Union

from kernun_common.configuration.constraints import Constraint, between
from kernun_common.configuration.schema import PartRow, Section, item, section
from kernun_common.configuration.types import Exact, StrSet
from kernun_common.errors import Where

PRIORITIES = 8  # linux/pkt_sched.h, TC_HTB_NUMPRIO
_CLASS = re.compile(r"([0-9a-f]{1,4}):([0-9a-f]{0,4})", re.ASCII)
_DEVICE = re.compile(r"[A-Za-z0-9_.:@-]{1,15}", re.ASCII)

class_id = Constraint(
    "must be the number of a class as tc(8) writes it, such as 1:10, or 1: for the root",
    lambda parent: _CLASS.fullmatch(parent) is not None,
)
at_least_a_kilobit = Constraint("must be at least 1K", lambda rate: rate >= 1000)


def _names(dev: StrSet) -> bool:
    exact = all(isinstance(member, Exact) for member in dev.members)
    return exact and not dev.negated and all(map(_DEVICE.fullmatch, _devices(dev)))


def _devices(dev: StrSet) -> Tuple[str, ...]:
    return tuple(member.text for member in dev.members if isinstance(member, Exact))


device_names = Constraint("must name devices, without patterns", _names)


@section("queue", "How fast the octets of some sessions leave.", named=True)
class Queue(Section):
    """`altq` of ACLs refers to it."""

    bandwidth: Optional[int] = item(
        "rate",
        check=at_least_a_kilobit,
        text="So many bits a second are for all sessions of the queue together, on each device of"
        " `dev`.",
    )
    ceiling: Optional[int] = item(
        "rate",
        text="So many they may have while other queues of the proxy, or the classes beside it under"
        " `parent`, leave them unused; the bandwidth if not given.",
    )
    per_session: Optional[int] = item(
        "rate",
        check=at_least_a_kilobit,
        text="So many bits a second leave on one connection at most.",
    )
    dev: Optional[StrSet] = item(
        "str-set",
        check=device_names,
        text="The network devices by which the packets leave. On any other one, `bandwidth` and"
        " `ceiling` do not hold.",
    )
    priority: int = item(
        "uint8",
        default="0",
        check=between(0, PRIORITIES - 1),
        text="What queues leave unused is offered to those of the lowest number first.",
    )
    parent: Optional[str] = item(
        "str",
        check=class_id,
        text="The class of an HTB that is there, under which the proxy puts its own; without it"
        " the devices must have nothing but the kernel's default.",
    )

    @property
    def devices(self) -> Tuple[str, ...]:
        """The names in `dev`."""
        return _devices(self.dev) if self.dev is not None else ()

    def complaints(self) -> Iterable[Tuple[Union[str, Where], str]]:
        yield from super().complaints()
        if self.bandwidth is None:
            if self.per_session is None:
                yield self.where, f"queue {self.name} needs bandwidth or per-session"
            for attribute in ("ceiling", "dev", "priority", "parent"):
                if attribute in self.places:
                    yield attribute, "is of no use without bandwidth"
            return
        if not self.devices:
            yield "bandwidth", "needs dev"
        if self.ceiling is not None and self.ceiling < self.bandwidth:
            yield "ceiling", "must not be less than bandwidth"


class Altq(NamedTuple):
    """The queue of each direction, where one is given."""

    to_client: Optional[Queue] = None
    to_server: Optional[Queue] = None


class AltqWithEngines(NamedTuple):
    """Likewise."""

    to_client: Optional[Queue] = None
    to_server: Optional[Queue] = None
    to_antivirus: Optional[Queue] = None
    to_antispam: Optional[Queue] = None


some_queue = Constraint("must name a queue for some direction", lambda altq: any(altq))

SIDES = "[to-client ref:queue] [to-server ref:queue]"


@section("altq", "By way of which queues the octets of a session leave.")
class WithAltq(Section):
    """Base of the sections in which the item may stand."""

    altq: Union[Altq, AltqWithEngines, None] = item(
        SIDES,
        into=Altq,
        check=some_queue,
        text="What is sent to the client, and to the server, leaves by way of these queues,"
        " traffic-shaping(7).",
    )


def queues_of(section: Section) -> Tuple[Queue, ...]:
    """Those that `altq` in this section, and in those within it, refers to; each once."""
    return tuple({queue.name: queue for queue in _queues(section)}.values())


def shaped(section: Section) -> Tuple[Queue, ...]:
    """Those of them that need classes in the kernel."""
    return tuple(queue for queue in queues_of(section) if queue.bandwidth is not None)


def _queues(section: Section) -> Iterator[Queue]:
    if isinstance(section, WithAltq) and section.altq is not None:
        yield from filter(None, section.altq)
    for attribute, row in section.TABLE.rows.items():
        if isinstance(row, PartRow):
            value = getattr(section, attribute)
            for each in value if row.repeatable else (value,):
                if each is not None:
                    yield from _queues(each)
