"""union - an element that is of one of several types, such as sock|path.

The first type that takes the element wins; their values are of different classes, by which
`write` finds the type again (Kind.of).
"""

from __future__ import annotations

from typing import Any, Sequence

from kernun_common.configuration import tree
from kernun_common.configuration.kind import Context, Kind
from kernun_common.errors import ConfigurationError


class Union(Kind):
    """One of `kinds`."""

    def __init__(self, name: str, kinds: Sequence[Kind]) -> None:
        self.name = name
        self.kinds = tuple(kinds)
        self.expected = " or ".join(kind.expected for kind in kinds)

    def read(self, element: tree.Element, context: Context) -> Any:
        for kind in self.kinds:
            try:
                return kind.read(element, context)
            except ConfigurationError:
                continue
        self.refuse(element)

    def write(self, value: Any) -> str:
        return next(kind for kind in self.kinds if isinstance(value, kind.of)).write(value)
