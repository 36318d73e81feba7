"""ambiguous_body - where programs can read the document of a part in different ways.

    for name, span in body_checks(octets, part)     part: a leaf
    found, more = runs(octets, part)                encoded data in it that is not declared
    found[0].octets(octets, part)                   decoded, in a stream
    found[0].octets(octets, part, 1)                ... in another of found[0].ways

`name` is one of ambiguity_names.py.  Takes time linear in the document; so does each run, and
therefore there are at most MOST_RUNS.  Where there are `more` nobody has looked into those.

Base64 between lines -----BEGIN X----- and -----END X----- (keys, signatures) is what it says,
if there are no more than LONGEST_ARMOUR octets between them and no other such line.
"""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import Dict, Iterable, Iterator, List, NamedTuple, Tuple

from . import base64_text, binhex, uuencode, uuencode_in_text, yenc
from .decode import READINGS, Decoder, decoded
from .octets import Octets, Span, chunks
from .structure import Part
from .text_lines import lines

_BLANKS = b" \t\r\n"
_MARK = re.compile(
    rb"\n(?:(?P<uuencode>" + uuencode_in_text.PATTERN + rb")"
    rb"|(?P<yenc>=ybegin )"
    rb"|(?P<binhex>\(This file must be converted with BinHex)"
    rb"|(?P<base64>(?:[A-Za-z0-9+/]{60,76}+\r?\n){3}[A-Za-z0-9+/]{60,76}+(?=\r?\n))"
    rb"|-----BEGIN (?P<begin>[A-Za-z0-9 ._/#]{1,64})-----"
    rb"|-----END (?P<end>[A-Za-z0-9 ._/#]{1,64})-----)"
)
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]++={0,2}")
_LONGEST = uuencode_in_text.LONGEST + 1  # octets of what _MARK matches, and looks at
MOST_RUNS = 50  # of a part
LONGEST_ARMOUR = 64 * 1024  # octets; so long its end is awaited
_ARMOUR = ("begin", "end")
_DECODERS: Dict[str, Tuple[Decoder, ...]] = {
    "uuencode": (uuencode.loosely, uuencode.masked),
    "yenc": (yenc.decoded,),
    "binhex": (binhex.decoded,),
    "base64": (lambda pieces: base64_text.tolerant(_base64_lines(pieces)),),
}
# The first line of what each decoder takes, and the last one.
_FRAMES = {
    uuencode.decoded: (uuencode.BEGIN, re.compile(rb"(?:end|====)\s*")),
    yenc.decoded: (yenc.BEGIN, re.compile(rb"=yend.*")),
    binhex.decoded: (binhex.BEGIN, re.compile(rb".*[^:].*:\s*")),
}


class Mark(NamedTuple):
    """Where something begins, as an offset of the document; `label`: of armour."""

    name: str
    start: int
    label: bytes = b""


class Run(NamedTuple):
    """From an offset of the decoded document to where its decoder ends, or to the second one."""

    name: str
    start: int
    end: int | None

    @property
    def ways(self) -> int:
        """In how many ways it can be read; the first is the usual one."""
        return len(_DECODERS[self.name])

    def octets(self, octets: Octets, part: Part, way: int = 0) -> Iterator[bytes]:
        """What it holds."""
        document = decoded(octets, part.body, part.encoding)
        return filter(None, _DECODERS[self.name][way](_between(document, self.start, self.end)))


class Runs(NamedTuple):
    """In their order."""

    found: List[Run]
    more: bool


