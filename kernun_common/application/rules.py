"""rules - what the configuration of a proxy asks of the packet filter; transparency(7).

    uses_rules(section)             does it redirect anybody, or connect from addresses of clients?
    uses_client_sources(section)    the latter, in its own section or in one of its ACLs
    rules_place(section)            the first row that does

See also: installed.py, privileges.py; ../transparency/redirect.py.
"""

from __future__ import annotations

from typing import Iterator, List

from kernun_common.configuration.schema import PartRow, Section
from kernun_common.errors import Where
from kernun_common.transparency.section import WithSourceAddress

from .section import Application


def uses_rules(section: Application) -> bool:
    return bool(_places(section))


def uses_client_sources(section: Application) -> bool:
    return any(_client_sources(section))


def rules_place(section: Application) -> Where:
    """The place of the section where there is none: what was there has to go."""
    return next(iter(_places(section)), section.where)


def _places(section: Application) -> List[Where]:
    rows = section.listen_on.transparent
    transparent = [section.listen_on.place("transparent", index) for index in range(len(rows))]
    return [*transparent, *_client_sources(section)]


def _client_sources(section: Section) -> Iterator[Where]:
    """In this section, and in those within it."""
    if isinstance(section, WithSourceAddress) and section.source_address is not None:
        if section.source_address.client:
            yield section.place("source_address")
    for attribute, row in section.TABLE.rows.items():
        if isinstance(row, PartRow):
            value = getattr(section, attribute)
            for each in value if row.repeatable else (value,):
                if each is not None:
                    yield from _client_sources(each)
