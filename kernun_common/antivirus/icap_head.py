"""icap_head - the head of an ICAP response; RFC 3507, section 4.3.

    read(buffer)  ->  Head(status, fields), taken out of the buffer; None: it is not complete
    head.virus    ->  Found("Eicar-Test-Signature"), or None

Names of fields are in lower case; the value of a field that comes several times is the
first one's; the lines of a folded value are joined by LF, since X-Violations-Found counts
them.  Unavailable: octets that are no head.

X-Infection-Found, X-Violations-Found and X-Virus-ID are those of
draft-stecher-icap-subid-00; a server tells a virus by any of them.
"""

from __future__ import annotations

import re
from typing import Dict, Mapping, NamedTuple, Optional

from ..errors import Unavailable
from ..netio.script import TOO_LONG
from .status import virus_name

LONGEST = 1 << 16  # octets
END = b"\r\n\r\n"

_STATUS = re.compile(rb"ICAP/1\.[0-9] ([1-5][0-9]{2})(?: [^\r\n]*)?")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r]*)", re.DOTALL)
_FOLD = re.compile(rb"\r\n[ \t]+")
_THREAT = re.compile(rb"(?:^|;)\s*Threat=([^;]*)", re.IGNORECASE)
_NO_THREATS = (b"", b"no threats", b"none")  # what some servers put into X-Virus-ID


class Found(NamedTuple):
    """A virus, and what it is called, if the server tells that."""

    name: Optional[str]


class Head(NamedTuple):
    """`line` is the status line, for a log."""

    status: int
    fields: Mapping[bytes, bytes]
    line: bytes

    @property
    def virus(self) -> Optional[Found]:
        """What the server says of a virus; X-Virus-ID counts where it changed the mail."""
        infection = self.fields.get(b"x-infection-found")
        if infection is not None:
            threat = _THREAT.search(infection)
            return Found(virus_name(threat[1]) if threat is not None else None)
        count, *rows = self.fields.get(b"x-violations-found", b"0").split(b"\n")
        if count != b"0":
            return Found(virus_name(rows[1]) if len(rows) > 1 else None)
        name = self.fields.get(b"x-virus-id", b"")
        if self.status == 200 and name.lower() not in _NO_THREATS:
            return Found(virus_name(name))
        return None


def read(buffer: bytearray) -> Optional[Head]:
    """See the file's first lines."""
    end = buffer.find(END)
    if (len(buffer) if end < 0 else end) > LONGEST:
        raise Unavailable(TOO_LONG)
    if end < 0:
        return None
    octets = bytes(buffer[:end])
    del buffer[:end + len(END)]
    line, *fields = _FOLD.sub(b"\n", octets).split(b"\r\n")
    status = _STATUS.fullmatch(line)
    if status is None:
        raise Unavailable(f"it answered {line[:200]!r}")
    return Head(int(status[1]), _read_fields(fields), line)


def _read_fields(lines: list[bytes]) -> Dict[bytes, bytes]:
    fields: Dict[bytes, bytes] = {}
    for line in lines:
        field = _FIELD.fullmatch(line)
        if field is None:
            raise Unavailable(f"a line of its answer is no field: {line[:200]!r}")
        fields.setdefault(field[1].lower(), field[2].rstrip(b" \t"))
    return fields
