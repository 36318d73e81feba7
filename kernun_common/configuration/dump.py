"""dump - values back into the language; the output of show-proxy.

    dump(configuration)  ->  text that parses to an equal Configuration, but for secrets (***)
    digest(configuration)  ->  SHA-256 of that text with all defaults, in hex

`defaults` prints also what the file did not need to say.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Iterator, List, Union

from kernun_common.configuration.result import Configuration
from kernun_common.configuration.schema import ItemRow, KeyRow, PartRow, Row, Section
from kernun_common.configuration.text import keyword_of
from kernun_common.configuration.version import VERSION

_INDENT = "    "


def dump(value: Union[Section, Configuration], defaults: bool = False) -> str:
    """A section or a whole configuration, in the language."""
    if isinstance(value, Section):
        lines = _section(value.TABLE.keyword, value, defaults)
        return "".join(f"{line}\n" for line in lines)
    sections = (dump(section, defaults) for section in value.members)
    return "\n".join((f"{VERSION} {value.version};\n", *sections))


def digest(configuration: Configuration) -> str:
    """Equal for configurations that mean the same, whatever they leave out."""
    return sha256(dump(configuration, defaults=True).encode()).hexdigest()


def _section(keyword: str, section: Section, defaults: bool) -> List[str]:
    # There is no empty section in the language, so one that must stand says its defaults.
    body = list(_rows(section, defaults)) or list(_rows(section, True))
    head = " ".join(filter(None, (keyword, section.name)))
    return [f"{head} {{", *(_INDENT + line for line in body), "}"]


def _rows(section: Section, defaults: bool) -> Iterator[str]:
    for attribute, row in section.TABLE.rows.items():
        value = getattr(section, attribute)
        if defaults or value != row.absent:
            for one in value if row.repeatable else (value,):
                yield from _row(keyword_of(attribute), row, one, defaults)


def _row(keyword: str, row: Row, value: Any, defaults: bool) -> Iterator[str]:
    if value is None:
        return
    if isinstance(row, PartRow):
        yield from _section(keyword, value, defaults)
    elif isinstance(row, ItemRow):
        yield " ".join(filter(None, (keyword, row.elements.write(value)))) + ";"
    elif isinstance(row, KeyRow) and value:
        yield f"{keyword};"
