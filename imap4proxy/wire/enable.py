"""enable - ENABLE: what the client wants switched on.

Source: RFC 5161 section 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

from .command import Command
from .names import Needs, need
from .parts import Parts
from .scanner import Scanner

_NEEDS = (need(b"ENABLE"),)


@dataclass(frozen=True, slots=True)
class Enable(Command):
    """`capabilities` in upper case."""

    capabilities: Tuple[bytes, ...]

    @property
    def name(self) -> str:
        return "ENABLE"

    @property
    def parts(self) -> Parts:
        return (b" " + b" ".join(self.capabilities),)

    @property
    def needs(self) -> Needs:
        return _NEEDS


def enable(scan: Scanner, tag: bytes) -> Enable:
    """enable = "ENABLE" 1*(SP capability)"""
    scan.sp()
    capabilities = [scan.keyword()]
    while scan.accept(b" "):
        capabilities.append(scan.keyword())
    scan.end()
    return Enable(tag, tuple(capabilities))
