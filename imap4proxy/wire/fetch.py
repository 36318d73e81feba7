"""fetch - FETCH and UID FETCH.

    command.sequence_set         b"1:*"
    command.what.items           (Item("UID"), Item("FLAGS"))
    command.what.changed_since   what CHANGEDSINCE asks for, or None

Macros are read as the items that they stand for.  What is fetched is remembered
over commands and sessions where it is short: mail programs ask for the same for ever.

Sources: RFC 3501 section 6.4.5, RFC 7162 sections 3.1.4 and 3.2.6 (modifiers).
See also: fetch_items.py, body_section.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Iterator, Tuple

from .command import Command
from .fetch_items import CONDSTORE, Item, items
from .fragments import Line
from .limits import Limits
from .names import Needs, need
from .parts import Part, Parts, joined
from .scanner import Invalid, Scanner

_QRESYNC = need(b"QRESYNC")
_SHORT = 512  # octets; what Thunderbird and Outlook ask of a new mail has under 300


@dataclass(frozen=True, slots=True)
class What:
    """Which items, and of which mails only (the modifiers of RFC 7162)."""

    items: Tuple[Item, ...]
    changed_since: int | None = None
    vanished: bool = False
    needs: Needs = ()
    parts: Parts = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", joined(self._parts()))  # frozen; made once

    def _parts(self) -> Iterator[Part]:
        for at, item in enumerate(self.items):
            yield b" " if at else b" ("
            yield from item.parts
        yield b")"
        if self.changed_since is not None:
            yield b" (CHANGEDSINCE %d%b)" % (self.changed_since, b" VANISHED" * self.vanished)


@dataclass(frozen=True, slots=True)
class Fetch(Command):
    uid: bool
    sequence_set: bytes
    what: What
    needs: Needs = ()

    @property
    def name(self) -> str:
        return "UID-FETCH" if self.uid else "FETCH"

    @property
    def parts(self) -> Parts:
        return (b" " + self.sequence_set, *self.what.parts)


def fetch(scan: Scanner, tag: bytes) -> Fetch:
    return _fetch(scan, tag, uid=False)


def uid_fetch(scan: Scanner, tag: bytes) -> Fetch:
    return _fetch(scan, tag, uid=True)


def _fetch(scan: Scanner, tag: bytes, uid: bool) -> Fetch:
    """fetch = "FETCH" SP sequence-set SP items [SP fetch-modifiers]"""
    scan.sp()
    sequence_set = scan.sequence_set()
    saved = tuple(scan.needs)  # the result of a search, as $
    scan.sp()
    rest = scan.text[scan.at:]
    if len(rest) <= _SHORT and scan.on_last_line:
        what = _remembered(rest, scan.limits.section_depth, scan.utf8)
    else:
        what = _what(scan)
    if what.vanished and not uid:
        raise Invalid("no VANISHED expected")
    return Fetch(tag, uid, sequence_set, what, saved + what.needs)


@lru_cache(maxsize=256)
def _remembered(rest: bytes, section_depth: int, utf8: bool) -> What:
    limits = Limits(section_depth=section_depth)
    return _what(Scanner((Line(rest),), (), limits, utf8=utf8))


def _what(scan: Scanner) -> What:
    before = len(scan.needs)
    found = items(scan)
    changed_since, vanished = None, False
    if scan.accept(b" "):
        changed_since, vanished = _modifiers(scan)
    scan.end()
    return What(found, changed_since, vanished, tuple(scan.needs[before:]))


def _modifiers(scan: Scanner) -> Tuple[int, bool]:
    """ "(" "CHANGEDSINCE" SP mod-sequence-value [SP "VANISHED"] ")", in any order"""
    scan.opening()
    changed_since, vanished = None, False
    while True:
        word = scan.keyword()
        if word == b"CHANGEDSINCE" and changed_since is None:
            scan.sp()
            changed_since = scan.mod_sequence()
        elif word == b"VANISHED" and not vanished:
            vanished = True
        else:
            raise Invalid("modifier expected")
        if scan.accept(b")"):
            break
        scan.sp()
    if changed_since is None:
        raise Invalid("CHANGEDSINCE expected")
    scan.require(CONDSTORE)
    scan.require(_QRESYNC if vanished else None)
    return changed_since, vanished
