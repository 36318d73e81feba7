"""tree - what the parser makes of a file: statements and elements, each with its place.

    Item(where, "plug-to", (Pair(where, Word(...), Word(...)),))

Nothing here knows what a keyword means.  `str(element)` is the element as it could be written,
shortened, for error messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple, Union

from kernun_common.configuration.text import printable, quoted
from kernun_common.errors import ConfigurationError, Where

_SHOWN = 40  # characters of an element that an error message repeats


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."


@dataclass(frozen=True)
class Word:
    """A bare word."""

    where: Where
    text: str

    def __str__(self) -> str:
        return _short(self.text)


@dataclass(frozen=True)
class String:
    """A quoted string; `text` without quotes and escapes."""

    where: Where
    text: str

    def __str__(self) -> str:
        return quoted(_short(self.text))


@dataclass(frozen=True)
class Regex:
    """~"text" or ~i"text"."""

    where: Where
    text: str
    ignore_case: bool

    def __str__(self) -> str:
        return ("~i" if self.ignore_case else "~") + quoted(_short(self.text))


@dataclass(frozen=True)
class Address:
    """[text] or [text]-[high]; not yet looked at."""

    where: Where
    text: str
    high: Union[str, None] = None

    def __str__(self) -> str:
        low = f"[{_short(self.text)}]"
        whole = low if self.high is None else f"{low}-[{_short(self.high)}]"
        return printable(whole)


Plain = Union[Word, String, Regex, Address]


@dataclass(frozen=True)
class Pair:
    """left : right."""

    where: Where
    left: Plain
    right: Plain

    def __str__(self) -> str:
        return f"{self.left} : {self.right}"


@dataclass(frozen=True)
class Braces:
    """{ member, member }."""

    where: Where
    members: Tuple[Union[Plain, Pair], ...]

    def __str__(self) -> str:
        more = ", ..." if len(self.members) > 1 else ""
        return f"{{ {self.members[0]}{more} }}" if self.members else "{}"


@dataclass(frozen=True)
class Negation:
    """! element."""

    where: Where
    element: Union[Plain, Pair, Braces]

    def __str__(self) -> str:
        return f"! {self.element}"


Element = Union[Plain, Pair, Braces, Negation]


@dataclass(frozen=True)
class Item:
    """keyword elements ;"""

    where: Where
    keyword: str
    elements: Tuple[Element, ...]


@dataclass(frozen=True)
class Section:
    """keyword name { statements }; `broken` where a statement in it could not be read."""

    where: Where
    keyword: str
    name: str
    statements: Tuple[Statement, ...]
    broken: bool = False


Statement = Union[Item, Section]


@dataclass(frozen=True)
class File:
    """One file: what could be read of it, and what was wrong."""

    statements: Tuple[Statement, ...]
    errors: Tuple[ConfigurationError, ...]
