"""ambiguous_body - where programs can read the document of a part in different ways.

    for name, span in body_checks(octets, part)     part: a leaf
    for run in runs(octets, part)                   encoded data in it that is not declared
        run.octets(octets, part)                    decoded, in a stream

`name` is one of ambiguity_names.py.  Takes time linear in the document.
Base64 between lines -----BEGIN and -----END (keys, signatures) is what it says.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Dict, Iterable, Iterator, List, NamedTuple, Tuple

from . import base64_text, binhex, uuencode, yenc
from .decode import READINGS, Decoder, decoded
from .octets import Octets, Span, chunks
from .structure import Part
from .text_lines import lines

_BLANKS = b" \t\r\n"
_MARK = re.compile(
    rb"\n(?:(?P<uuencode>begin(?:-base64)?[ ]++[0-7]{3,4}[ ]++[^ \r\n])"
    rb"|(?P<yenc>=ybegin )"
    rb"|(?P<binhex>\(This file must be converted with BinHex)"
    rb"|(?P<base64>(?:[A-Za-z0-9+/]{60,76}+\r?\n){3}[A-Za-z0-9+/]{60,76}+(?=\r?\n))"
    rb"|-----(?:(?P<begin>BEGIN )|(?P<end>END )))"
)
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]++={0,2}")
_LONGEST = 4 * 80  # octets of what _MARK matches
_MOST_RUNS = 50  # of a part; the last one takes what follows
_DECODERS: Dict[str, Decoder] = {
    "uuencode": uuencode.decoded,
    "yenc": yenc.decoded,
    "binhex": binhex.decoded,
    "base64": lambda pieces: base64_text.tolerant(_base64_lines(pieces)),
}


class Run(NamedTuple):
    """Data between two offsets of the decoded document, the second of which may be its end."""

    name: str
    start: int
    end: int | None

    def octets(self, octets: Octets, part: Part) -> Iterator[bytes]:
        """What it holds."""
        document = decoded(octets, part.body, part.encoding)
        return filter(None, _DECODERS[self.name](_between(document, self.start, self.end)))


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
    for name in dict.fromkeys(name for name, _ in _marks(octets, part)):
        yield f"{name}-in-text", part.body


def _base64(octets: Octets, body: Span) -> Iterator[str]:
    """Padding may stand at the end only, as much as is missing to four digits."""
    digits = padding = 0
    inner = junk = False
    for chunk in chunks(octets, body):
        clean = chunk.translate(None, _BLANKS)
        before, _, behind = clean.partition(b"=")
        inner = inner or bool(padding and before) or bool(behind.strip(b"="))
        equals = clean.count(b"=")
        other = len(clean.translate(None, base64_text.ALPHABET)) - equals
        junk = junk or other > 0
        digits += len(clean) - equals - other
        padding += equals
    if junk:
        yield "base64-junk"
    if inner:
        yield "base64-inner-padding"
    elif padding != -digits % 4 or digits % 4 == 1:
        yield "base64-padding"


def runs(octets: Octets, part: Part) -> List[Run]:
    """In their order."""
    marks = list(islice(_marks(octets, part), _MOST_RUNS))
    ends: List[int | None] = [start for _, start in marks[1:]]
    return [Run(name, start, end) for (name, start), end in zip(marks, [*ends, None])]


def _marks(octets: Octets, part: Part) -> Iterator[Tuple[str, int]]:
    """Where runs begin, as offsets of the document, and what they are."""
    if part.encoding in READINGS and part.content_type.type != "text":
        return
    armour, last = False, -_LONGEST  # where the last line of base64 ended
    for at, match in _matches(decoded(octets, part.body, part.encoding)):
        name = match.lastgroup or ""
        if name in ("begin", "end"):
            armour = name == "begin"
        elif name != "base64":
            yield name, at
        elif not armour:
            if at - last > len("\r\n"):  # else the run goes on
                yield name, at
            last = at + match.end() - match.start() - 1


def _matches(document: Iterable[bytes]) -> Iterator[Tuple[int, re.Match[bytes]]]:
    """Marks that begin a line, with the offset of that line."""
    window, offset = b"\n", -1  # of the window in the document
    for piece in document:
        window += piece
        at = 0
        for match in _MARK.finditer(window):
            yield offset + match.start() + 1, match
            at = match.end()
        cut = max(at, len(window) - _LONGEST)
        window, offset = window[cut:], offset + cut
