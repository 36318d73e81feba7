"""envelope - ENVELOPE: a mail's header in ten values.

    envelope(octets, part.fields)
        -> b'("date" "subject" ((from)) ((sender)) ((reply-to)) ((to)) NIL NIL NIL "<id>")'

Of a date, subject or identifier that stands there twice the last one counts; addresses
of all fields of a name are taken together, so that none hides behind another.  Sender
and Reply-To are those of From where they name nobody.

Source: RFC 3501 section 7.4.2.  See also: addresses.py.
"""

from __future__ import annotations

from typing import Dict, Iterable, List

from kernun_common.mail_doc.header import Field
from kernun_common.mail_doc.octets import Octets

from .addresses import Address, addresses
from .fields import NIL, for_people, nstring, string, unfolded, value

_TEXTS = ("date", "subject", "in-reply-to", "message-id")
_ADDRESSES = ("from", "sender", "reply-to", "to", "cc", "bcc")


def envelope(octets: Octets, fields: Iterable[Field]) -> bytes:
    """ENVELOPE of the header that these fields are."""
    texts: Dict[str, bytes] = {}
    lists: Dict[str, List[Address]] = {name: [] for name in _ADDRESSES}
    for field in fields:
        name = field.key
        if name in lists:
            lists[name] += addresses(value(octets, field))
        elif name in _TEXTS:
            texts[name] = value(octets, field)
    for name in ("sender", "reply-to"):
        lists[name] = lists[name] or lists["from"]
    subject = texts.get("subject")
    values = (
        _text(texts.get("date")),
        NIL if subject is None else string(for_people(subject)),
        *(_list(lists[name]) for name in _ADDRESSES),
        _text(texts.get("in-reply-to")),
        _text(texts.get("message-id")),
    )
    return b"(%b)" % b" ".join(values)


def _text(text: bytes | None) -> bytes:
    return nstring(None if text is None else unfolded(text))


def _list(found: List[Address]) -> bytes:
    """ "(" 1*address ")" / nil; without blanks between, as the grammar has it"""
    return b"(%b)" % b"".join(map(_address, found)) if found else NIL


def _address(address: Address) -> bytes:
    name = NIL if address.name is None else string(for_people(address.name))
    return b"(%b %b %b %b)" % (name, *map(nstring, address[1:]))
