"""sets - the types T-set and T-list, and the members that are not plain elements.

    *      ! { a, b }      {}      one-bare-member      { 10-20, 30 }      { *.exe, ~i"^a" }

`*` alone is everything; within braces it is refused, since it would look like a member.
"""

from __future__ import annotations

import re
from typing import Any, Iterator, List, Optional, Sequence, Tuple, Type

import re2

from kernun_common.configuration import tree
from kernun_common.configuration.kind import Context, Kind
from kernun_common.configuration.scalars import Open, WordKind
from kernun_common.configuration.text import quoted
from kernun_common.configuration.types import Exact, Glob, Range, Regex, Set
from kernun_common.errors import ConfigurationError

EVERYTHING = "*"

_LONGEST_RANGE = 64  # characters; no two numbers or names of services are longer
_MINUTES = 24 * 60
_BARE = re.compile(r"[A-Za-z0-9_.+=@/-]+", re.ASCII)


def read_regex(element: tree.Regex, kind: Kind) -> Regex:
    """The regular expression, compiled once to see that it is one."""
    value = Regex(element.text, element.ignore_case)
    try:
        value.compiled
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        shown = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        kind.refuse(element, shown)
    return value


def write_regex(value: Regex) -> str:
    return ("~i" if value.ignore_case else "~") + quoted(value.pattern)


def is_glob(word: str) -> bool:
    """Whether a bare word of a set has wildcards in it."""
    return "*" in word or "?" in word


class StrMember(Kind):
    """A word, a string, a glob or a regular expression."""

    name = "str"
    expected = "a word, a string, a glob or a regular expression"

    def read(self, element: tree.Element, context: Context) -> Any:
        if isinstance(element, tree.Regex):
            return read_regex(element, self)
        if isinstance(element, tree.Word) and is_glob(element.text):
            return Glob(element.text)
        if isinstance(element, (tree.Word, tree.String)):
            return Exact(element.text)
        self.refuse(element)

    def write(self, value: Any) -> str:
        if isinstance(value, Regex):
            return write_regex(value)
        if isinstance(value, Glob):
            return value.pattern
        text = value.text
        return text if _BARE.fullmatch(text) else quoted(text)


class OpenMember(StrMember):
    """A member of an open enumeration's set: its words in their spelling, others, and globs."""

    def __init__(self, enumeration: Open) -> None:
        self.name = enumeration.name
        self.expected = f"{enumeration.expected} or a glob"
        self.of_single = enumeration

    def read(self, element: tree.Element, context: Context) -> Any:
        value = super().read(element, context)
        if isinstance(value, Exact):
            return Exact(self.of_single.parse(value.text, context))
        return value


class RangeMember(WordKind):
    """One value or `low-high`; in a cycle, such as the days of a week, low may be the greater."""

    def __init__(self, ends: WordKind, cyclic: bool) -> None:
        self.name = ends.name
        self.expected = f"{ends.expected} or a range of two"
        self.of_single = ends
        self._cyclic = cyclic

    def parse(self, word: str, context: Context) -> Optional[Range[int]]:
        single = self.of_single.parse(word, context)
        if single is not None:
            return self._single(single)
        for low, high in _halves(word):
            ends = self.of_single.parse(low, context), self.of_single.parse(high, context)
            if ends[0] is not None and ends[1] is not None:
                return self._range(*ends)
        return None

    def _single(self, value: int) -> Optional[Range[int]]:
        return Range(value, value)

    def _range(self, low: int, high: int) -> Optional[Range[int]]:
        return Range(low, high) if self._cyclic or low <= high else None

    def write(self, value: Range[int]) -> str:
        low, high = self.of_single.write(value.low), self.of_single.write(value.high)
        return low if value.low == value.high else f"{low}-{high}"


class MinuteMember(RangeMember):
    """A time of the day, or a range of them without the minute at its end."""

    def __init__(self, ends: WordKind) -> None:
        super().__init__(ends, True)

    def _single(self, value: int) -> Optional[Range[int]]:
        return Range(value, value) if value < _MINUTES else None

    def _range(self, low: int, high: int) -> Optional[Range[int]]:
        if low == high:  # nothing, or the whole day?
            return None
        return Range(low % _MINUTES, (high - 1) % _MINUTES)

    def write(self, value: Range[int]) -> str:
        if value.low == value.high:
            return self.of_single.write(value.low)
        return f"{self.of_single.write(value.low)}-{self.of_single.write(value.high + 1)}"


def _halves(word: str) -> Iterator[Tuple[str, str]]:
    if len(word) <= _LONGEST_RANGE:
        for dash in re.finditer("-", word):
            yield word[: dash.start()], word[dash.end():]


class SetKind(Kind):
    """T-set; the value is an object of the class `cls` of types.py."""

    def __init__(self, name: str, member: Kind, cls: Type[Set[Any]]) -> None:
        self.name = name
        self.member = member
        self.expected = f"`*`, a set in braces or {member.expected}"
        self.of = cls

    def read(self, element: tree.Element, context: Context) -> Any:
        negated = isinstance(element, tree.Negation)
        inner = element.element if isinstance(element, tree.Negation) else element
        if isinstance(inner, tree.Word) and inner.text == EVERYTHING:
            return self.of((), negated, True)
        if isinstance(inner, tree.Braces):
            return self.of(read_all(inner.members, self.member, context), negated)
        return self.of((self._bare(inner, context),), negated)

    def _bare(self, element: tree.Element, context: Context) -> Any:
        try:
            return self.member.read(element, context)
        except ConfigurationError:
            if isinstance(element, tree.Word) and not self.member.words:
                self.refuse(element)
            raise

    def write(self, value: Set[Any]) -> str:
        members = ", ".join(map(self.member.write, value.members))
        braces = f"{{ {members} }}" if members else "{}"
        return ("! " if value.negated else "") + (EVERYTHING if value.everything else braces)


class ListKind(Kind):
    """T-list: the values in their order, as a tuple."""

    of = tuple

    def __init__(self, name: str, member: Kind) -> None:
        self.name = name
        self.member = member
        self.expected = "a list in braces"

    def read(self, element: tree.Element, context: Context) -> Tuple[Any, ...]:
        if not isinstance(element, tree.Braces):
            self.refuse(element)
        return read_all(element.members, self.member, context)

    def write(self, value: Sequence[Any]) -> str:
        members = ", ".join(map(self.member.write, value))
        return f"{{ {members} }}" if members else "{}"


def read_all(members: Sequence[tree.Element], kind: Kind, context: Context) -> Tuple[Any, ...]:
    """The values of members within braces, among which `*` is none."""
    values: List[Any] = []
    for member in members:
        if isinstance(member, tree.Word) and member.text == EVERYTHING:
            raise ConfigurationError(member.where, "`*` stands alone, without braces")
        values.append(kind.read(member, context))
    return tuple(values)
