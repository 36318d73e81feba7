"""status - all that is known of one proxy at one moment, as it is published.  [P]

    text = status.write()               JSON, one line
    status = read(text)                 ValueError where it is anything else

What is read comes from a file that another process wrote, perhaps one of another
version: a member that is missing or of another type is an error, an unknown one is
passed over, and every text is made harmless once more.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, fields
from typing import Any, Callable, Dict, List, Mapping, Tuple, Type, TypeVar

from .record import Live, Record, Shown, printable
from .speed import Speed

T = TypeVar("T")


@dataclass(frozen=True)
class Session:
    """An open session; times in seconds since the epoch."""

    pid: int
    since: float
    live: Live
    speed: Speed
    record: Record

    @classmethod
    def of(cls, shown: Shown, speed: Speed) -> Session:
        return cls(shown.pid, shown.since, shown.live, speed, shown.record)

    @property
    def members(self) -> Dict[str, Any]:
        return {**vars(self), "record": self.record._asdict()}


@dataclass(frozen=True)
class Status:
    """One proxy, its children by their states, and its sessions."""

    program: str
    name: str
    parent: int  # pid
    started: float
    at: float  # when it was so
    interval: float  # seconds until it is told anew
    ending: bool
    children: Mapping[str, int]
    sessions: Tuple[Session, ...] = ()

    def write(self) -> str:
        members = {**vars(self), "sessions": [session.members for session in self.sessions]}
        return json.dumps(members, ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> Status:
    """The status that `text` holds; ValueError where it holds none."""
    found = _members(json.loads(text))
    children = _members(found.get("children"))
    parts = {
        "children": {printable(state): _number(count) for state, count in children.items()},
        "sessions": tuple(_session(_members(each)) for each in _list(found.get("sessions"))),
    }
    return _made(Status, {**found, **parts})


def _session(found: Dict[str, Any]) -> Session:
    parts = {
        "record": _record(_members(found.get("record"))),
        "live": Live(*_row(found.get("live"), _number, len(Live._fields))),
        "speed": Speed(*_row(found.get("speed"), _seconds, len(Speed._fields))),
    }
    return _made(Session, {**found, **parts})


def _record(found: Dict[str, Any]) -> Record:
    words = {name: _text(found.get(name)) for name in Record._fields if name != "acls"}
    return Record(**words, acls=tuple(map(_text, _list(found.get("acls")))))


def _made(cls: Type[T], found: Mapping[str, Any]) -> T:
    """Of the members that `cls` has, each checked by its type."""
    values = {}
    for field in fields(cls):  # type: ignore[arg-type]
        if field.name not in found:
            raise ValueError(f"{field.name} is missing")
        check = _CHECKS.get(str(field.type), _as_it_is)
        values[field.name] = check(found[field.name])
    return cls(**values)


def _members(value: Any) -> Dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("an object is missing")
    return value


def _list(value: Any) -> List[Any]:
    if not isinstance(value, list):
        raise ValueError("a list is missing")
    return value


def _row(value: Any, check: Callable[[Any], T], length: int) -> List[T]:
    if len(_list(value)) != length:
        raise ValueError(f"a list is not of {length} members")
    return [check(member) for member in value]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is missing")
    return printable(value)


def _number(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError("a number is missing")
    return value


def _seconds(value: Any) -> float:
    if not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError("a number is missing")
    return float(value)


def _as_it_is(value: Any) -> Any:
    return value


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "str": _text,
    "int": _number,
    "float": _seconds,
    "bool": bool,
}
