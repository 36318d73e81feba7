"""report - what is printed at the end of a soak."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Sequence

from .judge import Row
from .work import Work

_MESSAGE = re.compile(r"\]: ([A-Z]{4}-\d{3}-[CEW]) ")


def table(seconds: float, rows: Sequence[Row], work: Work, log: Path) -> str:
    rounds = ", ".join(f"{name} {count}" for name, count in sorted(work.rounds.items()))
    heads = ("", "unit", "processes", "least", "most", "slope/min", "rise", "bound", "")
    cells = [heads, *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*cells)]
    lines = [
        "  ".join(
            cell.ljust(width) if not number else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(line, widths))
        ).rstrip()
        for line in cells
    ]
    return "\n".join(
        [
            f"soak of {seconds:.0f} s: {work.rounds.total()} rounds ({rounds})",
            f"{work.mails} mails and parts, {work.octets / 1e6:.1f} MB, compared by SHA-256",
            f"failures of clients: {len(work.failures)}",
            f"warnings and errors in the log: {_messages(log) or 'none'}",
            *lines,
        ]
    )


def _cells(row: Row) -> tuple[str, ...]:
    least, most = (min(row.values), max(row.values)) if row.values else (0, 0)
    return (
        row.name,
        row.unit,
        str(len(row.series)),
        f"{least:.0f}",
        f"{most:.0f}",
        f"{row.per_minute:.3f}",
        f"{row.rise:.2f}",
        f"{row.bound:g}",
        "flat" if row.flat else "NOT FLAT",
    )


def _messages(path: Path) -> str:
    with path.open(errors="backslashreplace") as log:
        found = Counter(found[1] for line in log if (found := _MESSAGE.search(line)))
    return ", ".join(f"{name} {count}" for name, count in sorted(found.items()))
