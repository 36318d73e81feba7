"""pace: what is remembered between cycles, with a crew that only counts."""

import pytest

from kernun_common.tcpserver.pace import Pace
from kernun_common.tcpserver.section import TcpServer
from kernun_common.tcpserver.state import Counts
from tests.support.lines import Lines


class Crew:
    """Counts; `refusals` forks fail, from the next one on."""

    def __init__(self, idle=0, busy=0):
        self.out = Lines()
        self.out.log.level = 9
        self.service = self
        self.log = self.out.log
        self.counts = Counts(idle=idle, busy=busy)
        self.refusals = 0
        self.left = 0

    def __len__(self):
        return self.counts.total

    def spawn(self, now):
        if self.refusals:
            self.refusals -= 1
            raise OSError(11, "no processes")
        self.counts = self.counts._replace(idle=self.counts.idle + 1)
        return 1000 + len(self)

    def leave(self, number):
        self.left += number
        self.counts = self.counts._replace(idle=self.counts.idle - number)

    def logged(self, identification):
        return [line for line in self.out.lines if line.startswith(identification)]


LIMITS = TcpServer(min_idle=5, max_idle=20, max_children=40, fork_wait=1000, fork_retries=2)


def test_cycles():
    crew, pace = Crew(idle=0, busy=20), Pace(LIMITS)
    sizes = []
    for cycle in range(5):
        pace.cycle(crew, 0, float(cycle))
        sizes.append(len(crew))
    assert sizes == [21, 23, 27, 27, 27] and len(crew.logged("TCPS-730")) == 7
    assert [line.split()[-2:] for line in crew.logged("TCPS-732")] == [
        ["START=1", "STOP=0"],
        ["START=2", "STOP=0"],
        ["START=4", "STOP=0"],
    ]


def test_too_many():
    crew, pace = Crew(idle=27), Pace(LIMITS)
    for cycle in range(5):
        pace.cycle(crew, 0, float(cycle))
    assert crew.left == 7


def test_others_count():
    crew, pace = Crew(), Pace(LIMITS)
    for cycle in range(9):
        pace.cycle(crew, 100, float(cycle))
    assert len(crew) == LIMITS.min_idle


def test_warned_once_until_it_is_over():
    crew, pace = Crew(idle=0, busy=40), Pace(LIMITS)
    for busy, warnings in ((40, 1), (40, 1), (39, 1), (20, 1), (40, 2)):
        crew.counts = Counts(idle=40 - busy, busy=busy)
        pace.cycle(crew, 0, 0.0)
        assert len(crew.logged("TCPS-810")) == warnings


# seconds, forks refused from then on, children and tries logged afterwards, has it failed
REFUSALS = {
    "with children": (
        Crew(idle=2),
        [(0.0, 9, 2, 1), (0.5, 9, 2, 1), (1.0, 9, 2, 2), (2.0, 9, 2, 3), (3.0, 0, 10, 3)],
        False,
    ),
    "without": (Crew(), [(0.0, 9, 0, 1), (1.0, 9, 0, 2), (2.0, 9, 0, 3)], True),
    "in time": (Crew(), [(0.0, 9, 0, 1), (1.0, 9, 0, 2), (2.0, 0, 4, 2)], False),
}


@pytest.mark.parametrize("crew, steps, failed", REFUSALS.values(), ids=REFUSALS)
def test_refusals(crew, steps, failed):
    pace = Pace(LIMITS)
    for now, refusals, children, tries in steps:
        assert not pace.failed
        crew.refusals = refusals
        pace.cycle(crew, 0, now)
        assert (len(crew), len(crew.logged("TCPS-643"))) == (children, tries)
    assert pace.failed is failed is bool(crew.logged("TCPS-511"))
