"""schema - a section is a class whose body is the table of its rows.

    @section("sock-opt", "Timeouts and buffers of one connection.")
    class SockOpt(Section):
        conn_timeout: float = item("seconds", default="75", check=nonzero, text="...")
        nodaemon: bool = key(text="...")

    SockOpt(conn_timeout=10.0).recv_timeout     the frozen value object that the program sees

An attribute `from_` or `ip_tos` is the keyword `from` or `ip-tos`.  Every row is an argument by
keyword with the row's default; one without default is None, a repeatable one (), a key False,
a part the defaults of its section.  A derived section is a subclass: it inherits the rows,
adds some, gives some anew, and leaves out those named in `omit`, whose attributes are None.

Notation of elements: notation.py.  Rows from files: check.py.  A table that contradicts itself,
or a default that is wrong, raises ValueError, TypeError or ConfigurationError when its module is
imported.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import (
    Any,
    Callable,
    ClassVar,
    Iterable,
    Mapping,
    Optional,
    Tuple,
    Type,
    TypeVar,
    Union,
    dataclass_transform,
)

from kernun_common.configuration.match import Elements, Into
from kernun_common.configuration.reading import read
from kernun_common.configuration.text import keyword_of
from kernun_common.errors import Where

NOWHERE = Where("", 0, 0)  # of what was made in Python and not read from a file

S = TypeVar("S", bound="Section")

Check = Callable[[Any], Optional[str]]


@dataclass(frozen=True)
class Row:
    """What every row has; `text` is one sentence for the manual page."""

    text: str
    mandatory: bool = False
    repeatable: bool = False
    absent: Any = None  # the attribute's value where the statement is not given


@dataclass(frozen=True)
class ItemRow(Row):
    """keyword, elements, `;` - `default` in the language's own text."""

    elements: Elements = field(kw_only=True)
    default: Optional[str] = None
    check: Optional[Check] = None

    def complaint(self, value: Any) -> Optional[str]:
        """What is wrong with a value that the elements allow."""
        return None if self.check is None else self.check(value)


@dataclass(frozen=True)
class KeyRow(Row):
    """A bare keyword, present or absent."""


@dataclass(frozen=True)
class PartRow(Row):
    """A section within the section."""

    section: Type[Section] = field(kw_only=True)


def item(
    elements: str,
    *,
    text: str,
    default: Optional[str] = None,
    mandatory: bool = False,
    check: Optional[Check] = None,
    into: Into = None,
) -> Any:
    """An item that stands at most once.

    `elements` in the notation of notation.py; several values need `into`, a NamedTuple whose
    fields bear the labels or keywords.  `check` takes the value and returns a complaint or None.
    """
    row = ItemRow(text, mandatory, elements=Elements(elements, into), default=default, check=check)
    return row if default is None else replace(row, absent=_default(row, default))


def items(
    elements: str,
    *,
    text: str,
    mandatory: bool = False,
    check: Optional[Check] = None,
    into: Into = None,
) -> Any:
    """A repeatable item; the attribute is the tuple of its values, `check` sees each of them."""
    return ItemRow(text, mandatory, True, (), elements=Elements(elements, into), check=check)


def key(*, text: str) -> Any:
    """A bare keyword; the attribute tells whether it is there."""
    return KeyRow(text, absent=False)


def part(
    section: Type[Section], *, text: str, mandatory: bool = False, optional: bool = False
) -> Any:
    """A section that stands at most once; absent it has its defaults, or is None if optional."""
    absent = None if mandatory or optional else section()
    return PartRow(text, mandatory, False, absent, section=section)


def parts(section: Type[Section], *, text: str, mandatory: bool = False) -> Any:
    """A repeatable section inside this one; the attribute is the tuple in file order."""
    return PartRow(text, mandatory, True, (), section=section)


@dataclass(frozen=True)
class Table:
    """What is declared of one section: its rows by attribute, in the order of declaration."""

    keyword: str
    text: str
    named: bool
    rows: Mapping[str, Row]

    @cached_property
    def attributes(self) -> Mapping[str, str]:
        """The attributes by the administrator's keywords."""
        return {keyword_of(attribute): attribute for attribute in self.rows}


@dataclass(frozen=True, kw_only=True)
class Section:
    """Base of all sections; see the file's first lines."""

    TABLE: ClassVar[Table] = Table("", "", False, MappingProxyType({}))

    name: str = ""
    where: Where = field(default=NOWHERE, compare=False, repr=False)
    places: Mapping[str, Tuple[Where, ...]] = field(default_factory=dict, compare=False, repr=False)

    def place(self, attribute: str, index: int = 0) -> Where:
        """Where the (index-th) item of this attribute stands; the section's place if nowhere."""
        found = self.places.get(attribute, ())
        return found[index] if index < len(found) else self.where

    def complaints(self) -> Iterable[Tuple[Union[str, Where], str]]:
        """What is wrong between items: pairs of an attribute, or of a place, and a text."""
        return ()


@dataclass_transform(kw_only_default=True, frozen_default=True)
def section(
    keyword: str, text: str, *, named: bool = False, omit: Tuple[str, ...] = ()
) -> Callable[[Type[S]], Type[S]]:
    """Make the class body a table of rows and its instances frozen values.

    `text` says in a sentence what the section is for; `omit` lists attributes of inherited rows.
    """

    def declare(cls: Type[S]) -> Type[S]:
        own = {name: row for name, row in vars(cls).items() if isinstance(row, Row)}
        rows = _inherited(cls)
        for attribute in omit:
            del rows[attribute]
            setattr(cls, attribute, field(init=False, default=None))
            cls.__annotations__[attribute] = "None"
        rows.update(own)
        for attribute, row in own.items():
            setattr(cls, attribute, _field(row))
        cls.TABLE = Table(keyword, text, named, MappingProxyType(rows))
        return dataclass(frozen=True, kw_only=True)(cls)

    return declare


def _inherited(cls: Type[Section]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for base in reversed(cls.__bases__):
        if issubclass(base, Section):
            rows.update(base.TABLE.rows)
    return rows


def _field(row: Row) -> Any:
    return field() if row.mandatory else field(default=row.absent)


def _default(row: ItemRow, text: str) -> Any:
    """The value of an item's default."""
    value = read(row.elements, text)
    complaint = row.complaint(value)
    if complaint is not None:
        raise ValueError(f"{text}: {complaint}")
    return value
