"""page - what people read of proxies and their sessions, as a page for a browser.  [P]

    text = page(statuses, view, now, refresh=5, form=True)

HTML 5 without a script: it renews itself by `refresh` (seconds, None: it does not),
and is sorted by a form and by links if it has a form.  Everything that is not of this
file is escaped, so that no name of a user or of a mailbox becomes markup.
"""

from __future__ import annotations

from html import escape
from typing import Iterator, List, Optional, Sequence
from urllib.parse import urlencode

from .columns import COLUMNS, Column, Columns, Row, moment, size
from .report import NOBODY, condition, sessions, shown_columns
from .status import Status
from .style import CSS, POLICY
from .view import View

NOTHING = "No session is open."

_SPEEDS = ("speed", "speed-in", "speed-out")
_WRAPS = ("client", "server", "address", "data", "client-tls", "server-tls", "acl")  # may break
_LONG = ("since", "tls", *_WRAPS)  # a line of its own on a phone

_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="{policy}">{refresh}
<title>{title}</title>
<style>{css}</style>
</head>
<body>"""


def page(
    statuses: Sequence[Status],
    view: View,
    now: float,
    refresh: Optional[float] = None,
    form: bool = False,
) -> str:
    """`now` in seconds since the epoch."""
    shown = view.statuses(statuses)
    return "\n".join(
        [
            _head(shown, refresh),
            f"<header><h1>{escape(_title(shown))}</h1><time>{moment(now)}</time></header>",
            *(_proxy(status, now) for status in shown),
            *([_form(view)] if form else ()),
            *_sessions(shown, view, form),
            "</body>",
            "</html>",
            "",
        ]
    )


def _title(statuses: Sequence[Status]) -> str:
    return ", ".join(sorted({status.program for status in statuses})) or "Proxies"


def _head(statuses: Sequence[Status], refresh: Optional[float]) -> str:
    number = sum(len(status.sessions) for status in statuses)
    again = "" if refresh is None else f'\n<meta http-equiv="refresh" content="{refresh:.0f}">'
    title = f"{sessions(number)} - {_title(statuses)}" if statuses else NOBODY
    return _HEAD.format(policy=escape(POLICY), refresh=again, title=escape(title), css=CSS)


# --- a proxy ---------------------------------------------------------------------------------


def _proxy(status: Status, now: float) -> str:
    how = condition(status, now)
    facts = "".join(
        f"<div><dt>{label}</dt><dd>{escape(value)}</dd></div>" for label, value in _facts(status)
    )
    return (
        f'<section class="card proxy"><div><h2>{escape(status.name)}'
        f' <span class="faint">[{status.parent}]</span></h2>'
        f'<p class="{how.split()[0]}">{how}</p></div><dl>{facts}</dl></section>'
    )


def _facts(status: Status) -> Iterator[tuple[str, str]]:
    yield "sessions", str(len(status.sessions))
    for state, count in status.children.items():
        if count:
            yield f"children {escape(state)}", str(count)
    yield "in", size(sum(one.speed.download for one in status.sessions)) + "/s"
    yield "out", size(sum(one.speed.upload for one in status.sessions)) + "/s"


# --- the form --------------------------------------------------------------------------------


def _form(view: View) -> str:
    top = "" if view.top is None else str(view.top)
    boxes = "".join(_box(column, column in view.columns) for column in COLUMNS.values())
    return (
        '<details class="card"><summary>What to show</summary><form>'
        f'<label class="label">Sort by {_choice("s", view.sort)}</label>'
        '<label class="label">Only the first'
        f' <input type="number" name="t" min="0" max="999999" value="{top}"></label>'
        f'<label class="label">of all by {_choice("T", view.by)}</label>'
        f"<fieldset><legend>Columns</legend>{boxes}</fieldset>"
        "<button>Show</button></form></details>"
    )


def _choice(name: str, chosen: Column) -> str:
    options = "".join(
        f'<option value="{column.name}"{" selected" * (column is chosen)}>{column.name}</option>'
        for column in COLUMNS.values()
    )
    return f'<select name="{name}">{options}</select>'


def _box(column: Column, checked: bool) -> str:
    return (
        f'<label title="{escape(column.explanation)}"><input type="checkbox" name="c"'
        f' value="{column.name}"{" checked" * checked}> {column.name}</label>'
    )


def _link(view: View, column: Column) -> str:
    """The same view, sorted by `column`."""
    query = {"s": column.name, "c": ",".join(each.name for each in view.columns)}
    if view.top is not None:
        query |= {"t": str(view.top), "T": view.by.name}
    return f'<a href="?{escape(urlencode(query, safe=","))}">{column.heading}</a>'


# --- the table -------------------------------------------------------------------------------


def _sessions(statuses: Sequence[Status], view: View, links: bool) -> List[str]:
    columns, rows = shown_columns(statuses, view), view.rows(statuses)
    heads = "".join(_heading(view, column, links) for column in columns)
    return [
        '<div class="card sessions"><table>',
        f"<thead><tr>{heads}</tr></thead>",
        "<tbody>",
        *(_row(columns, row) for row in rows),
        "</tbody></table>",
        "" if rows else f'<p class="empty">{NOTHING if statuses else NOBODY}</p>',
        "</div>",
    ]


def _heading(view: View, column: Column, links: bool) -> str:
    order = "descending" if column.number else "ascending"
    attributes = (
        _attribute("class", "n" if column.number else "")
        + _attribute("aria-sort", order if column is view.sort else "")
        + _attribute("title", column.explanation)
    )
    return f"<th{attributes}>{_link(view, column) if links else column.heading}</th>"


def _row(columns: Columns, row: Row) -> str:
    cells = "".join(_cell(column, column.text(row)) for column in columns)
    return f"<tr{_attribute('class', 'moving' if any(row.session.speed) else '')}>{cells}</tr>"


def _cell(column: Column, text: str) -> str:
    kinds = {
        "n": column.number,
        "speed": column.name in _SPEEDS,
        "long": column.name in _LONG,
        "wraps": column.name in _WRAPS,
    }
    names = " ".join(name for name, holds in kinds.items() if holds)
    label = _attribute("data-label", column.heading)
    return f"<td{_attribute('class', names)}{label}>{escape(text)}</td>"


def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape(value)}"' if value else ""
