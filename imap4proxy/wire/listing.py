"""listing - LIST, LSUB, XLIST and STATUS.

Sources: RFC 3501 sections 6.3.8 to 6.3.10, RFC 5258 (LIST-EXTENDED), RFC 5819
(LIST-STATUS), RFC 6154 (SPECIAL-USE), RFC 8440 (MYRIGHTS), RFC 7162, RFC 7889,
RFC 8438, RFC 8474, RFC 9051, RFC 9208 (items of STATUS).
"""

from __future__ import annotations

from typing import Dict, Set

from .fetch_items import CONDSTORE, OBJECTID
from .names import Need, need
from .parts import Pattern
from .productions import list_of, mailbox
from .scanner import Invalid, Scanner

_EXTENDED = need(b"LIST-EXTENDED")
_SPECIAL_USE = need(b"SPECIAL-USE")
_STATUS = need(b"LIST-STATUS")

_SELECT: Dict[bytes, Need | None] = {
    b"SUBSCRIBED": None, b"REMOTE": None, b"RECURSIVEMATCH": None, b"SPECIAL-USE": _SPECIAL_USE,
}
_RETURN: Dict[bytes, Need | None] = {
    b"SUBSCRIBED": None, b"CHILDREN": None, b"SPECIAL-USE": _SPECIAL_USE,
    b"MYRIGHTS": need(b"LIST-MYRIGHTS"), b"STATUS": _STATUS,
}
_STATUS_ITEMS: Dict[bytes, Need | None] = {
    **dict.fromkeys(b"MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN".split()),
    b"HIGHESTMODSEQ": CONDSTORE,
    b"SIZE": need(b"STATUS=SIZE"),
    b"MAILBOXID": OBJECTID,
    b"APPENDLIMIT": need(b"APPENDLIMIT"),
    b"DELETED": need(b"QUOTA=RES-MESSAGE", b"IMAP4REV2"),
    b"DELETED-STORAGE": need(b"QUOTA=RES-STORAGE"),
}


def pattern(scan: Scanner) -> None:
    scan.put(Pattern(scan.list_mailbox()))


def reference(scan: Scanner) -> None:
    """A mailbox name as a starting point: no mailbox that the command names."""
    mailbox(scan)
    scan.named = None


def status_items(scan: Scanner) -> None:
    """ "(" status-att *(SP status-att) ")" """
    list_of(scan, _status_item)


def extended(scan: Scanner) -> None:
    """[list-select-opts SP] mailbox SP mbox-or-pat [SP list-return-opts]"""
    if scan.looking_at(b"("):
        scan.require(_EXTENDED)
        _selection(scan)
        scan.put_sp()
    reference(scan)
    scan.put_sp()
    if scan.looking_at(b"("):
        scan.require(_EXTENDED)
        list_of(scan, pattern)
    else:
        pattern(scan)
    if scan.looking_at(b" "):
        scan.put_sp()
        scan.require(_EXTENDED)
        _returned(scan)


def _word(scan: Scanner, words: Dict[bytes, Need | None], what: str) -> bytes:
    """One of `words`, put; what it needs, required."""
    word = scan.keyword()
    if word not in words:
        raise Invalid(f"{what} expected")
    scan.require(words[word])
    scan.put(word)
    return word


def _selection(scan: Scanner) -> None:
    """list-select-opts; RECURSIVEMATCH only beside an option that can match (section 3)"""
    chosen: Set[bytes] = set()

    def option(scan: Scanner) -> None:
        chosen.add(_word(scan, _SELECT, "selection option"))

    list_of(scan, option, empty=True)
    if b"RECURSIVEMATCH" in chosen and chosen <= {b"RECURSIVEMATCH", b"REMOTE"}:
        raise Invalid("selection option beside RECURSIVEMATCH expected")


def _returned(scan: Scanner) -> None:
    """list-return-opts = "RETURN" SP "(" [return-option *(SP return-option)] ")" """
    if scan.keyword() != b"RETURN":
        raise Invalid("RETURN expected")
    scan.put(b"RETURN")
    scan.put_sp()
    list_of(scan, _return_option, empty=True)


def _return_option(scan: Scanner) -> None:
    if _word(scan, _RETURN, "return option") == b"STATUS":
        scan.put_sp()
        status_items(scan)


def _status_item(scan: Scanner) -> None:
    _word(scan, _STATUS_ITEMS, "item")
