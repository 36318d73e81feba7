"""constraints - the checks of items that need no words of their own.

    conn_timeout: float = item("seconds", check=nonzero, ...)

A constraint tells what is wrong with a value, or None; the manual pages show its text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Optional


@dataclass(frozen=True)
class Constraint:
    """`text` follows the keyword of the item: "must not be zero"."""

    text: str
    holds: Callable[[Any], bool]

    def __call__(self, value: Any) -> Optional[str]:
        return None if self.holds(value) else self.text


nonzero = Constraint("must not be zero", lambda value: value != 0)


def between(low: int, high: int) -> Constraint:
    """At least `low` and at most `high`."""
    return Constraint(f"must be from {low} to {high}", lambda value: low <= value <= high)
