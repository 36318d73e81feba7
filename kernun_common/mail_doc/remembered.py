"""remembered - what a function says of short octets, which is asked for again and again.

    @remembered
    def parse(value: bytes) -> ContentType: ...

Of octets longer than SHORT nothing is kept, so a peer cannot make the memory grow: at most
KNOWN times SHORT octets, and what follows from them.
"""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import Callable, TypeVar

SHORT = 512  # octets
KNOWN = 256

R = TypeVar("R")


def remembered(function: Callable[[bytes], R]) -> Callable[[bytes], R]:
    """`function` depends on nothing but its argument, and nobody changes its result."""
    known = lru_cache(maxsize=KNOWN)(function)

    @wraps(function)
    def ask(value: bytes) -> R:
        return known(value) if len(value) <= SHORT else function(value)

    return ask
