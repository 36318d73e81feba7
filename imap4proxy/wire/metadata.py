"""metadata - GETMETADATA and SETMETADATA.

Source: RFC 5464 sections 4.2, 4.3 and 5.
"""

from __future__ import annotations

from .names import need
from .parts import Astring, Binary, Mailbox, String
from .productions import list_of
from .scanner import Invalid, Scanner

_METADATA = need(b"METADATA")
_OF_SERVER = need(b"METADATA", b"METADATA-SERVER")
_DEPTHS = {b"0": b"0", b"1": b"1", b"INFINITY": b"infinity"}


def get_metadata(scan: Scanner) -> None:
    """[getmetadata-options SP] mailbox SP entries"""
    if scan.looking_at(b"("):
        list_of(scan, _option)
        scan.put_sp()
    _mailbox(scan)
    scan.put_sp()
    if scan.looking_at(b"("):
        list_of(scan, _entry)
    else:
        _entry(scan)


def set_metadata(scan: Scanner) -> None:
    """mailbox SP "(" entry-value *(SP entry-value) ")" """
    _mailbox(scan)
    scan.put_sp()
    list_of(scan, _entry_value)


def _mailbox(scan: Scanner) -> None:
    """The mailbox; "" is the server itself (section 4.2)"""
    name = scan.mailbox()
    scan.require(_METADATA if name else _OF_SERVER)
    scan.put(Mailbox(name))


def _option(scan: Scanner) -> None:
    """ "MAXSIZE" SP number / "DEPTH" SP ("0" / "1" / "infinity")"""
    option = scan.keyword()
    scan.put(option)
    scan.put_sp()
    if option == b"MAXSIZE":
        scan.put(b"%d" % scan.number())
        return
    depth = _DEPTHS.get(scan.keyword()) if option == b"DEPTH" else None
    if depth is None:
        raise Invalid("option expected")
    scan.put(depth)


def _entry(scan: Scanner) -> None:
    """entry = astring, slash-separated path"""
    entry = scan.astring()
    if entry[:1] != b"/":
        raise Invalid("name of an entry expected")
    scan.put(Astring(entry))


def _entry_value(scan: Scanner) -> None:
    """entry SP (nstring / literal8)"""
    _entry(scan)
    scan.put_sp()
    if scan.nil():
        scan.put(b"NIL")
        return
    octets = scan.literal8()
    scan.put(String(scan.string()) if octets is None else Binary(octets))
