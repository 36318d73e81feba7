"""report: when, and which numbers."""

from types import SimpleNamespace

import pytest

from kernun_common.tcpserver.report import Report
from kernun_common.tcpserver.state import Counts
from tests.support.lines import Lines

STEPS = [(0, 3), (299, 9), (300, 4), (301, 5), (599, 0), (600, 2)]  # seconds, busy
CASES = [
    # info-cycle, fields of the reports
    (300, ["TOTAL=6 IDLE=2 BUSY=4 MOST=9 SESSIONS=7", "TOTAL=4 IDLE=2 BUSY=2 MOST=5 SESSIONS=7"]),
    (0, []),
    (1000, []),
]


@pytest.mark.parametrize("info_cycle, expected", CASES)
def test_report(info_cycle, expected):
    out = Lines()
    crew = SimpleNamespace(service=SimpleNamespace(log=out.log), sessions=7)
    report = Report(info_cycle, 0.0)
    for now, busy in STEPS:
        crew.counts = Counts(idle=2, busy=busy)
        report.cycle(crew, now)
    assert out.lines == [f"TCPS-717-I CHILDREN {fields}" for fields in expected]
