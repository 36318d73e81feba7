"""types - the values that elements of the configuration become; configuration(7).

    Sock(Host(name="imap.example.org"), 143)
    HostSet((IPv4Network("10.0.0.0/8"), Glob("*.example.org")), negated=True)

Values only: scalars.py, hosts.py and sets.py read and write them; whether a host or a text
is in a set is decided in ../acl/.  What Python has a type for needs none here:

    uint8 uint16 uint32 int size rate port  int        yes-no, key   bool
    seconds                                 float      str, path     str
    hhmm                                    int (minutes since midnight)
    enumeration   str as the table spells it; int where its words stand for numbers
                  (dbglev, week-day with sun 0, month with jan 1)
    secret        Secret                               T-list        tuple
    ref:KEYWORD   the section that is meant

Everything is immutable and compares by value; a name of a host is in lower case.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from typing import Any, Generic, Optional, Tuple, TypeVar, Union

import re2

from kernun_common.sockaddr import Address

Network = Union[IPv4Network, IPv6Network]

T = TypeVar("T")
M = TypeVar("M")


@dataclass(frozen=True)
class Host:
    """An address or a name, never both."""

    address: Optional[Address] = None
    name: Optional[str] = None

    def __post_init__(self) -> None:
        if (self.address is None) == (self.name is None):
            raise ValueError("a host is an address or a name")

    def __str__(self) -> str:
        return f"[{self.address}]" if self.name is None else self.name


@dataclass(frozen=True)
class Sock:
    """A host and a TCP port."""

    host: Host
    port: int

    def __str__(self) -> str:
        return f"{self.host} : {self.port}"


@dataclass(frozen=True)
class Exact:
    """A text that is equal."""

    text: str


@dataclass(frozen=True)
class Glob:
    """A text of this shape: `*` any characters, `?` one; without regard to case."""

    pattern: str


@dataclass(frozen=True)
class Regex:
    """A text in which this is found; linear time (google-re2)."""

    pattern: str
    ignore_case: bool = False

    @cached_property
    def compiled(self) -> Any:
        """Has `search(str)`; raises re2.error where the pattern is none."""
        options = re2.Options()
        options.case_sensitive = not self.ignore_case
        options.log_errors = False
        return re2.compile(self.pattern, options)


@dataclass(frozen=True)
class Name:
    """A host by its name; stands for all its addresses."""

    name: str


@dataclass(frozen=True)
class Range(Generic[T]):
    """`low` to `high`, both included; in a cycle (days, months, minutes) low may be the greater."""

    low: T
    high: T


StrMember = Union[Exact, Glob, Regex]
HostMember = Union[Address, Network, Range[Address], Name, Glob, Regex]


@dataclass(frozen=True)
class Set(Generic[M]):
    """`*` (everything), or the members; `negated` turns either round."""

    members: Tuple[M, ...] = ()
    negated: bool = False
    everything: bool = False


class StrSet(Set[StrMember]):
    """str-set; an open enumeration's set too."""


class HostSet(Set[HostMember]):
    """host-set."""


class NumberSet(Set[Range[int]]):
    """A set of numbers, days, months or minutes; a single one is a range of one.

    Of hhmm the ranges hold the minutes: 0800-1630 ends with the minute 16:29.
    """

    def __contains__(self, number: int) -> bool:
        return (self.everything or self._listed(number)) != self.negated

    def _listed(self, number: int) -> bool:
        return any(
            (part.low <= number) & (number <= part.high)
            if part.low <= part.high
            else (part.low <= number) | (number <= part.high)
            for part in self.members
        )


class PortSet(NumberSet):
    """port-set."""


class WordSet(Set[str]):
    """A set of an enumeration's words."""

    def __contains__(self, word: str) -> bool:
        return (self.everything or word in self._words) != self.negated

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(self.members)
