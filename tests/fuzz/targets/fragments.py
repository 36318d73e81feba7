"""Lines and literals: the same in every cut, nothing lost, no more held than the bound."""

from __future__ import annotations

import re
from typing import Iterable, Iterator, List, Sequence, Union

from imap4proxy.wire.abnf import NUMBER64
from imap4proxy.wire.fragments import (
    BARE_LF,
    TOO_LARGE,
    TOO_LONG,
    Fragments,
    Line,
    Literal,
    NotAHeader,
    header,
    literal_at,
)

from ..target import Target, parts, same
from . import seeds

BOUND = 100
KEPT = len(b"~{1234567890123456789+}\r\n")  # octets of the end of a line that is skipped
_HEADER = re.compile(rb"\A(.*?)(~?)\{([0-9]{1,19})(\+?)\}\Z", re.DOTALL)

Fragment = Union[Line, bytes]


class _Cutter:
    """Takes lines and literals, skips lines that are too long, holds literals whole."""

    def __init__(self) -> None:
        self.found: List[Fragment] = []
        self._fragments = Fragments()
        self._literal: bytes | None = None
        self._owed = 0
        self._skipping = False

    def feed(self, octets: bytes) -> None:
        self._fragments.feed(octets)
        while self._step():
            pass
        assert len(self._fragments) <= BOUND, "more is held than a line"

    def _step(self) -> bool:
        if self._literal is not None:
            self._take()
            return self._literal is None
        line = self._fragments.skip() if self._skipping else self._fragments.line(BOUND)
        if line is None:
            return False
        self._skipping = line.flaw is TOO_LONG
        self.found.append(line)
        if line.literal is not None:
            self._literal, self._owed = b"", line.literal.size
        return True

    def _take(self) -> None:
        assert self._literal is not None
        octets = self._fragments.take(self._owed)
        self._owed -= len(octets)
        self._literal += octets
        if not self._owed:
            self.found.append(self._literal)
            self._literal = None


def _cut(octets: Iterable[bytes]) -> List[Fragment]:
    cutter = _Cutter()
    for part in octets:
        cutter.feed(part)
    return cutter.found


def _expected(octets: bytes) -> Iterator[Fragment]:
    """The same by another way: from the whole, which needs no memory of what was searched."""
    at, skipping = 0, False
    while (end := octets.find(b"\n", at)) >= 0 or len(octets) - at >= BOUND:
        if not skipping and (end < 0 or end - at >= BOUND):
            yield Line(octets[at:at + BOUND], None, TOO_LONG)
            skipping = True
            continue
        if end < 0:
            return
        line = _line(octets[max(at, end - KEPT) if skipping else at:end])
        yield line
        at, skipping = end + 1, False
        if line.literal is not None:
            if at + line.literal.size > len(octets):
                return
            yield octets[at:at + line.literal.size]
            at += line.literal.size


def _line(octets: bytes) -> Line:
    if not octets.endswith(b"\r"):
        return Line(octets, None, BARE_LF)
    text = octets[:-1]
    found = _HEADER.match(text)
    if found is None:
        return Line(text)
    if int(found[3]) > NUMBER64:
        return Line(text, None, TOO_LARGE)
    return Line(found[1], Literal(int(found[3]), not found[4], bool(found[2])))


def _check_server(octets: bytes) -> None:
    """A literal of a server: known as soon as it has come, and written as it was read."""
    for at in (found.start() for found in re.finditer(rb"~?\{", octets)):
        told: List[object] = []
        for end in range(at, min(len(octets), at + 30) + 1):
            try:
                told.append(literal_at(octets[:end], at))
            except NotAHeader:
                told.append(NotAHeader)
        outcomes = [one for one in told if one is not None]
        assert outcomes[1:] == outcomes[:-1], told
        if outcomes and isinstance(outcomes[0], tuple):
            literal, end = outcomes[0]
            written = re.sub(rb"\{0+(?=[0-9])", b"{", octets[at:end])
            same(header(literal), written, "a literal's header")


def check(octets: bytes) -> None:
    found = _cut([octets])
    same(found, list(_expected(octets)), "by another way")
    for cut in parts(octets):
        same(_cut(cut), found, f"cut {list(map(len, cut))}")
    _check_server(octets)


def _seeds() -> Sequence[bytes]:
    return [*seeds.of_client(), *seeds.of_server()]


WORDS = (b"\r\n", b"\n", b"\r", b"{3}\r\n", b"{3+}\r\n", b"~{3}\r\n", b"~{0+}\r\n", b"{", b"}",
         b"{9223372036854775807}\r\n", b"{9223372036854775808+}\r\n", b"{2++}\r\n", b"x" * BOUND)
# fmt: skip

TARGET = Target(check, _seeds, WORDS, work=lambda octets: _cut([octets]))
