r"""kinds - the grammar of each kind of server data, behind its name.

    kind = kinds(utf8)[b"LIST"]
    kind.match(buffer, at)     the rest of the response as one expression, if it is plain
    kind.start                 the same as states, for what is not
    kind.number(b"5")          the message number before the name, as it should be

The productions are written as their RFC has them; unknown attributes, keys and
extension data are any balanced value, where the RFC provides for extensions.

Sources: RFC 3501 section 7, RFC 9051 section 7, and the RFC named at each.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Dict, NamedTuple

from kernun_common.errors import PeerError, Side

from . import abnf
from .automaton import Matcher, State, compiled
from .elements import CLOSE, EOL, FLAG_LIST, MAILBOX_FLAGS, OPEN, SP, Elements, listed
from .fetch_data import Fetch
from .grammar import Alt, Expression, Fast, Many, Opt, Seq, Terminal, regex
from .nested import threads
from .tokens import ASTRING_WORD, ATOM, END, N64, NIL, NZ, N, Strings, nz_number, word, words

UNKNOWN = b"UNKNOWN"
_never = re.compile(b"(?!)").match  # FETCH has expressions of its own


class Kind(NamedTuple):
    """`numbered`: does a number stand before the name?  None: perhaps.  `zero`: may it be 0?"""

    name: str
    numbered: bool | None
    zero: bool
    start: State
    match: Matcher

    def number(self, digits: bytes | None) -> int | None:
        """The number before the name, where one belongs; PeerError where it does not."""
        if self.numbered is not None and self.numbered != (digits is not None):
            raise PeerError(Side.SERVER, f"{self.name} with a number, or without one")
        if digits is None:
            return None
        number = int(digits)
        if number > abnf.NUMBER or digits.startswith(b"0") and not self.zero:
            raise PeerError(Side.SERVER, f"{self.name} with a number out of range")
        return number


_QUOTED = Strings.of(utf8=False).quoted
_NIL = NIL + END

# seq-range, one at a time: a set of a megabyte is no token
_SET_NUMBER = nz_number(abnf.NUMBER, rb"(?=[:, )\r])")
_RANGE = _SET_NUMBER + b"(?::" + _SET_NUMBER + b")?(?=[, )\r])"
_SET = Seq(_RANGE, Many(b"," + _RANGE))

_DELIMITER = Alt(rb'"(?:[' + abnf.QUOTED_CHAR + rb']|\\["\\])"' + END, _NIL)
_SP = rb" (?=[^ ()\r])"  # where a list may stand, too, with the blank before it
_MODSEQ = rb" \(" + word(b"MODSEQ ") + N64 + rb"\)"
_THREADS = threads()


def _name(known: bytes) -> bytes:
    """tagged-ext-label that is none of `known`, with the blank behind it."""
    return b"(?!" + known + b" )[A-Za-z._-][A-Za-z0-9._:-]*+ (?=[^ )\r])"


def _mailbox_list(e: Elements) -> Expression:
    """mailbox-list = "(" [mbx-list-flags] ")" SP delimiter SP mailbox [SP mbox-list-extended]"""
    return Seq(SP, MAILBOX_FLAGS, SP, _DELIMITER, SP, e.astring, Opt(SP, e.list), EOL)


def _numbers(e: Elements) -> Expression:
    """mailbox-data = "SEARCH" *(SP nz-number) [SP search-sort-mod-seq]   (RFC 7162, RFC 5256)"""
    return Seq(Many(b" " + NZ), Opt(_MODSEQ), EOL)


_ONE = words(b"MIN ", b"MAX ") + NZ
_COUNT = word(b"COUNT ") + N
_HIGHEST = word(b"MODSEQ ") + N64


def _esearch(e: Elements) -> Expression:
    """esearch-response = [search-correlator] [SP "UID"] *(SP search-return-data)   (RFC 4731)"""
    correlator = rb" \(" + word(b"TAG ") + b"(?:" + ASTRING_WORD + b"|" + _QUOTED + rb")\)"
    other = Seq(_name(words(b"MIN", b"MAX", b"COUNT", b"MODSEQ", b"ALL", b"UID")), e.value)
    datum = Alt(_ONE, _COUNT, _HIGHEST, Seq(word(b"ALL "), _SET), other)
    more = Many(_SP, datum)
    data = Alt(Seq(word(b"UID") + rb"(?=[ \r])", more), Seq(datum, more))
    return Seq(Opt(correlator), Opt(_SP, data), EOL)


_NUMBERS = (b"MESSAGES", b"RECENT", b"UIDNEXT", b"UIDVALIDITY", b"UNSEEN", b"DELETED")
_NUMBERS64 = (b"SIZE", b"DELETED-STORAGE", b"HIGHESTMODSEQ")


def _status(e: Elements) -> Expression:
    """"STATUS" SP mailbox SP "(" [status-att-list] ")"   (also RFC 8438, RFC 7889, RFC 8474)"""
    attribute = Alt(
        words(*_NUMBERS) + b" " + N,
        words(*_NUMBERS64) + b" " + N64,
        word(b"APPENDLIMIT ") + b"(?:" + N64 + b"|" + _NIL + b")",
        Seq(_name(words(*_NUMBERS, *_NUMBERS64, b"APPENDLIMIT")), e.value),
    )
    return Seq(SP, e.astring, SP, OPEN, Opt(listed(attribute)), CLOSE, EOL)


def _thread(e: Elements) -> Expression:
    """thread-data = "THREAD" [SP 1*thread-list]"""
    thread = Fast(_THREADS.pattern, Terminal(OPEN, inside=_THREADS.inside))
    return Seq(Opt(rb" (?=\()", thread, Many(thread)), EOL)


def _namespace(e: Elements) -> Expression:
    """namespace = nil / "(" 1*namespace-descr ")", three times   (RFC 2342)"""
    extension = Seq(SP, e.string, SP, OPEN, listed(e.string), CLOSE)
    description = Seq(OPEN, e.string, SP, _DELIMITER, Many(extension), CLOSE)
    namespace = Alt(_NIL, Seq(OPEN, description, Many(description), CLOSE))
    return Seq(SP, namespace, SP, namespace, SP, namespace, EOL)


def _acl(e: Elements) -> Expression:
    """acl-data = "ACL" SP mailbox *(SP identifier SP rights)   (RFC 4314)"""
    return Seq(SP, e.astring, Many(SP, e.astring, SP, e.astring), EOL)


def _list_rights(e: Elements) -> Expression:
    """"LISTRIGHTS" SP mailbox SP identifier SP rights *(SP rights)   (RFC 4314)"""
    return Seq(SP, e.astring, SP, e.astring, SP, e.astring, Many(SP, e.astring), EOL)


def _my_rights(e: Elements) -> Expression:
    """"MYRIGHTS" SP mailbox SP rights   (RFC 4314)"""
    return Seq(SP, e.astring, SP, e.astring, EOL)


def _quota(e: Elements) -> Expression:
    """"QUOTA" SP quota-root-name SP "(" [resource SP usage SP limit ...] ")"   (RFC 9208)"""
    resource = ATOM + b" " + N64 + b" " + N64
    return Seq(SP, e.astring, SP, OPEN, Opt(listed(resource)), CLOSE, EOL)


def _quota_root(e: Elements) -> Expression:
    """"QUOTAROOT" SP mailbox *(SP quota-root-name)   (RFC 9208)"""
    return Seq(SP, e.astring, Many(SP, e.astring), EOL)


def _id(e: Elements) -> Expression:
    """id-response = "ID" SP (nil / "(" [string SP nstring ...] ")")   (RFC 2971)"""
    return Seq(SP, Alt(_NIL, Seq(OPEN, Opt(listed(e.string, SP, e.nstring)), CLOSE)), EOL)


def _enabled(e: Elements) -> Expression:
    """enable-data = "ENABLED" *(SP capability)   (RFC 5161)"""
    return Seq(Many(b" " + ATOM), EOL)


def _vanished(e: Elements) -> Expression:
    """expunged-resp = "VANISHED" [SP "(EARLIER)"] SP known-uids   (RFC 7162)"""
    return Seq(Opt(b" " + word(b"(EARLIER)")), _SP, _SET, EOL)


def _metadata(e: Elements) -> Expression:
    """"METADATA" SP mailbox SP ("(" [entry SP value ...] ")" / entry *(SP entry))   (RFC 5464)"""
    literal8 = Terminal(rb"(?=~\{)", literal=True)
    values = Seq(OPEN, listed(e.astring, SP, Alt(literal8, e.nstring)), CLOSE)
    return Seq(SP, e.astring, SP, Alt(values, listed(e.astring)), EOL)


def _language(e: Elements) -> Expression:
    """language-data = "LANGUAGE" SP "(" lang-tag-quoted *(SP lang-tag-quoted) ")"   (RFC 5255)"""
    return Seq(SP, OPEN, listed(e.astring), CLOSE, EOL)


def _flags(e: Elements) -> Expression:
    """"FLAGS" SP flag-list"""
    return Seq(SP, FLAG_LIST, EOL)


def _nothing(e: Elements) -> Expression:
    """message-data = number SP ("EXISTS" / "RECENT" / "EXPUNGE")"""
    return EOL


def _anything(e: Elements) -> Expression:
    """What we have no grammar for: any values."""
    return Seq(Many(SP, e.value), EOL)


_GRAMMARS = {
    "EXISTS": _nothing, "RECENT": _nothing, "EXPUNGE": _nothing,
    "FLAGS": _flags, "LIST": _mailbox_list, "LSUB": _mailbox_list, "XLIST": _mailbox_list,
    "SEARCH": _numbers, "SORT": _numbers, "ESEARCH": _esearch, "THREAD": _thread,
    "STATUS": _status, "VANISHED": _vanished, "NAMESPACE": _namespace, "ENABLED": _enabled,
    "ACL": _acl, "LISTRIGHTS": _list_rights, "MYRIGHTS": _my_rights,
    "QUOTA": _quota, "QUOTAROOT": _quota_root, "ID": _id, "METADATA": _metadata,
    "LANGUAGE": _language, "UNKNOWN": _anything,
}  # fmt: skip
_NUMBERED = {"EXISTS": True, "RECENT": True, "EXPUNGE": True, "UNKNOWN": None}
_ZERO = frozenset({"EXISTS", "RECENT", "UNKNOWN"})

# Not data, or data that is given as words; these lines are held whole.
_HELD = (b"OK", b"NO", b"BAD", b"PREAUTH", b"BYE", b"CAPABILITY")


@lru_cache(maxsize=2)
def kinds(utf8: bool) -> Dict[bytes, Kind | None]:
    """The kinds by name, with strings as the session allows them; None for what is no data."""
    elements, fetch = Elements.of(utf8), Fetch.of(utf8)
    table: Dict[bytes, Kind | None] = dict.fromkeys(_HELD)
    table[b"FETCH"] = Kind("FETCH", True, False, fetch.start, _never)
    table.update((name.encode(), _kind(name, elements)) for name in _GRAMMARS)
    return table


def _kind(name: str, elements: Elements) -> Kind:
    expression = _GRAMMARS[name](elements)
    pattern = regex(expression)
    assert pattern is not None
    return Kind(
        name,
        _NUMBERED.get(name, False),
        name in _ZERO,
        compiled(expression),
        re.compile(pattern).match,
    )
