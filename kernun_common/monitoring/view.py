"""view - which sessions a report shows, of which proxies, in which columns and order.  [P]

    view = View(columns("pid,user,in"), sort=COLUMNS["in"], top=10)
    rows = view.rows(statuses)
    view = view.asked("s=time&top=5")       as the form of a page asks
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import FrozenSet, Iterable, List, Optional, Sequence, Tuple
from urllib.parse import parse_qs

from .columns import COLUMNS, Column, Columns, Row, columns
from .status import Status

TEXT = "pid,user,client,server,time,in,out,speed-in,speed-out,doing,data"
PAGE = "pid,user,client,server,doing,data,time,in,out,speed-in,speed-out,tls,acl"

MOST_QUERY = 4096  # characters
_MOST_FIELDS = 100


@dataclass(frozen=True)
class View:
    """See the file's first lines."""

    columns: Columns
    sort: Column = COLUMNS["speed"]
    top: Optional[int] = None  # so many sessions, those that are first by `by`
    by: Column = COLUMNS["speed"]
    proxies: FrozenSet[str] = frozenset()  # empty: all

    def statuses(self, statuses: Iterable[Status]) -> Tuple[Status, ...]:
        """Those of the proxies that are asked for."""
        return tuple(
            status for status in statuses if not self.proxies or status.name in self.proxies
        )

    def rows(self, statuses: Sequence[Status]) -> List[Row]:
        """The sessions to show, in their order; the oldest first where that leaves it open."""
        rows = [Row(status, session) for status in statuses for session in status.sessions]
        rows.sort(key=lambda row: row.session.since)
        if self.top is not None:
            rows = sorted(rows, key=self.by.order)[: self.top]
        return sorted(rows, key=self.sort.order)

    def asked(self, query: str) -> View:
        """This view, changed as the query of a form asks; what makes no sense is passed over."""
        with suppress(ValueError):
            return self._asked(query)
        return self

    def _asked(self, query: str) -> View:
        """`s`: sort, `t`: top, `T`: by, `c`: columns, `p`: proxies; as the options of monitor.py"""
        found = parse_qs(query[:MOST_QUERY], max_num_fields=_MOST_FIELDS)
        view = self
        if "c" in found:
            view = replace(view, columns=columns(",".join(found["c"])))
        if "s" in found:
            view = replace(view, sort=_column(found["s"][0]))
        if "T" in found:
            view = replace(view, by=_column(found["T"][0]))
        if "t" in found:
            view = replace(view, top=number(found["t"][0]))
        if "p" in found:
            view = replace(view, proxies=frozenset(found["p"]))
        return view


def _column(name: str) -> Column:
    return columns(name)[0]


def number(text: str) -> int:
    """A number of sessions; ValueError where it is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(f"no number: {text}")
    return int(text)
