"""report - what people read of proxies and their sessions, as text; after top(1).  [P]

    for line in lines(statuses, view, now, width): ...

A line for each proxy, and a table of the sessions.  `width` is that of the terminal,
beyond which lines are cut; None cuts nothing.
"""

from __future__ import annotations

from typing import Iterator, List, Optional, Sequence

from .columns import COLUMNS, Column, Columns, duration, moment, size
from .status import Status
from .view import View

SILENT = 3  # intervals; who has not published for so long may hang

NOBODY = "No proxy is running."


def lines(
    statuses: Sequence[Status], view: View, now: float, width: Optional[int] = None
) -> Iterator[str]:
    """`now` in seconds since the epoch."""
    shown = view.statuses(statuses)
    yield moment(now)
    yield from (summary(status, now) for status in shown) if shown else (NOBODY,)
    yield ""
    yield from _table(shown, view, width)


def summary(status: Status, now: float) -> str:
    """`imap4-proxy MAIL[2018]: serving for 3d04h; 12 sessions; 8 children idle; in 1.2M/s`"""
    speeds = [session.speed for session in status.sessions]
    download, upload = sum(one.download for one in speeds), sum(one.upload for one in speeds)
    children = ", ".join(f"{count} {state}" for state, count in status.children.items() if count)
    return (
        f"{status.program} {status.name}[{status.parent}]: {condition(status, now)};"
        f" {sessions(len(status.sessions))}; children: {children or 'none'};"
        f" in {size(download)}/s, out {size(upload)}/s"
    )


def sessions(number: int) -> str:
    return "1 session" if number == 1 else f"{number} sessions"


def condition(status: Status, now: float) -> str:
    """How the proxy itself is."""
    silence = now - status.at
    if silence > SILENT * status.interval:
        return f"silent for {duration(silence)}"
    if status.ending:
        return "ending"
    return f"serving for {duration(now - status.started)}"


def shown_columns(statuses: Sequence[Status], view: View) -> Columns:
    """Those of the view, behind the proxy's name where there are several."""
    name = COLUMNS["proxy"]
    if len(statuses) > 1 and name not in view.columns:
        return (name, *view.columns)
    return view.columns


def _table(statuses: Sequence[Status], view: View, width: Optional[int]) -> Iterator[str]:
    columns = shown_columns(statuses, view)
    rows = [[column.text(row) for column in columns] for row in view.rows(statuses)]
    rows.insert(0, [column.heading for column in columns])
    widths = [max(map(len, cells)) for cells in zip(*rows)]
    for row in rows:
        yield _line(columns, row, widths)[:width]


def _line(columns: Sequence[Column], cells: List[str], widths: List[int]) -> str:
    padded = [
        cell.rjust(width) if column.number else cell.ljust(width)
        for column, cell, width in zip(columns, cells, widths)
    ]
    return "  ".join(padded).rstrip()
