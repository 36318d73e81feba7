"""idfields - ID: who the client says it is, without what only a trusted proxy may say.

    clean(command)   the same without x-originating-ip and its like

A server that trusts this proxy would believe those fields (specification, 2.2).
Source: RFC 2971 section 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Tuple

from .command import Command
from .names import Needs, need
from .parts import Part, Parts, String
from .scanner import Invalid, Scanner

FORGED = (b"x-originating-", b"x-connected-", b"x-proxy-", b"x-forward-", b"x-session-")

_NEEDS = (need(b"ID"),)

Field = Tuple[bytes, "bytes | None"]


@dataclass(frozen=True, slots=True)
class Id(Command):
    """`fields`: names and values, in their order; None is NIL, in place of all fields too."""

    fields: Tuple[Field, ...] | None

    @property
    def name(self) -> str:
        return "ID"

    @property
    def needs(self) -> Needs:
        return _NEEDS

    @property
    def parts(self) -> Parts:
        if not self.fields:
            return (b" NIL",)
        parts: List[Part] = [b" ("]
        for name, value in self.fields:
            parts += (String(name), b" ", b"NIL" if value is None else String(value), b" ")
        parts[-1] = b")"
        return tuple(parts)


def clean(command: Id) -> Id:
    """`command` without the fields that a trusted proxy would add."""
    if command.fields is None:
        return command
    kept = tuple(field for field in command.fields if not field[0].lower().startswith(FORGED))
    return command if len(kept) == len(command.fields) else Id(command.tag, kept or None)


def identify(scan: Scanner, tag: bytes) -> Id:
    """id = "ID" SP (nil / "(" [string SP nstring *(SP string SP nstring)] ")")"""
    scan.sp()
    fields = None if scan.nil() else tuple(_fields(scan)) or None
    scan.end()
    return Id(tag, fields)


def _fields(scan: Scanner) -> List[Field]:
    scan.opening()
    fields: List[Field] = []
    while not scan.accept(b")"):
        if fields:
            scan.sp()
        if len(fields) == scan.limits.id_fields:
            raise Invalid("fewer fields expected")
        name = scan.string()
        scan.sp()
        fields.append((name, None if scan.nil() else scan.string()))
    return fields
