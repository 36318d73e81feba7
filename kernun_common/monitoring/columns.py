"""columns - what a report can show of a session, one column each.  [P]

    COLUMNS["speed-in"].text(row)           1.2M
    sorted(rows, key=COLUMNS["in"].order)   as a report is sorted by this column

Directions are those of the logs and of max-bytes-in: in is from the server to the
client.  Numbers are sorted from the greatest, texts from the beginning of the alphabet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter as _of
from typing import Any, Callable, Dict, NamedTuple, Tuple

from .status import Session, Status

_SIN, _SOUT = "session.live.from_server", "session.live.to_server"

_UNITS = "KMGTPE"
_TEN = 9.95  # what is below shows a decimal: 9.9K, but 10K
_FULL = 999.5  # what is not below would round to four digits

MINUTE, HOUR, DAY = 60, 3600, 86400


class Row(NamedTuple):
    """A session, and whose it is."""

    status: Status
    session: Session

    @property
    def seconds(self) -> float:
        """How long it has been open, when it was told of."""
        return max(0.0, self.status.at - self.session.since)


@dataclass(frozen=True)
class Column:
    """`value` is what is sorted by, `shown` makes a text of it."""

    name: str
    heading: str
    explanation: str
    value: Callable[[Row], Any]
    shown: Callable[[Any], str] = str
    number: bool = False  # sorted from the greatest, and set to the right

    def text(self, row: Row) -> str:
        return self.shown(self.value(row))

    def order(self, row: Row) -> Any:
        value = self.value(row)
        return -value if self.number else value


def size(octets: float) -> str:
    """17, 1.2K, 35M: in few characters; the factor is 1024."""
    if octets < 1000:
        return str(int(octets))
    unit = -1
    while octets >= _FULL and unit < len(_UNITS) - 1:
        octets /= 1024
        unit += 1
    digits = 1 if octets < _TEN else 0
    return f"{octets:.{digits}f}{_UNITS[unit]}"


def duration(seconds: float) -> str:
    """0:05, 1:02:03, 3d04h"""
    whole = int(seconds)
    if whole >= DAY:
        return f"{whole // DAY}d{whole % DAY // HOUR:02d}h"
    minutes = f"{whole % HOUR // MINUTE:02d}:{whole % MINUTE:02d}"
    return f"{whole // HOUR}:{minutes}" if whole >= HOUR else minutes.removeprefix("0")


def moment(seconds: float) -> str:
    """The local time."""
    return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M:%S")


def _server(row: Row) -> str:
    """As it was named, with the port that it was found at."""
    record = row.session.record
    port = record.server.rpartition(":")[2]
    return f"{record.host}:{port}" if record.host and record.server else record.server


def _tls(row: Row) -> str:
    """The versions alone: 1.3 / -"""
    sides = (row.session.record.client_tls, row.session.record.server_tls)
    versions = (words.partition(" ")[0].removeprefix("TLSv") for words in sides)
    return " / ".join(version or "-" for version in versions)


def _dash(text: str) -> str:
    return text or "-"


def _acls(names: Tuple[str, ...]) -> str:
    return "/".join(names)


def _doing(row: Row) -> str:
    record = row.session.record
    return record.command or record.state


_ALL = (
    Column("proxy", "PROXY", "the name of the proxy", _of("status.name")),
    Column("pid", "PID", "the process that serves it", _of("session.pid"), str, True),
    Column("since", "SINCE", "when it began", _of("session.since"), moment, True),
    Column("time", "TIME", "how long it has been open", _of("seconds"), duration, True),
    Column("client", "CLIENT", "the address of the client", _of("session.record.client")),
    Column("server", "SERVER", "the server, as it was named", _server),
    Column("address", "ADDRESS", "the address of the server", _of("session.record.server")),
    Column("user", "USER", "who logged in at the server", _of("session.record.user")),
    Column("state", "STATE", "the state of the session", _of("session.record.state")),
    Column("command", "COMMAND", "what is being executed", _of("session.record.command")),
    Column("doing", "DOING", "the command, or the state where there is none", _doing),
    Column("data", "DATA", "the mailbox", _of("session.record.data")),
    Column("in", "IN", "octets sent to the client", _of("session.live.to_client"), size, True),
    Column("out", "OUT", "octets from the client", _of("session.live.from_client"), size, True),
    Column("speed-in", "IN/S", "`in` a second", _of("session.speed.download"), size, True),
    Column("speed-out", "OUT/S", "`out` a second", _of("session.speed.upload"), size, True),
    Column("speed", "SPEED", "both together", lambda row: sum(row.session.speed), size, True),
    Column("server-in", "SIN", "octets from the server", _of(_SIN), size, True),
    Column("server-out", "SOUT", "octets to the server", _of(_SOUT), size, True),
    Column("commands", "CMDS", "commands so far", _of("session.live.commands"), str, True),
    Column("tls", "TLS", "with the client, and with the server", _tls),
    Column("client-tls", "CLIENT-TLS", "with the client", _of("session.record.client_tls"), _dash),
    Column("server-tls", "SERVER-TLS", "with the server", _of("session.record.server_tls"), _dash),
    Column("acl", "ACL", "the ACLs selected, phase by phase", _of("session.record.acls"), _acls),
)

COLUMNS: Dict[str, Column] = {column.name: column for column in _ALL}

Columns = Tuple[Column, ...]


def columns(names: str) -> Columns:
    """Of a list with commas; ValueError for one that there is not."""
    unknown = [name for name in names.split(",") if name not in COLUMNS]
    if unknown:
        raise ValueError(f"no such column: {unknown[0]} (there are {', '.join(COLUMNS)})")
    return tuple(COLUMNS[name] for name in names.split(","))
