"""processed - what becomes of a mail."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping, Tuple

from kernun_common.mail_doc.pieces import Pieces

from ..actions import Log


@dataclass(frozen=True)
class Quarantine:
    """The original of the mail is to be kept in `folder`; the mail is denied where that fails.

    `name`: of the files, without .eml and .json; it may be there already.  `record`: for the
    second one.
    """

    folder: str
    name: str
    record: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Processed:
    """One of

        denied                 with `reason`, the operator's text, None where there is none
        pieces is None         the mail passes as it is
        pieces and not again   the mail passes as these pieces, which are of the octets processed
        pieces and again       it was corrected: these pieces are to be stored, parsed and
                               processed in turn, with this result as `before`

    `msgid` is what the mail is called; `log` is to be written; `rounds` and `size` are for the
    next round: how often it was corrected, and the size of the original.
    """

    msgid: str
    denied: bool = False
    reason: str | None = None
    pieces: Pieces | None = field(default=None, repr=False)
    again: bool = False
    quarantine: Quarantine | None = None
    log: Tuple[Log, ...] = ()
    rounds: int = 0
    size: int = 0
