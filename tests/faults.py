"""faults - the tables of all faults that the tests cause, and of what became of each.

    python -m tests.faults [pytest arguments]

Runs tests/system/test_faults_*.py, and of netio the tests of calls that fail; prints the tables,
and the longest and the largest of all cases.  Exit status: pytest's.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import List

import pytest

HERE = Path(__file__).parent
NETIO = "test_a_call_fails or test_recv_fails or test_send_fails or test_splice_fails"
_ROW = re.compile(r"^  (.{58,}?) +(\d+\.\d\d) s (?:(.{6}) MiB| {10})  (.*)$")


class Summary:
    """What pytest has found, and what the tables say."""

    def __init__(self) -> None:
        self.lines: List[str] = []
        self.failed: List[str] = []
        self.passed = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for _, text in report.sections:
            self.lines += text.splitlines()
        if report.failed:
            self.failed.append(report.nodeid)
        elif report.when == "call":
            self.passed += 1

    def __str__(self) -> str:
        rows = [found for found in map(_ROW.match, self.lines) if found]
        lines = [line for line in self.lines if line and not line.startswith("  lo")]
        if rows:
            slow = max(rows, key=lambda row: float(row[2]))
            large = max(rows, key=lambda row: float(row[3] or 0))
            lines += [
                "",
                f"{len(rows)} cases; the longest {slow[2]} s ({slow[1].strip()});"
                f" the largest child {(large[3] or '0').strip()} MiB ({large[1].strip()})",
            ]
        return "\n".join([*lines, f"{self.passed} tests passed", *self.failed])


def main(arguments: List[str]) -> int:
    summary = Summary()
    quiet = ["-q", "--no-header", "-p", "no:warnings"]
    system = sorted(map(str, HERE.glob("system/test_faults_*.py")))
    netio = [str(HERE / "kernun_common" / "netio"), "-k", NETIO]
    status = 0
    for which in (system, netio):
        status = max(status, int(pytest.main([*quiet, *which, *arguments], plugins=[summary])))
    print(summary)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
