"""section - doctype-identification(7): how the type of a document is found.

    doctype-identification { order { magic, extension, content-type }; }

See also: order.py, load.py.
"""

from __future__ import annotations

from typing import Iterable, NamedTuple, Tuple, Union

from kernun_common.configuration.constraints import Constraint
from kernun_common.configuration.kinds import enumeration
from kernun_common.configuration.schema import Section, item, items, section
from kernun_common.errors import Where

METHODS = ("content-type", "extension", "magic")
enumeration("method", METHODS)

Methods = Tuple[str, ...]

DIRECTIONS = ("download", "upload")
enumeration("direction", DIRECTIONS)
DEFAULT_ORDER: Methods = ("content-type",)


class Order(NamedTuple):
    """The methods, and for which direction; None: for both."""

    direction: str | None
    methods: Methods


class Magic(NamedTuple):
    """The database of libmagic, None: its own; and how many octets it is shown."""

    path: str | None = None
    bytes: int | None = None

    @property
    def octets(self) -> int:
        """How many octets of a document are looked at."""
        return self.bytes or 65536


distinct = Constraint(
    "must name methods, each once",
    lambda row: 0 < len(row.methods) == len(set(row.methods)),
)
enough = Constraint(
    "must have bytes from 16 to 1M", lambda row: 16 <= row.octets <= 2**20
)


@section("doctype-identification", "How the type of a document is found.")
class DoctypeIdentification(Section):
    """Without it, the declared type is believed."""

    order: Tuple[Order, ...] = items(
        "[for <direction> direction] <methods> method-list",
        into=Order,
        check=distinct,
        text="These methods are tried in their order until one answers: for mails in this"
        " direction, or in both. The default is `{ content-type }`.",
    )
    mime_types: str = item(
        "path",
        default="/etc/mime.types",
        text="The table of `extension`: in each line a type, and the extensions of its files.",
    )
    magic: Magic = item(
        "[<path> path] [bytes size]",
        into=Magic,
        default="bytes 64K",
        check=enough,
        text="The database of `magic`, compiled or not (default: that of libmagic), and how many"
        " octets at the beginning of a document are looked at.",
    )

    def methods(self, direction: str) -> Methods:
        """The methods for mails in this direction, in their order."""
        for row in self.order:
            if row.direction in (direction, None):
                return row.methods
        return DEFAULT_ORDER

    def uses(self, method: str) -> bool:
        """Is it asked in either direction?"""
        return any(method in self.methods(direction) for direction in DIRECTIONS)

    def complaints(self) -> Iterable[Tuple[Union[str, Where], str]]:
        open_ = set(DIRECTIONS)
        for index, row in enumerate(self.order):
            wanted = set(DIRECTIONS) if row.direction is None else {row.direction}
            if wanted - open_:
                direction = min(wanted - open_)
                yield self.place("order", index), f"order: there are two for {direction}"
            open_ -= wanted
