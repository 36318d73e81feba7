"""mail_size - max-mail-in where mails are not scanned: on the announced size of a literal.

A FETCH response is cut where a literal is announced, so an item that is too
large is seen before any of its octets.  Of a partial (`BODY[]<o>`) the offset
counts too.  Without `refuse` the session ends; with it the item is taken out of
the response, the others stay, and the command is completed with NO [TOOBIG].
"""

from __future__ import annotations

import re
from typing import Tuple

# msg-att item whose value is of the mail's content, at the end of a piece
_ITEM = re.compile(
    rb"(?P<before>[ (])"
    rb"(?:(?:BODY|BINARY)\[(?:[^\]\"]|\"(?:[^\"\\]|\\.)*\")*\](?:<(?P<offset>[0-9]+)>)?"
    rb"|RFC822(?:\.HEADER|\.TEXT)?)"
    rb" ~?\{[0-9]+\+?\}\r\n\Z",
    re.IGNORECASE,
)


def extent(octets: bytes, literal: int) -> int:
    """How far into its mail the announced literal reaches; 0 if it is no content of a mail."""
    item = _ITEM.search(octets)
    if item is None:
        return 0
    return int(item["offset"] or 0) + literal


def without_item(octets: bytes) -> Tuple[bytes, bool]:
    """`octets` without the item announced at their end; and whether it was the list's first."""
    item = _ITEM.search(octets)
    if item is None:
        return octets, False
    first = item["before"] == b"("
    return octets[: item.end("before") if first else item.start()], first
