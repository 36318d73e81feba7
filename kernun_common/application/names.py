"""names - the host names in a configuration that stand for addresses; resolving(7).

    for name, place in host_names(configuration.members): ...
    for name in names_in(value): ...                                the value of one item

See also: acl/facts.py (Resolution), ../configuration/types.py.
"""

from __future__ import annotations

from typing import Any, Iterable, Iterator, Set, Tuple

from kernun_common.configuration import types
from kernun_common.configuration.schema import ItemRow, PartRow, Row, Section
from kernun_common.configuration.types import Host, Name, Sock
from kernun_common.errors import Where

# Items whose name is told to a peer, or compared as a name, and not looked up.
_ONLY_NAMES = {("ssl-params", "server_name")}

Place = Tuple[str, Where]


def host_names(sections: Iterable[Section]) -> Iterator[Place]:
    """Each name where it stands, section by section; one that stands twice comes twice.

    Sections that these refer to belong to them, and come once.
    """
    seen: Set[int] = set()
    for section in sections:
        yield from _of_section(section, seen)


def _of_section(section: Section, seen: Set[int]) -> Iterator[Place]:
    if id(section) in seen:
        return
    seen.add(id(section))
    for attribute, row in section.TABLE.rows.items():
        if (section.TABLE.keyword, attribute) not in _ONLY_NAMES:
            value = getattr(section, attribute)
            for number, each in enumerate(value if row.repeatable else (value,)):
                yield from _of_row(row, each, section.place(attribute, number), seen)


def _of_row(row: Row, value: Any, place: Where, seen: Set[int]) -> Iterator[Place]:
    if isinstance(row, PartRow) and value is not None:
        yield from _of_section(value, seen)
    elif isinstance(row, ItemRow):
        for name in names_in(value):
            yield name, place
        for section in _referred(value):
            yield from _of_section(section, seen)


def _referred(value: Any) -> Iterator[Section]:
    """The sections that the value of an item refers to."""
    if isinstance(value, Section):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _referred(each)


def names_in(value: Any) -> Iterator[str]:
    """The names in the value of an item.

    References to other sections are passed over.
    """
    if isinstance(value, Name):
        yield value.name
    elif isinstance(value, Host) and value.name is not None:
        yield value.name
    elif isinstance(value, Sock):
        yield from names_in(value.host)
    elif isinstance(value, types.Set):
        yield from names_in(value.members)
    elif isinstance(value, tuple):
        for each in value:
            yield from names_in(each)
