"""format - one line of the log, from its parts, as text or as JSON.

    Sep  8 07:40:22 fw imap4-proxy[2018]: IMAP-701-I SESSION-START FROM=...

`lines` gives one line of text, or several where the receiver cannot take so long a
one: then every line but the last ends in a backslash, and every line but the first
has a `+` behind the identification.  What was cut is had again by removing both;
an escaped value never ends in a backslash (message.py), so nothing else does.

`json_line` gives one object, never cut.  See also: logging(7).
"""

from __future__ import annotations

import json
from typing import Iterator, Mapping, Sequence

from .message import Message, plain

SYSLOG_LIMIT = 1024  # octets of one packet: RFC 3164, 4.1
FILE_LIMIT = 65536  # octets of one line in a file: fits a packet to the log helper

FACILITIES = {
    name: number  # RFC 3164, 4.1.1
    for number, name in enumerate(
        "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp".split()
    )
} | {f"local{number}": 16 + number for number in range(8)}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CONTINUED = "\\"
_CONTINUATION = "+ "


def stamp(moment: Sequence[int]) -> str:
    """`Sep  8 07:40:22` of a local time (year, month, day, hour, minute, second, ...)."""
    month, day, hour, minute, second = moment[1:6]
    return f"{_MONTHS[month - 1]} {day:2} {hour:02}:{minute:02}:{second:02}"


def iso_stamp(moment: Sequence[int], offset: int) -> str:
    """`2026-09-08T07:40:22+02:00`, a local time `offset` seconds east of Greenwich; RFC 3339."""
    year, month, day, hour, minute, second = moment[:6]
    hours, minutes = divmod(abs(offset) // 60, 60)
    sign = "-" if offset < 0 else "+"
    return (
        f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        f"{sign}{hours:02}:{minutes:02}"
    )


def lines(prefix: str, tag: str, text: str, limit: int) -> list[str]:
    """The line of a rendered text, without its end; none has more than `limit` octets."""
    head = f"{prefix}{tag} "
    if len(head) + len(text) <= limit:
        return [head + text]
    room = limit - len(head) - len(_CONTINUATION) - len(_CONTINUED)
    pieces = list(_pieces(text, room))
    first, middle, last = pieces[0], pieces[1:-1], pieces[-1]
    return [
        head + first + _CONTINUED,
        *(head + _CONTINUATION + piece + _CONTINUED for piece in middle),
        head + _CONTINUATION + last,
    ]


def _pieces(text: str, room: int) -> Iterator[str]:
    """Cut behind the last blank that fits; where there is none, where it is full."""
    while len(text) > room:
        end = text.rfind(" ", 0, room) + 1 or room
        yield text[:end]
        text = text[end:]
    yield text


def json_line(
    head: Mapping[str, object], message: Message, fields: Mapping[str, object], limit: int
) -> str:
    """The object: `head` (time, host, program, pid), then what the message is and its fields.

    In ASCII without control characters, as JSON escapes them.  `limit`: of a value.
    """
    said = {
        "id": message.identification,
        "severity": message.severity.value,
        "text": message.render(fields, limit),
        "fields": {name: plain(fields[name], limit) for name in message.fields},
    }
    return json.dumps({**head, **said}, separators=(",", ":"))
