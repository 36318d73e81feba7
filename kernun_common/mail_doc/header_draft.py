"""header_draft - the header of a part while it is written anew.

    draft = HeaderDraft(octets, part)
    draft.replace(b"Content-Type", b"text/plain")    in the place of the first, the others go
    draft.add(b"X-Checked", b"yes")                  at the end
    draft.delete("x-spam")
    draft.edit()                                     None where nothing has changed

Fields that are not touched keep their octets and their order.  See also: rewrite.py, field.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, List, Sequence, Union

from .encode import CRLF
from .octets import Octets, Span
from .pieces import Edit, Piece
from .structure import Part

_LINE = 76  # octets of a line that is written anew, without its end; RFC 5322 section 2.1.1


@dataclass
class Entry:
    """One field: as it stands, or new with its line end; `key` is its name in lower case."""

    key: str
    piece: Union[Span, bytes]


def field(name: bytes, value: bytes) -> bytes:
    """A field with its line end, folded at blanks where a line would be long.

    What is folded already in `value` stays so.
    """
    lines: List[bytes] = [name + b":"]
    for word in value.split(b" "):
        if word and len(lines[-1]) + 1 + len(word) > _LINE and lines[-1] != name + b":":
            lines.append(b"")
        lines[-1] += b" " + word
    return _without_blank_lines(lines) + CRLF


def _without_blank_lines(lines: List[bytes]) -> bytes:
    """A line of blanks alone would end the header for some readers: it joins the one before."""
    joined = lines[0]
    for line in lines[1:]:
        joined += line if not line.strip() else CRLF + line
    return joined


class HeaderDraft:
    """See the file's first lines."""

    def __init__(self, octets: Octets, part: Part) -> None:
        self._octets = octets
        self._header = part.header
        self._entries = [Entry(each.key, each.span) for each in part.fields]
        self._changed = False

    def values(self, key: str) -> List[bytes]:
        """What stands behind the colons of the fields of this name, with folds and line end."""
        return [self._value(each) for each in self._entries if each.key == key]

    def _value(self, entry: Entry) -> bytes:
        piece = entry.piece
        octets = piece if isinstance(piece, bytes) else piece.of(self._octets)
        return octets.partition(b":")[2]

    def delete(self, *keys: str) -> None:
        """All fields of these names."""
        self.keep(lambda key: key not in keys)

    def keep(self, wanted: Callable[[str], bool]) -> None:
        """Only the fields whose names are wanted."""
        left = [each for each in self._entries if wanted(each.key)]
        self._changed |= len(left) < len(self._entries)
        self._entries = left

    def add(self, name: bytes, value: bytes) -> None:
        """A field at the end of the header."""
        self._put(len(self._entries), name, field(name, value))

    def replace(self, name: bytes, value: bytes) -> None:
        """One field instead of all of that name; at the end where there is none."""
        self.replace_written(name, field(name, value))

    def replace_written(self, name: bytes, written: bytes) -> None:
        """As `replace`, by a field with its line end as it is written."""
        key = _key(name)
        at = next((n for n, each in enumerate(self._entries) if each.key == key), None)
        self.delete(key)
        self._put(len(self._entries) if at is None else at, name, written)

    def set_all(self, pieces: Sequence[Entry]) -> None:
        """The fields that are given instead of all that were there."""
        self._changed |= list(pieces) != self._entries
        self._entries = list(pieces)

    @property
    def entries(self) -> List[Entry]:
        """The fields as they are now."""
        return list(self._entries)

    def _put(self, at: int, name: bytes, written: bytes) -> None:
        self._entries.insert(at, Entry(_key(name), written))
        self._changed = True

    def edit(self) -> Edit | None:
        """What writes the header as it is now, with the blank line that ends it."""
        if not self._changed:
            return None
        pieces: List[Piece] = []
        for each in self._entries:
            pieces.append(each.piece)
            if not self._ends_line(each.piece):
                pieces.append(CRLF)
        pieces.append(CRLF)
        return Edit(self._header, tuple(pieces))

    def _ends_line(self, piece: Union[Span, bytes]) -> bool:
        if isinstance(piece, bytes):
            return piece.endswith(b"\n")
        return self._octets[max(piece.end - 1, piece.start) : piece.end] == b"\n"


def _key(name: bytes) -> str:
    return name.decode("latin-1").lower()
