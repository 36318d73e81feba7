"""verdict - what passes of a mail: the mail itself, a changed one, or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from ..events import PooledMail
from ..view.view import View


@dataclass(frozen=True, slots=True)
class Verdict:
    """`mail` is what passes, as `view` shows it; of a denied mail the original, for its metadata.

    `reason` is the operator's text, None where there is none; `msgid` as in the log.
    """

    mail: PooledMail
    view: View
    changed: bool = False
    denied: bool = False
    reason: str | None = None
    msgid: str = ""

    @property
    def fields(self) -> int:
        """How many header fields its structure holds in memory."""
        return sum(len(part.fields) for part in self.view.structure.parts())
