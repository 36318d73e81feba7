"""search - SEARCH, SORT and THREAD: search programs in canonical form.

Read without recursion: `frames` holds how many keys are still due in each open
parenthesis, NOT and OR.  Their number is bounded by `Limits.nesting`.

Sources: RFC 3501 section 6.4.4, RFC 4731 (ESEARCH), RFC 5182 (SAVE, $), RFC 5032
(OLDER, YOUNGER), RFC 5256 (SORT, THREAD), RFC 7162 (MODSEQ), RFC 8474, RFC 8514,
Gmail (X-GM-).
"""

from __future__ import annotations

import re
from typing import Dict, List, NamedTuple, Tuple

from .abnf import NUMBER, NUMBER64
from .fetch_items import CONDSTORE, GMAIL, OBJECTID, SAVEDATE
from .names import Need, need
from .parts import String
from .productions import Production, astring, list_of, sequence_set
from .scanner import SEARCHRES, Invalid, Scanner

_ESEARCH = need(b"ESEARCH")
_REV2 = need(b"IMAP4REV2")
_WITHIN = need(b"WITHIN")

_RETURNS: Dict[bytes, Need | None] = {
    b"MIN": None, b"MAX": None, b"ALL": None, b"COUNT": None, b"SAVE": SEARCHRES,
}
_SORT_KEYS = frozenset(b"ARRIVAL CC DATE FROM SIZE SUBJECT TO".split())
_ENTRY_TYPES = frozenset(b"PRIV SHARED ALL".split())

_MONTHS = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
MONTH = {month.upper(): month for month in _MONTHS.split()}
_DATE = re.compile(rb'("?)(\d{1,2})-([A-Za-z]{3})-(\d{4})\1')
_FIRST_OF_SET = re.compile(rb"[0-9*$]")


# --- arguments of search keys ------------------------------------------------------------------


def _date(scan: Scanner) -> None:
    """date = date-text / DQUOTE date-text DQUOTE"""
    found = _DATE.match(scan.text, scan.at)
    month = MONTH.get(found[3].upper()) if found else None
    if found is None or month is None or not 1 <= int(found[2]) <= 31:
        raise Invalid("date expected")
    scan.at = found.end()
    scan.put(b"%d-%b-%b" % (int(found[2]), month, found[4]))


def _size(scan: Scanner) -> None:
    """number; number64 where the server speaks IMAP4rev2"""
    size = scan.number(NUMBER64)
    scan.require(_REV2 if size > NUMBER else None)
    scan.put(b"%d" % size)


def _gmail_number(scan: Scanner) -> None:
    scan.put(b"%d" % scan.number(NUMBER64))


def _interval(scan: Scanner) -> None:
    scan.put(b"%d" % scan.nz_number())


def _keyword(scan: Scanner) -> None:
    """flag-keyword = atom"""
    scan.put(scan.atom())


def _mod_sequence(scan: Scanner) -> None:
    """search-modsequence, behind its SP: [entry-name SP entry-type-req SP] mod-sequence-valzer"""
    if scan.looking_at(b'"'):
        entry = scan.string()
        if entry[:7].lower() != b"/flags/":
            raise Invalid("name of a metadata item expected")
        scan.put(String(entry))
        scan.put_sp()
        entry_type = scan.keyword()
        if entry_type not in _ENTRY_TYPES:
            raise Invalid("type of a metadata item expected")
        scan.put(entry_type.lower())
        scan.put_sp()
    scan.put(b"%d" % scan.mod_sequence())


class _Key(NamedTuple):
    arguments: Tuple[Production, ...] = ()
    need: Need | None = None


def _keys(words: bytes, *arguments: Production, need: Need | None = None) -> Dict[bytes, _Key]:
    return dict.fromkeys(words.split(), _Key(arguments, need))


