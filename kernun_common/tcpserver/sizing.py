"""sizing - how many children to start and to stop in one cycle of the parent.  [P]

    plan(counts, limits, rate)  ->  Plan(start, stop, rate, full)

Idle children are kept between min-idle and max-idle.  While they lack, the
number started in a cycle doubles from min-start-rate to max-start-rate, but no
child is started that the next cycle would have to stop.  A child that has been
started counts as an idle one, so that slow starters are not started twice.

See also: tcpserver(5) for the limits, parent.py for the cycle.
"""

from __future__ import annotations

from typing import NamedTuple

from .section import TcpServer
from .state import Counts


class Plan(NamedTuple):
    """What to do in this cycle, and the start rate of the next one."""

    start: int
    stop: int
    rate: int
    full: bool  # idle children lack, and max-children allows no more


def room(counts: Counts, limits: TcpServer, others: int = 0) -> int:
    """How many more children may exist.

    `others` are children of a configuration that is no longer in force.  They
    count, too, but never so that the new one is left with fewer than min-idle.
    """
    allowed = max(limits.max_children - others, limits.min_idle)
    return max(0, allowed - counts.total)


def plan(counts: Counts, limits: TcpServer, rate: int, others: int = 0) -> Plan:
    """The plan for one cycle; `rate` is that of the plan before, at first min-start-rate."""
    if counts.ready >= limits.min_idle:
        surplus = max(0, counts.idle - limits.max_idle)
        return Plan(0, min(surplus, limits.kill_rate), limits.min_start_rate, False)
    free = room(counts, limits, others)
    start = min(rate, limits.max_idle - counts.ready, free)
    return Plan(start, 0, min(2 * rate, limits.max_start_rate), free == 0)
