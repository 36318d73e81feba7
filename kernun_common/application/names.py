"""names - the host names in a configuration that stand for addresses; resolving(7).

    for name, place in host_names(configuration): ...

See also: acl/facts.py (Resolution), ../configuration/types.py.
"""

from __future__ import annotations

from typing import Any, Iterator, Tuple

from kernun_common.configuration.result import Configuration
from kernun_common.configuration.schema import ItemRow, PartRow, Row, Section
from kernun_common.configuration.types import Host, Name, Set, Sock
from kernun_common.errors import Where

# Items whose name is told to a peer, or compared as a name, and not looked up.
_ONLY_NAMES = {("ssl-params", "server_name")}

Place = Tuple[str, Where]


def host_names(configuration: Configuration) -> Iterator[Place]:
    """Each name where it stands, in the order of the file; one that stands twice comes twice."""
    for section in configuration.members:
        yield from _of_section(section)


def _of_section(section: Section) -> Iterator[Place]:
    for attribute, row in section.TABLE.rows.items():
        if (section.TABLE.keyword, attribute) not in _ONLY_NAMES:
            value = getattr(section, attribute)
            for number, each in enumerate(value if row.repeatable else (value,)):
                yield from _of_row(row, each, section.place(attribute, number))


def _of_row(row: Row, value: Any, place: Where) -> Iterator[Place]:
    if isinstance(row, PartRow) and value is not None:
        yield from _of_section(value)
    elif isinstance(row, ItemRow):
        for name in _of_value(value):
            yield name, place


def _of_value(value: Any) -> Iterator[str]:
    """References to other sections are passed over: those stand for themselves."""
    if isinstance(value, Name):
        yield value.name
    elif isinstance(value, Host) and value.name is not None:
        yield value.name
    elif isinstance(value, Sock):
        yield from _of_value(value.host)
    elif isinstance(value, Set):
        yield from _of_value(value.members)
    elif isinstance(value, tuple):
        for each in value:
            yield from _of_value(each)
