"""refused_text - NIL for the text of a mail, where a client asks for that alone and is refused.

    record.nil = nil_for(command)       b"* 3 FETCH (BODY[TEXT] NIL)", or b""
    nil(3, b"BODY[TEXT] ")              the same, by what a server answers

It is told in front of the tagged NO, as some servers do for a mail that is gone.  fetchmail 6.4,
which asks for a mail's text by its number, waits for a FETCH response for ever: it heeds no
tagged one there.  Where numbers of mails are not what they were, it would be told of another.

Source: RFC 2180 section 4.1.
"""

from __future__ import annotations

from ..wire.body_section import Section
from ..wire.fetch import Fetch
from ..wire.fetch_items import Item
from .view.items import label

_TEXT = Section((), "TEXT")
_ITEMS = (Item("BODY.PEEK", _TEXT), Item("BODY", _TEXT), Item("RFC822.TEXT"))


def nil_for(command: Fetch) -> bytes:
    """An untagged response without CRLF; b"" if `command` asks for more, or by UID."""
    items = command.what.items
    if command.uid or len(items) > 1 or items[0] not in _ITEMS:
        return b""
    if not command.sequence_set.isdigit():
        return b""
    return nil(int(command.sequence_set), label(items[0]))


def nil(number: int, name: bytes) -> bytes:
    return b"* %d FETCH (%b NIL)" % (number, name.strip(b" ").upper())
