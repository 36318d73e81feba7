r"""store - STORE: flags, and Gmail's labels, put in their canonical form.

Always with parentheses; a label that begins with a backslash is written as a flag.
Sources: RFC 3501 section 6.4.6, RFC 7162 section 3.1.3, Gmail (X-GM-LABELS).
"""

from __future__ import annotations

import re

from .fetch_items import CONDSTORE, GMAIL
from .parts import Astring
from .productions import Production, flag, list_of, members, sequence_set
from .scanner import Invalid, Scanner

_ITEM = re.compile(rb"[+-]?(?:FLAGS|X-GM-LABELS)(?:\.SILENT)?(?= )", re.IGNORECASE)


def store(scan: Scanner) -> None:
    """sequence-set [SP store-modifiers] SP store-att-flags"""
    sequence_set(scan)
    scan.put_sp()
    if scan.looking_at(b"("):
        _modifier(scan)
        scan.put_sp()
    item = scan.take(_ITEM, "FLAGS").upper()
    scan.put(item)
    scan.put_sp()
    if b"FLAGS" in item:
        _values(scan, flag)
    else:
        scan.require(GMAIL)
        _values(scan, _label)


def _modifier(scan: Scanner) -> None:
    """store-modifiers = "(" "UNCHANGEDSINCE" SP mod-sequence-valzer ")" """
    scan.opening()
    if scan.keyword() != b"UNCHANGEDSINCE":
        raise Invalid("UNCHANGEDSINCE expected")
    scan.sp()
    scan.put(b"(UNCHANGEDSINCE %d)" % scan.mod_sequence())
    scan.closing()
    scan.require(CONDSTORE)


def _values(scan: Scanner, value: Production) -> None:
    """ "(" [value *(SP value)] ")" / value *(SP value)"""
    if scan.looking_at(b"("):
        list_of(scan, value, empty=True)
    else:
        scan.put(b"(")
        members(scan, value)
        scan.put(b")")


def _label(scan: Scanner) -> None:
    if scan.looking_at(b"\\"):
        flag(scan)
    else:
        scan.put(Astring(scan.astring()))
