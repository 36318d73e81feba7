"""tables - what all benches print: cells with their spread, in columns.

    print(aligned([["target", "ms"], ["nginx", cell([1.0, 1.2, 1.4], digits=1)]]))
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
from typing import Any, Iterable, Sequence


def cell(values: Sequence[float], digits: int) -> str:
    """The median, and [lowest - highest] where there are several; "-" where there is nothing."""
    known = [value for value in values if value == value]
    if not known:
        return "-"
    median, low, high = (
        f"{value:.{digits}f}" for value in (statistics.median(known), min(known), max(known))
    )
    return f"{median} [{low} - {high}]" if len(known) > 1 else median


def ratios(ours: Iterable[float], theirs: Iterable[float]) -> list[float]:
    """Pass by pass; NaN where there is nothing to divide by."""
    return [mine / other if other else float("nan") for mine, other in zip(ours, theirs)]


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """The lines with their cells below each other."""
    widths = [max(map(len, column)) for column in zip(*lines)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip()
        for line in lines
    )


def machine() -> str:
    """What a run has met; with a load above 1 its seconds and milliseconds say little."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} processors, load {load:.2f}, Python {platform.python_version()}"


def some_of(names: Sequence[str]) -> Any:
    """A list of `names`, separated by commas; the type of an argument."""
    def parse(text: str) -> list[str]:
        words = text.split(",")
        if not set(words) <= set(names):
            raise argparse.ArgumentTypeError(f"choose from {', '.join(names)}")
        return words

    return parse
