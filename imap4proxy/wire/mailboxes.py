"""mailboxes - the parameters of SELECT, EXAMINE and CREATE.

Sources: RFC 7162 (CONDSTORE, QRESYNC), RFC 6154 section 3 (CREATE with USE).
"""

from __future__ import annotations

import re

from .fetch_items import CONDSTORE
from .names import need
from .productions import list_of
from .scanner import Invalid, Scanner

_QRESYNC = need(b"QRESYNC")
_CREATE_SPECIAL_USE = need(b"CREATE-SPECIAL-USE")
_USE = re.compile(rb"\\[A-Za-z]+")


def select_parameters(scan: Scanner) -> None:
    """select-params = "(" select-param *(SP select-param) ")" """
    list_of(scan, _select_parameter)


def _select_parameter(scan: Scanner) -> None:
    word = scan.keyword()
    scan.put(word)
    if word == b"CONDSTORE":
        scan.require(CONDSTORE)
    elif word == b"QRESYNC":
        scan.require(_QRESYNC)
        scan.put_sp()
        _qresync(scan)
    else:
        raise Invalid("parameter expected")


def _qresync(scan: Scanner) -> None:
    """ "(" uidvalidity SP mod-sequence-value [SP known-uids] [SP seq-match-data] ")" """
    scan.opening()
    scan.put(b"(%d" % scan.nz_number())
    scan.put_sp()
    scan.put(b"%d" % scan.mod_sequence())
    if scan.looking_at(b" ") and not scan.looking_at(b" ("):
        scan.put_sp()
        _uids(scan)
    if scan.looking_at(b" "):
        scan.put_sp()
        scan.opening()
        scan.put(b"(")
        _uids(scan)
        scan.put_sp()
        _uids(scan)
        scan.closing()
        scan.put(b")")
    scan.closing()
    scan.put(b")")


def _uids(scan: Scanner) -> None:
    """known-uids, known-sequence-set, known-uid-set: a sequence-set without "*" """
    numbers = scan.sequence_set(saved=False)
    if b"*" in numbers:
        raise Invalid("sequence set without * expected")
    scan.put(numbers)


def create_parameters(scan: Scanner) -> None:
    r"""create-params = "(" "USE" SP "(" [use-attr *(SP use-attr)] ")" ")" """
    scan.opening()
    if scan.keyword() != b"USE":
        raise Invalid("USE expected")
    scan.require(_CREATE_SPECIAL_USE)
    scan.put(b"(USE")
    scan.put_sp()
    list_of(scan, _use, empty=True)
    scan.closing()
    scan.put(b")")


def _use(scan: Scanner) -> None:
    scan.put(scan.take(_USE, "use"))
