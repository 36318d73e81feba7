"""fault_table - what became of each fault, as a table; printed by `pytest -s`, or tests.faults.

    table = FaultTable("full disks")
    with table.case("quarantine", child) as row:        time, and memory of the child
        ...
        row.outcome = "denied, logged"
    print(table)                                        at the end; the worst of all stand below
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Iterator, List

from .memory import Watch

MIB = 1 << 20


@dataclass
class Row:
    case: str
    outcome: str = ""
    seconds: float = 0.0
    memory: int = 0  # octets that no file stands behind, of the child, at most


class FaultTable:
    """Rows that a test has let pass."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._rows: List[Row] = []

    @contextmanager
    def case(self, case: str, child: int | None = None) -> Iterator[Row]:
        """A row, once the block is left without an exception."""
        row, began = Row(case), time.monotonic()
        if child is None:
            yield row
        else:
            with Watch(child) as watch:
                yield row
            row.memory = watch.most
        row.seconds = time.monotonic() - began
        self._rows.append(row)

    def __str__(self) -> str:
        lines = ["", f"{self._title}: {len(self._rows)} cases"]
        for row in self._rows:
            memory = f"{row.memory / MIB:6.1f} MiB" if row.memory else " " * 10
            lines.append(f"  {row.case:<58} {row.seconds:6.2f} s {memory}  {row.outcome}")
        if self._rows:
            slow = max(self._rows, key=lambda row: row.seconds)
            large = max(self._rows, key=lambda row: row.memory)
            lines.append(f"  longest: {slow.case}, {slow.seconds:.2f} s")
            if large.memory:
                lines.append(f"  largest: {large.case}, {large.memory / MIB:.1f} MiB")
        return "\n".join(lines)
