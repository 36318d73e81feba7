"""items - what the items of a FETCH ask for, and what that does.

    source(item)      CONTENT, METADATA or SERVER: who answers it
    is_body(item)     does it ask for what a denied mail must not give?
    sets_seen(item)   does the server set \\\\Seen for it?
    label(item)       b"BODY[1.MIME]<0>": its name in the answer

METADATA are the mail's size, envelope and header, which the server may answer as long as
the mail was not processed (`metadata pass`).  SERVER: what does not come from the mail.

Sources: RFC 3501 section 6.4.5 and 7.4.2, RFC 3516.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Dict, Iterator, NamedTuple

from ...wire import strings
from ...wire.fetch_items import Item


class Source(Enum):
    CONTENT = auto()
    METADATA = auto()
    SERVER = auto()


class _Nature(NamedTuple):
    source: Source
    is_body: bool = False
    sets_seen: bool = False


_CONTENT = _Nature(Source.CONTENT)
_METADATA = _Nature(Source.METADATA)
_SERVER = _Nature(Source.SERVER)
_PEEK = _Nature(Source.CONTENT, is_body=True)
_READ = _Nature(Source.CONTENT, is_body=True, sets_seen=True)

_PLAIN: Dict[str, _Nature] = {
    "BODY": _CONTENT,
    "BODYSTRUCTURE": _CONTENT,
    "ENVELOPE": _METADATA,
    "RFC822": _READ,
    "RFC822.HEADER": _METADATA,
    "RFC822.SIZE": _METADATA,
    "RFC822.TEXT": _READ,
}
_SECTIONED: Dict[str, _Nature] = {
    "BODY": _READ,
    "BODY.PEEK": _PEEK,
    "BINARY": _READ,
    "BINARY.PEEK": _PEEK,
    "BINARY.SIZE": _CONTENT,
}
_HEADER: Dict[str, _Nature] = {
    "BODY": _Nature(Source.METADATA, sets_seen=True),
    "BODY.PEEK": _METADATA,
}


def _nature(item: Item) -> _Nature:
    section = item.section
    if section is None:
        return _PLAIN.get(item.name, _SERVER)
    of_mail = not section.part and section.text.startswith("HEADER")
    return (_HEADER if of_mail else _SECTIONED)[item.name]


def source(item: Item) -> Source:
    return _nature(item).source


def is_body(item: Item) -> bool:
    """All sections but the mail's own header."""
    return _nature(item).is_body


def sets_seen(item: Item) -> bool:
    return _nature(item).sets_seen


def label(item: Item) -> bytes:
    """Without .PEEK, names of header fields in upper case, of a partial only the offset."""
    return b"".join(_label(item))


def _label(item: Item) -> Iterator[bytes]:
    yield item.name.removesuffix(".PEEK").encode()
    if item.section is not None:
        for part in item.section.parts:
            assert isinstance(part, bytes)
            yield part if type(part) is bytes else _field_name(part.upper())
    if item.partial is not None:
        yield b"<%d>" % item.partial[0]


def _field_name(name: bytes) -> bytes:
    """Octets that no quoted string can hold stand in no field's name: they are left out."""
    if strings.is_astring(name):
        return name
    return strings.quoted(bytes(octet for octet in name if strings.holds(bytes([octet]), False)))
