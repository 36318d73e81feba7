"""kinds - the names of all types of the language; configuration(7).

    find("uint8")  find("host-set")  find("none|optional")  find("ref:ssl-params")  ->  Kind
    find("anything else")  ->  None
    enumeration("ssl-ver", ("TLSv1-2", "TLSv1-3"))     makes a name known

T-set and T-list exist for every T.  An enumeration of few words that one item uses is better
written inline.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional, Sequence, Tuple, Type

from kernun_common.configuration.hosts import HostKind, HostMemberKind, Port, SockKind
from kernun_common.configuration.kind import Kind, OneOf
from kernun_common.configuration.scalars import (
    RATE_UNITS,
    SIZE_UNITS,
    Enumeration,
    Hhmm,
    Number,
    Numbered,
    Open,
    Path,
    Reference,
    Scaled,
    Seconds,
    SecretText,
    Str,
    WordKind,
    YesNo,
)
from kernun_common.configuration.sets import (
    ListKind,
    MinuteMember,
    OpenMember,
    RangeMember,
    SetKind,
    StrMember,
)
from kernun_common.configuration.types import HostSet, NumberSet, PortSet, Set, StrSet, WordSet

DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DBGLEV = {"error": 3, "warning": 4, "normal": 6, "debug": 7, "trace": 8, "full": 9}

_KINDS: Dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Number("uint8", 0, 2**8 - 1),
        Number("uint16", 0, 2**16 - 1),
        Number("uint32", 0, 2**32 - 1),
        Number("int", -(2**31), 2**31 - 1),
        Scaled("size", SIZE_UNITS, "a size in octets"),
        Scaled("rate", RATE_UNITS, "a rate in bits per second"),
        Seconds(),
        Hhmm(),
        Str(),
        Path(),
        SecretText(),
        YesNo(),
        HostKind(),
        Port(),
        SockKind(),
        Numbered("dbglev", DBGLEV),
        Numbered("week-day", {day: number for number, day in enumerate(DAYS)}, cyclic=True),
        Numbered("month", {month: number for number, month in enumerate(MONTHS, 1)}, cyclic=True),
    )
}

BUILT_IN = frozenset(_KINDS)  # those that configuration(7) explains

_REFERENCE = "ref:"
_SET = "-set"
_LIST = "-list"


def enumeration(
    name: str,
    words: Sequence[str],
    *,
    numbers: Optional[Mapping[str, int]] = None,
    open: bool = False,
) -> None:
    """Make the type `name` known: one of `words`, or of the words of `numbers`, see types.py.

    An `open` one takes other words too, and its sets take globs.  Raises ValueError where
    another type has the name.
    """
    known = _KINDS.get(name)
    kind = Numbered(name, numbers) if numbers else (Open if open else Enumeration)(name, words)
    if known is not None and (type(known), known.words) != (type(kind), kind.words):
        raise ValueError(f"{name} is already a type")
    _KINDS[name] = kind


def find(word: str) -> Optional[Kind]:
    """The type that `word` of a notation names; None where it is a keyword."""
    if word in _KINDS:
        return _KINDS[word]
    if word.startswith(_REFERENCE):
        return Reference(word[len(_REFERENCE):])
    if "|" in word:
        return _one_of(word)
    for suffix, make in ((_SET, _set_of), (_LIST, _list_of)):
        member = _KINDS.get(word[: -len(suffix)]) if word.endswith(suffix) else None
        if member is not None:
            return make(member)
    return None


def _one_of(word: str) -> Kind:
    words = word.split("|")
    kinds = [kind for kind in map(find, words) if kind is not None]
    if not kinds:
        return Enumeration(word, words)
    if len(kinds) < len(words):
        raise ValueError(f"{word}: types and words cannot be mixed")
    return OneOf(word, kinds)


def _list_of(member: Kind) -> Kind:
    return ListKind(member.name + _LIST, member)


# Of which members and class the sets of a kind of type are; the first that fits.
_SETS: Tuple[Tuple[Type[Kind], Callable[[Any], Kind], Type[Set[Any]]], ...] = (
    (Path, lambda kind: kind, Set),
    (SecretText, lambda kind: kind, Set),
    (Str, lambda kind: StrMember(), StrSet),
    (HostKind, lambda kind: HostMemberKind(), HostSet),
    (Port, lambda kind: RangeMember(kind, False), PortSet),
    (Hhmm, MinuteMember, NumberSet),
    (Numbered, lambda kind: RangeMember(kind, kind.cyclic), NumberSet),
    (Open, OpenMember, StrSet),
    (Enumeration, lambda kind: kind, WordSet),
    (Seconds, lambda kind: kind, Set),
    (WordKind, lambda kind: RangeMember(kind, False), NumberSet),
    (Kind, lambda kind: kind, Set),
)


def _set_of(kind: Kind) -> Kind:
    member, cls = next(
        (make(kind), cls) for fitting, make, cls in _SETS if isinstance(kind, fitting)
    )
    return SetKind(kind.name + _SET, member, cls)
