"""engine - one antispam engine as a session sees it; antispam(5).

    engine = Engine(section)
    score = yield from engine.check(content, limit, resolution)     Steps of ../steps.py

The score is in thousandths; None: the mail is larger than `limit`.  Unavailable: the
engine is down, slow, or answers nonsense.
"""

from __future__ import annotations

from typing import Optional

from kernun_common.acl.facts import Resolution

from ..content import Content
from ..netio.dialogue import converse
from ..netio.shape import UNSHAPED, Shape
from ..steps import Steps
from . import spamd
from .section import Antispam


class Engine:
    """See the file's first lines; `identity` tells the verdict-cache what it is."""

    def __init__(self, section: Antispam) -> None:
        self.name = section.name
        self.identity = f"{section.name} spamd {section.connection} {section.user or ''}"
        self._section = section

    def check(
        self,
        mail: Content,
        limit: Optional[int],
        resolution: Resolution,
        shape: Shape = UNSHAPED,
    ) -> Steps[Optional[int]]:
        """`limit` in octets; the size of the mail must be known."""
        assert mail.size is not None, "spamd is told the size first"
        if limit is not None and mail.exceeds(limit):
            return None
        section = self._section
        script = spamd.check(mail.pieces(), mail.size, section.user)
        place, options = section.connection, section.sock_opt
        return (yield from converse(place, options, resolution, script, shape))
