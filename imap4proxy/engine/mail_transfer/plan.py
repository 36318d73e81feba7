"""plan - what a FETCH asks for, and of whom: the server, or a mail that was processed.

    plan = Plan.of(command.what, process=False)
    plan.examines        its mails have to be fetched and examined
    plan.from_mail       the items that are computed from the processed mail
    plan.shows_body      does one of them show more than headers and structure?
    plan.marks_seen      does one of them set \\Seen?
    plan.of_server       the items that only the server knows

Source: spec 2.5.  See also: ../view/items.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Tuple

from ...wire.fetch import What
from ...wire.fetch_items import Item
from ..view.items import Source, is_body, sets_seen, source


@dataclass(frozen=True)
class Plan:
    of_server: Tuple[Item, ...]
    from_mail: Tuple[Item, ...]
    examines: bool
    shows_body: bool
    marks_seen: bool

    @classmethod
    @lru_cache(maxsize=256)
    def of(cls, what: What, process: bool) -> Plan:
        """`process`: metadata come from the processed mail, too."""
        of_server = tuple(item for item in what.items if source(item) is Source.SERVER)
        from_mail = tuple(item for item in what.items if source(item) is not Source.SERVER)
        content = any(source(item) is Source.CONTENT for item in from_mail)
        return cls(
            of_server=of_server,
            from_mail=from_mail,
            examines=content or process and bool(from_mail),
            shows_body=any(map(is_body, from_mail)),
            marks_seen=any(map(sets_seen, from_mail)),
        )
