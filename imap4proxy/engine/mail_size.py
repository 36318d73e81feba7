"""mail_size - max-mail-in where mails are not scanned: on the announced size of a literal.

    extent(piece)           how far into its mail the announced literal reaches

    items = Items()
    items.whole(piece)      what of a piece of a FETCH response goes on
    items.without(piece)    ... without the item whose literal it announces

A FETCH response is cut where a literal is announced, so an item that is too
large is seen before any of its octets.  Of a partial (`BODY[]<o>`) the offset
counts too.  Without `refuse` the session ends; with it the item is taken out of
the response, the others stay, and the command is completed with NO [TOOBIG].
A response that has no item left is not sent at all.
See also: refused_text.py (what is told in front of the NO).
"""

from __future__ import annotations

import re

from ..wire.data import Data

_OFFSET = re.compile(rb"<([0-9]+)> \Z")


def extent(piece: Data) -> int:
    """Octets from the beginning of the mail, or of the part, to the literal's end."""
    offset = _OFFSET.search(piece.item)
    return piece.literal + (int(offset[1]) if offset else 0)


class Items:
    """The pieces of FETCH responses in their order.

    Whether a blank or a list's beginning goes on shows only in what follows it.
    """

    def __init__(self) -> None:
        self._edge = b""  # one of these two, which waits

    def whole(self, piece: Data) -> bytes:
        octets = self._joined(piece.octets)
        if octets.endswith(b" "):
            self._edge = b" "
            return octets[:-1]
        if piece.first and octets.endswith(b"(") and octets.count(b"(") == 1:
            self._edge = octets
            return b""
        return octets

    def without(self, piece: Data) -> bytes:
        octets = self._joined(piece.octets)
        octets = octets[: octets.rindex(piece.item)]
        if octets.endswith(b"("):
            self._edge = octets
            return b""
        return octets.removesuffix(b" ")

    def _joined(self, octets: bytes) -> bytes:
        """`octets` behind the edge, if that still has something behind it."""
        edge, self._edge = self._edge, b""
        if not edge:
            return octets
        if octets.startswith(b")"):
            return octets if edge == b" " else b""
        return edge + octets.removeprefix(b" ")
