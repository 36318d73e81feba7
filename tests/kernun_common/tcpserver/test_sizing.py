"""sizing: how many children, as numbers."""

import pytest

from kernun_common.tcpserver.section import TcpServer
from kernun_common.tcpserver.sizing import Plan, plan, room
from kernun_common.tcpserver.state import Counts

LIMITS = TcpServer()  # min-idle 5, max-idle 20, max-children 500, rates 1 to 32, kill-rate 4
SMALL = TcpServer(init_children=1, min_idle=2, max_idle=4, max_children=6)

CASES = [
    # counts (starting, idle, busy, ending), rate, plan (start, stop, rate, full)
    (Counts(0, 5, 0, 0), 1, Plan(0, 0, 1, False)),  # enough
    (Counts(0, 20, 0, 0), 1, Plan(0, 0, 1, False)),  # not too many
    (Counts(0, 4, 1, 0), 1, Plan(1, 0, 2, False)),  # they lack: start
    (Counts(0, 0, 5, 0), 2, Plan(2, 0, 4, False)),  # still: twice as many
    (Counts(0, 0, 9, 0), 16, Plan(16, 0, 32, False)),
    (Counts(0, 0, 9, 0), 32, Plan(20, 0, 32, False)),  # never more than max-idle
    (Counts(0, 3, 9, 0), 32, Plan(17, 0, 32, False)),
    (Counts(5, 0, 9, 0), 32, Plan(0, 0, 1, False)),  # those that start count as idle
    (Counts(3, 1, 9, 0), 1, Plan(1, 0, 2, False)),
    (Counts(0, 21, 0, 0), 8, Plan(0, 1, 1, False)),  # too many: stop, and start slowly again
    (Counts(0, 300, 0, 0), 1, Plan(0, 4, 1, False)),  # kill-rate
    (Counts(9, 20, 0, 0), 1, Plan(0, 0, 1, False)),  # who starts is not stopped
    (Counts(0, 2, 498, 0), 32, Plan(0, 0, 32, True)),  # max-children
    (Counts(0, 2, 497, 0), 32, Plan(1, 0, 32, False)),
    (Counts(0, 2, 490, 8), 32, Plan(0, 0, 32, True)),  # who ends still is there
]


@pytest.mark.parametrize("counts, rate, expected", CASES)
def test_plan(counts, rate, expected):
    assert plan(counts, LIMITS, rate) == expected


ROOM = [
    # children of this configuration, of an old one, room
    (Counts(), 0, 6),
    (Counts(1, 1, 1, 1), 0, 2),
    (Counts(0, 0, 6, 0), 0, 0),
    (Counts(0, 1, 0, 0), 3, 2),
    (Counts(), 6, 2),  # min-idle, whatever the old ones do
    (Counts(), 100, 2),
    (Counts(0, 0, 2, 0), 6, 0),
]


@pytest.mark.parametrize("counts, others, expected", ROOM)
def test_room(counts, others, expected):
    assert room(counts, SMALL, others) == expected


def grow(sessions, counts, cycles):
    """What becomes of the counts when so many clients stay and plans are carried out."""
    rate = LIMITS.min_start_rate
    for _ in range(cycles):
        total, waiting = counts.total, sessions - counts.busy
        busy = counts.busy + max(min(waiting, counts.idle), -counts.busy)
        counts = Counts(0, total - busy, busy, 0)
        todo = plan(counts, LIMITS, rate)
        rate = todo.rate
        counts = counts._replace(idle=counts.idle + todo.start - todo.stop)
    return counts


def test_growth_and_shrinking():
    many = grow(300, Counts(idle=5), 40)
    assert many.busy == 300 and LIMITS.min_idle <= many.idle <= LIMITS.max_idle
    none = grow(0, many, 100)
    assert none == Counts(idle=LIMITS.max_idle)


@pytest.mark.parametrize("sessions", range(0, 700, 7))
def test_never_more_than_max_children(sessions):
    counts = grow(sessions, Counts(idle=5), 100)
    assert counts.total <= LIMITS.max_children
    assert counts.busy == min(sessions, LIMITS.max_children)
