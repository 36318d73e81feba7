"""readings - the documents of a mail that can be read in two ways, by every way that we know.

    for content in readings(octets, structure, limits, store): ...      content: ../content.py

Nothing where the structure has no ambiguities.  Otherwise each document of each way of choice.py,
decoded by each of its encodings in each way of decode.py, and what is encoded in a text without
a word (ambiguous_body.py); each piece of the mail once for each decoder.

What could not be read, since it is over a limit, is a Content that is missing.  (That the mail
itself is, in the usual way, is known from its structure.)

An encoded message or multipart is decoded as a whole and read like a mail; so is a mail with
lone CR or LF, after they have become line ends.  These go to `store`, which takes chunks and
returns Octets: bytes by default; the mail pool's where mails are large.
See also: ambiguity.py.
"""

from __future__ import annotations

from itertools import chain
from typing import Callable, Dict, Iterable, Iterator, Set, Tuple

from ..content import Content
from . import loose, transfer_encoding
from .ambiguous_body import MOST_RUNS, Run, runs
from .choice import CHOICES, Choice
from .decode import READINGS, Decoder
from .header import first, named
from .limits import Limits
from .line_ends import mended
from .octets import Octets, Span, chunks
from .reader import read
from .structure import Part, Structure

Store = Callable[[Iterable[bytes]], Octets]

_DEPTH = 5  # of mails that are encoded in one another
_LINE_ENDS = frozenset({"bare-cr", "bare-lf", "nul"})


def _joined(pieces: Iterable[bytes]) -> Octets:
    return b"".join(pieces)


def readings(
    octets: Octets, structure: Structure, limits: Limits = Limits(), store: Store = _joined
) -> Iterator[Content]:
    """See the file's first lines."""
    if structure.ambiguities:
        yield from _Readings(limits, store).of(octets, "", _DEPTH)
        if any(each.name in _LINE_ENDS for each in structure.ambiguities):
            whole = store(mended(octets, Span(0, len(octets))))
            yield from _Readings(limits, store).of(whole, "with line ends mended, ", _DEPTH)


class _Readings:
    """All readings of the mails of one mail, within its limits."""

    def __init__(self, limits: Limits, store: Store) -> None:
        self._limits, self._store = limits, store

    def of(self, octets: Octets, prefix: str, depth: int) -> Iterator[Content]:
        """Of one mail; `prefix` says where it is."""
        seen: Set[Tuple[Span, str]] = set()
        for way, choice in CHOICES.items():
            root, _, exceeded = read(octets, self._limits, choice)
            if exceeded and (prefix or choice != Choice()):
                yield Content.missing(f"{prefix}{way}", f"it exceeds the limit of {exceeded}")
            for part in Structure(root, exceeded=exceeded).parts():
                name = f"{prefix}part {'.'.join(map(str, part.address)) or 'all'}, {way}"
                if part.is_leaf:
                    yield from _documents(octets, part, name, seen)
                yield from self._inner(octets, part, name, depth, seen)

    def _inner(
        self, octets: Octets, part: Part, name: str, depth: int, seen: Set[Tuple[Span, str]]
    ) -> Iterator[Content]:
        """What is in an encoded multipart or message."""
        if part.content_type.type not in ("multipart", "message"):
            return
        for encoding in _encodings(octets, part):
            key = part.body, f"{encoding} inside"
            if encoding in READINGS and key not in seen:
                seen.add(key)
                if not depth:
                    yield Content.missing(name, f"more than {_DEPTH} mails encoded in one another")
                    return
                pieces = READINGS[encoding][0](chunks(octets, part.body))
                inner = self._store(chain(_head(octets, part), pieces))
                yield from self.of(inner, f"{name}, decoded: ", depth - 1)


def _head(octets: Octets, part: Part) -> Iterator[bytes]:
    """For the inside of a multipart, what says that it is one."""
    field = first(part.fields, "content-type")
    if field and part.is_multipart:
        yield b"Content-Type:" + field.value.of(octets) + b"\r\n\r\n"


def _encodings(octets: Octets, part: Part) -> Tuple[str, ...]:
    """All that could be meant."""
    values = [f.value.of(octets) for f in named(part.fields, "content-transfer-encoding")]
    found = [part.encoding, *map(transfer_encoding.parse, values), *map(loose.encoding, values)]
    return tuple(dict.fromkeys(found))


def _documents(
    octets: Octets, part: Part, name: str, seen: Set[Tuple[Span, str]]
) -> Iterator[Content]:
    """The document by each decoder, and what is in it."""
    streams: Dict[str, Callable[[], Iterator[bytes]]] = {
        "as it is": lambda: chunks(octets, part.body)
    }
    for encoding in _encodings(octets, part):
        for number, decoder in enumerate(READINGS.get(encoding, ()), 1):
            streams[f"{encoding} {number}"] = _stream(decoder, octets, part.body)
    found, more = runs(octets, part)
    for number, run in enumerate(found, 1):
        for way in range(run.ways):
            words = f"{run.name} in {part.encoding} {number}{', otherwise' if way else ''}"
            streams[words] = _run_stream(run, octets, part, way)
    for words, stream in streams.items():
        if (part.body, words) not in seen:
            seen.add((part.body, words))
            yield Content(f"{name}, {words}", stream)
    if more and (part.body, "more") not in seen:
        seen.add((part.body, "more"))
        yield Content.missing(name, f"more than {MOST_RUNS} pieces of encoded data")


def _stream(decoder: Decoder, octets: Octets, body: Span) -> Callable[[], Iterator[bytes]]:
    return lambda: filter(None, decoder(chunks(octets, body)))


def _run_stream(run: Run, octets: Octets, part: Part, way: int) -> Callable[[], Iterator[bytes]]:
    return lambda: run.octets(octets, part, way)
