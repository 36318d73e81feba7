"""reading - what a reader makes of octets from a server, the same whatever the cuts.

    read(parts)    -> [Response("FETCH", b"* 1 FETCH (...)\\r\\n"), Status(...), ..., Failed]
"""

from __future__ import annotations

from typing import Any, Iterable, List, NamedTuple

from imap4proxy.wire.data import Data
from imap4proxy.wire.leniencies import Leniency
from imap4proxy.wire.response_limits import ResponseLimits
from imap4proxy.wire.response_reader import ResponseReader
from kernun_common.errors import PeerError, Side

Failed = "PeerError"
Incomplete = "incomplete"


class Response(NamedTuple):
    """One untagged response with data: all its pieces and literals joined."""

    kind: str
    octets: bytes
    lenient: frozenset[Leniency] = frozenset()


class Collector:
    """Feeds a reader, takes literals as an engine does, and joins the pieces."""

    def __init__(self, reader: ResponseReader) -> None:
        self.reader = reader
        self.pieces: List[Any] = []
        self.found: List[Any] = []
        self._octets = b""
        self._lenient: set[Leniency] = set()
        self._literal = 0

    def feed(self, octets: bytes) -> None:
        self.reader.feed(octets)
        while True:
            taken = self.reader.take(self._literal)
            self._octets += taken
            self._literal -= len(taken)
            piece = self.reader.next()
            if piece is None:
                return
            assert not self._literal
            self.pieces.append(piece)
            self._on_piece(piece)

    def _on_piece(self, piece: Any) -> None:
        if not isinstance(piece, Data):
            assert not self._octets
            self.found.append(piece)
            return
        assert piece.first == (not self._octets)
        self._octets += piece.octets
        self._lenient.update(piece.lenient)
        self._literal = piece.literal
        if piece.last:
            self._on_last(piece)

    def _on_last(self, piece: Data) -> None:
        lines = self._octets.splitlines(True) if piece.count > 1 else [self._octets]
        assert len(lines) == piece.count
        self.found += [Response(piece.kind, line, frozenset(self._lenient)) for line in lines]
        self._octets, self._lenient = b"", set()


def make(utf8: bool = False, authenticated: bool = True, **limits: int) -> ResponseReader:
    reader = ResponseReader(ResponseLimits(**limits))
    reader.authenticated, reader.utf8 = authenticated, utf8
    return reader


def read(
    parts: Iterable[bytes], utf8: bool = False, authenticated: bool = True, **limits: int
) -> List[Any]:
    """What is found in `parts`; at the end Failed if the server is to blame, Incomplete."""
    collector = Collector(make(utf8, authenticated, **limits))
    try:
        for part in parts:
            collector.feed(part)
    except PeerError as error:
        assert error.side is Side.SERVER
        return [*collector.found, Failed]
    return [*collector.found, *([Incomplete] if collector.reader.midway else [])]