def _base64_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Up to the first line that is something else, or has padding."""
    for line in lines(pieces):
        if not _BASE64_LINE.fullmatch(line):
            return
        yield line
        if line.endswith(b"="):
            return


def _between(pieces: Iterable[bytes], start: int, end: int | None) -> Iterator[bytes]:
    at = 0
    for piece in pieces:
        if end is not None and at >= end:
            return
        yield piece[max(0, start - at) : None if end is None else end - at]
        at += len(piece)


def body_checks(octets: Octets, part: Part) -> Iterator[Tuple[str, Span]]:
    """All of them, each once."""
    if part.encoding == "base64":
        for name in _base64(octets, part.body):
            yield name, part.body
    elif _has_outside(octets, part):
        yield "encoded-outside", part.body
    if uuencode.decoded in _decoders(part) and uuencode.has_junk(chunks(octets, part.body)):
        yield "uuencode-junk", part.body
    for name in dict.fromkeys(mark.name for mark in _marks(octets, part)):
        yield f"{name}-in-text", part.body


def _base64(octets: Octets, body: Span) -> Iterator[str]:
    """Padding may stand at the end only, as much as is missing to four digits."""
    digits = padding = 0
    inner = junk = False
    for chunk in chunks(octets, body):
        rest = chunk.translate(None, base64_text.ALPHABET)
        here, others = len(chunk) - len(rest), rest.translate(None, _BLANKS)
        if others:
            before, _, behind = chunk.translate(None, _BLANKS).partition(b"=")
            inner = inner or bool(padding and before) or bool(behind.strip(b"="))
        else:  # as most often
            inner = inner or bool(padding and here)
        equals = others.count(b"=")
        junk = junk or len(others) > equals
        digits += here
        padding += equals
    if junk:
        yield "base64-junk"
    if inner:
        yield "base64-inner-padding"
    elif padding != -digits % 4 or digits % 4 == 1:
        yield "base64-padding"


def _decoders(part: Part) -> Tuple[Decoder, ...]:
    return READINGS.get(part.encoding, ())


def _has_outside(octets: Octets, part: Part) -> bool:
    """Are there lines that are left out of the document, or shown by who knows no such encoding?"""
    decoders = _decoders(part)
    if not decoders or decoders[0] not in _FRAMES:
        return False
    begin, end = _FRAMES[decoders[0]]
    inside = False
    for line in lines(chunks(octets, part.body)):
        if inside:
            inside = not end.fullmatch(line)
        elif begin.match(line):
            inside = True
        elif line.strip(_BLANKS):
            return True
    return False


def runs(octets: Octets, part: Part) -> Runs:
    """Each ends where another of its kind begins, whatever marks of others are in its data."""
    marks = list(islice(_marks(octets, part), MOST_RUNS + 1))
    ends: Dict[str, int] = {}
    found = []
    for name, start, _ in reversed(marks):
        found.append(Run(name, start, ends.get(name)))
        ends[name] = start
    return Runs(found[::-1][:MOST_RUNS], len(marks) > MOST_RUNS)


def _marks(octets: Octets, part: Part) -> Iterator[Mark]:
    """Where runs begin."""
    if part.encoding in READINGS and part.content_type.type != "text":
        return
    yield from _outside_armour(_all_marks(decoded(octets, part.body, part.encoding)))


def _all_marks(document: Iterable[bytes]) -> Iterator[Mark]:
    """And those of armour."""
    last = -_LONGEST  # where the last line of base64 ended
    for at, match in _matches(document):
        name = match.lastgroup or ""
        if name != "base64" or at - last > len("\r\n"):  # else the run goes on
            yield Mark(name, at, match[name] if name in _ARMOUR else b"")
        if name == "base64":
            last = at + match.end() - match.start() - 1


def _outside_armour(marks: Iterable[Mark]) -> Iterator[Mark]:
    """Without base64 in armour; what may be in it is held until its end has come."""
    begin: Mark | None = None
    held: List[Mark] = []
    for mark in marks:
        if begin is not None and mark.start - begin.start > LONGEST_ARMOUR:
            yield from held
            begin, held = None, []
        if mark.name in _ARMOUR:
            is_its_end = mark.name == "end" and begin is not None and mark.label == begin.label
            yield from (each for each in held if not is_its_end or each.name != "base64")
            begin, held = mark if mark.name == "begin" else None, []
        elif begin is not None:
            held.append(mark)
        else:
            yield mark
    yield from held


def _matches(document: Iterable[bytes]) -> Iterator[Tuple[int, re.Match[bytes]]]:
    """Marks that begin a line, with the offset of that line."""
    window, offset = b"\n", -1  # of the window in the document
    for piece in chain(document, [b"\n"]):
        window += piece
        at = 0
        for match in _MARK.finditer(window):
            if not match["uuencode"] or uuencode_in_text.begins(window, match.start("uuencode")):
                yield offset + match.start() + 1, match
                at = match.end()
        cut = max(at, len(window) - _LONGEST)
        window, offset = window[cut:], offset + cut