_KEYS: Dict[bytes, _Key] = {
    **_keys(b"ALL ANSWERED DELETED DRAFT FLAGGED NEW OLD RECENT SEEN"),
    **_keys(b"UNANSWERED UNDELETED UNDRAFT UNFLAGGED UNSEEN"),
    **_keys(b"BCC BODY CC FROM SUBJECT TEXT TO", astring),
    **_keys(b"HEADER", astring, astring),
    **_keys(b"BEFORE ON SINCE SENTBEFORE SENTON SENTSINCE", _date),
    **_keys(b"KEYWORD UNKEYWORD", _keyword),
    **_keys(b"LARGER SMALLER", _size),
    **_keys(b"UID", sequence_set),
    **_keys(b"OLDER YOUNGER", _interval, need=_WITHIN),
    **_keys(b"MODSEQ", _mod_sequence, need=CONDSTORE),
    **_keys(b"SAVEDBEFORE SAVEDON SAVEDSINCE", _date, need=SAVEDATE),
    **_keys(b"SAVEDATESUPPORTED", need=SAVEDATE),
    **_keys(b"EMAILID THREADID", _keyword, need=OBJECTID),
    **_keys(b"X-GM-RAW X-GM-LABELS", astring, need=GMAIL),
    **_keys(b"X-GM-MSGID X-GM-THRID", _gmail_number, need=GMAIL),
}
_OPERATORS = {b"NOT": 1, b"OR": 2}  # and how many keys they take


# --- commands ----------------------------------------------------------------------------------


def search(scan: Scanner) -> None:
    """["RETURN" SP "(" ... ")" SP] ["CHARSET" SP charset SP] search-program"""
    if _word(scan, b"RETURN"):
        scan.put(b"RETURN ")
        scan.require(_ESEARCH)
        list_of(scan, _return, empty=True)
        scan.put_sp()
    if _word(scan, b"CHARSET"):
        scan.put(b"CHARSET ")
        astring(scan)
        scan.put_sp()
    program(scan)


def sort(scan: Scanner) -> None:
    """sort-criteria SP charset SP search-program"""
    list_of(scan, _sort_key)
    scan.put_sp()
    astring(scan)
    scan.put_sp()
    program(scan)


def thread(scan: Scanner) -> None:
    """thread-alg SP charset SP search-program"""
    algorithm = scan.keyword()
    scan.require(frozenset({b"THREAD=" + algorithm}))
    scan.put(algorithm)
    scan.put_sp()
    astring(scan)
    scan.put_sp()
    program(scan)


def _word(scan: Scanner, word: bytes) -> bool:
    """Step over `word` SP, if they are next."""
    end = scan.at + len(word)
    if scan.text[scan.at:end].upper() != word or scan.text[end:end + 1] != b" ":
        return False
    scan.at = end + 1
    return True


def _return(scan: Scanner) -> None:
    option = scan.keyword()
    if option not in _RETURNS:
        raise Invalid("result option expected")
    scan.require(_RETURNS[option])
    scan.put(option)


def _sort_key(scan: Scanner) -> None:
    key = scan.keyword()
    if key == b"REVERSE":
        scan.put(b"REVERSE")
        scan.put_sp()
        key = scan.keyword()
    if key not in _SORT_KEYS:
        raise Invalid("sort key expected")
    scan.put(key)


def program(scan: Scanner) -> None:
    """search-key *(SP search-key)"""
    frames: List[int] = []   # keys still due in each open parenthesis (0), NOT and OR
    while True:
        while (opened := _opened(scan)) is not None:
            frames.append(opened)
            if len(frames) > scan.limits.nesting:
                raise Invalid("fewer levels expected")
        _key(scan)
        while frames and _completes(scan, frames):
            frames.pop()
        if not frames and not scan.looking_at(b" "):
            return
        scan.put_sp()


def _opened(scan: Scanner) -> int | None:
    """What a parenthesis or an operator that is next opens: how many keys; 0 for any number."""
    if scan.accept(b"("):
        scan.put(b"(")
        return 0
    for operator, operands in _OPERATORS.items():
        if _word(scan, operator):
            scan.put(operator + b" ")
            return operands
    return None


def _completes(scan: Scanner, frames: List[int]) -> bool:
    """Does the key just read complete the innermost frame?"""
    if frames[-1]:
        frames[-1] -= 1
        return not frames[-1]
    if not scan.accept(b")"):
        return False
    scan.put(b")")
    return True


def _key(scan: Scanner) -> None:
    """A search-key without further keys in it"""
    if _FIRST_OF_SET.match(scan.text, scan.at):
        sequence_set(scan)
        return
    word = scan.keyword()
    key = _KEYS.get(word)
    if key is None:
        raise Invalid("search key expected")
    scan.require(key.need)
    scan.put(word)
    for argument in key.arguments:
        scan.put_sp()
        argument(scan)
