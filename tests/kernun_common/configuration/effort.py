"""effort - how much Python does for something, told by calls and not by the clock."""

from __future__ import annotations

import sys
from typing import Any, Callable


def effort(function: Callable[[], Any]) -> int:
    """How many functions are called, Python's own included."""
    calls = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    previous = sys.getprofile()
    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(previous)
    return calls


def is_linear(function: Callable[[int], Any], size: int = 200) -> bool:
    """Whether four times the size is about four times the effort."""
    return effort(lambda: function(4 * size)) < 5 * effort(lambda: function(size))
