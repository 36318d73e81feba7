"""message - one row of section 6: what can be logged.

    SESSION_START = Message(
        "IMAP-701",
        Severity.STATISTIC,
        "SESSION-START FROM=%(from)s TO=%(to)s TRANSP=%(transp)s",
        "A client connection was accepted.",
        see=("imap4-proxy(8)",),
    )
    SESSION_START.render({"from": client, "to": server, "transp": False})

A peer chooses many of the values, so `escape` is applied to each of them.  Its
rule, which is also in logging(7):

    nothing (None)                  <NULL>
    yes and no                      YES, NO
    a Secret                        ***
    a number                        in decimal, a fraction with three places
    printable ASCII without blank,  as it is
    quotation mark and backslash
    anything else                   in quotation marks; octets outside printable
                                    ASCII, and " \\ = as \\xHH (8-bit text as UTF-8)

So a value never holds a line end, never leaves its quotation marks, and never
holds a blank with `KEY=` behind it: no value can pass for another field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Callable, Mapping

from ..secret import Secret

DATA_LIMIT = 4096  # octets of one value; log(5), data-limit
LEVELS = {"error": 3, "warning": 4, "normal": 6, "debug": 7, "trace": 8, "full": 9}  # dbglev


class Severity(Enum):
    """The letter behind the number, the dbglev that shows it, and its syslog severity."""

    dbglev: int
    syslog: int

    CRITICAL = "C", 3, 2
    ERROR = "E", 3, 3
    WARNING = "W", 4, 4
    NOTICE = "N", 6, 5
    STATISTIC = "I", 6, 6
    OPERATIONAL = "K", 6, 6
    DEBUG = "D", 7, 7
    TRACE = "T", 8, 7
    FULL = "F", 9, 7

    def __new__(cls, letter: str, dbglev: int, syslog: int) -> Severity:
        member = object.__new__(cls)
        member._value_ = letter
        member.dbglev = dbglev
        member.syslog = syslog
        return member


_IDENTIFICATION = re.compile(r"[A-Z]{4}-[0-9]{3}")
_FIELD = re.compile(r"%(?:\((?P<name>[a-z][a-z0-9_-]*)\)s|(?P<percent>%)|)")
_PLAIN = re.compile(rb"[!#-\[\]-~]+")  # printable ASCII without blank, " and \
_is_plain = re.compile(_PLAIN.pattern.decode("ascii")).fullmatch
_NOT_QUOTABLE = re.compile(rb"[^ !#-<>-\[\]-~]")  # as above, and =, but the blank may stand

NULL = "<NULL>"


def escape(value: object, limit: int = DATA_LIMIT) -> str:
    """`value` as one field of one line; of octets or text at most `limit` octets, then `...`."""
    written = _WRITTEN.get(type(value))
    if written is not None:
        return written(value)
    if type(value) is str and len(value) <= limit and _is_plain(value) and value != NULL:
        return value
    return _escape_octets(_octets(value), limit)


_WRITTEN: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda value: NULL,
    bool: lambda value: "YES" if value else "NO",
    int: str,
    float: lambda value: f"{value:.3f}",
    Secret: lambda value: "***",
}


def plain(value: object, limit: int = DATA_LIMIT) -> object:
    """`value` for JSON, which escapes by itself: nothing, truth, number or text.

    What is not UTF-8 in it stands as \\xHH; the limit and the dots are as with `escape`.
    """
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, Secret):
        return "***"
    octets = _octets(value)
    text = octets[:limit].decode("utf-8", "backslashreplace")
    return text if len(octets) <= limit else text + "..."


def _octets(value: object) -> bytes:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, Enum):
        value = value.value
    return str(value).encode("utf-8", "surrogateescape")


def _escape_octets(octets: bytes, limit: int) -> str:
    if len(octets) > limit:
        return _quote(octets[:limit]) + "..."
    if _PLAIN.fullmatch(octets) and octets != b"<NULL>":
        return octets.decode("ascii")
    return _quote(octets)


def _quote(octets: bytes) -> str:
    inside = _NOT_QUOTABLE.sub(lambda found: b"\\x%02x" % found[0][0], octets)
    return '"%s"' % inside.decode("ascii")


@dataclass(frozen=True)
class Message:
    """One message: what it is called, how grave it is, its text with `%(name)s` fields.

    ValueError for an identification or a text that is not well formed; it ends
    the program at import, so no test can miss it.
    """

    identification: str
    severity: Severity
    text: str
    description: str
    see: tuple[str, ...] = ()
    fields: tuple[str, ...] = field(init=False, repr=False, compare=False)
    tag: str = field(init=False, repr=False, compare=False)
    dbglev: int = field(init=False, repr=False, compare=False)
    _format: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not _IDENTIFICATION.fullmatch(self.identification):
            raise ValueError(f"not an identification: {self.identification!r}")
        names: list[str] = []

        def positional(found: re.Match[str]) -> str:
            if found["percent"]:
                return "%%"
            if not found["name"]:
                raise ValueError(f"{self.identification}: a single % in {self.text!r}")
            names.append(found["name"])
            return "%s"

        # The text is taken apart once, here; to render is then one % operation.
        compiled = _FIELD.sub(positional, self.text)
        object.__setattr__(self, "_format", compiled)
        object.__setattr__(self, "fields", tuple(names))
        object.__setattr__(self, "tag", f"{self.identification}-{self.severity.value}")
        object.__setattr__(self, "dbglev", self.severity.dbglev)

    @property
    def component(self) -> str:
        """The four letters: IMAP, TCPS, NETL, ..."""
        return self.identification[:4]

    def render(self, fields: Mapping[str, object], limit: int = DATA_LIMIT) -> str:
        """The text with every field escaped; KeyError where one is missing."""
        return self._format % tuple([escape(fields[name], limit) for name in self.fields])
