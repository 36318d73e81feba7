r"""fetch_data - FETCH: by far the most of what a server sends, so checked in the fewest steps.

    fetch = Fetch.of(utf8)
    fetch.whole       `* 5 FETCH (...)` CRLF, or up to the name of the item whose literal follows
    fetch.rest        behind such a literal: to the end, or up to the next
    fetch.start, fetch.behind     the same as states, for what the expressions do not match
    fetch.headers     `whole` and `rest` of responses that show no more of a mail than its header

Items that do not come from a mail's content, or show its structure only, are
taken whole; what is in an ENVELOPE or a BODYSTRUCTURE is checked for balance.  A
literal of content is announced together with the name of its item, so a reader
sees at once what it is.  Names that we do not know may have any balanced value;
those of requests (BODY.PEEK) are known not to stand here.

Sources: RFC 3501 section 7.4.2 and 9 (msg-att), RFC 3516 and RFC 9051 (BINARY), RFC 7162 (MODSEQ),
RFC 8474 (EMAILID, THREADID), RFC 8514 (SAVEDATE), RFC 8970 (PREVIEW), Gmail's X-GM-EXT-1.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Iterator

from .abnf import FIELD_CHAR, NUMBER, QUOTED_FIELD_CHAR
from .automaton import compiled
from .elements import CLOSE, EOL, FLAG_LIST, OPEN, SP, Elements
from .grammar import Alt, Expression, Fast, Many, Seq, Terminal, regex
from .leniencies import Leniency
from .tokens import END, N64, NIL, NZ, N, Strings, number, nz_number, word, words

_QUOTED = Strings.of(utf8=False).quoted
_OBJECT_ID = rb"\([A-Za-z0-9_-]{1,255}\)"  # RFC 8474 section 7

_NUMBER = nz_number(NUMBER, rb"(?=[].])")
_PART = _NUMBER + rb"(?:\." + _NUMBER + b")*"
_FIELD = b"(?:[" + FIELD_CHAR + b"]++" + END + rb'|"(?:[' + QUOTED_FIELD_CHAR
_FIELD += rb']|\\["\\])*+"' + END + b")"
_FIELDS = rb"\(" + _FIELD + b"(?: " + _FIELD + rb")*\)"
_HEADER = word(b"HEADER") + rb"(?:" + word(b".FIELDS") + b"(?:" + word(b".NOT") + b")? "
_HEADER += _FIELDS + b")?"
_TEXT = b"(?:" + _HEADER + b"|" + word(b"TEXT") + b")"
_SECTION = (
    rb"\[(?:" + _TEXT + b"|" + _PART + rb"(?:\.(?:" + _TEXT + b"|" + word(b"MIME") + rb"))?)?\]"
)
_ORIGIN = b"(?:<" + number(NUMBER, b"(?=>)") + b">)?"

_CONTENT = (
    b"(?:" + word(b"BODY") + _SECTION + _ORIGIN
    + b"|" + word(b"RFC822") + b"(?:" + words(b".HEADER", b".TEXT") + b")?"
    + b"|" + word(b"PREVIEW") + b") "
)  # fmt: skip
_HEADERS = (
    b"(?:" + word(b"BODY") + rb"\[" + _HEADER + rb"\]" + _ORIGIN
    + b"|" + word(b"RFC822.HEADER") + b") "
)  # fmt: skip
_BINARY = word(b"BINARY") + rb"\[(?:" + _PART + rb")?\]" + _ORIGIN + b" "

_KNOWN = words(
    b"UID", b"FLAGS", b"INTERNALDATE", b"SAVEDATE", b"RFC822", b"RFC822.SIZE", b"RFC822.HEADER",
    b"RFC822.TEXT", b"ENVELOPE", b"BODYSTRUCTURE", b"BODY", b"BODY.PEEK", b"BINARY",
    b"BINARY.PEEK", b"BINARY.SIZE", b"MODSEQ", b"EMAILID", b"THREADID", b"PREVIEW",
    b"X-GM-MSGID", b"X-GM-THRID", b"X-GM-LABELS",
)  # fmt: skip
_OTHER = (
    b"(?!" + _KNOWN + rb"[ \[<])[A-Za-z][A-Za-z0-9._/:=+-]*+(?:\[[A-Za-z0-9._ -]*+\])?" + _ORIGIN
)

_PLAIN = (
    word(b"UID ") + NZ,
    words(b"RFC822.SIZE ", b"X-GM-MSGID ", b"X-GM-THRID ") + N64,
    word(b"MODSEQ ") + rb"\(" + N64 + rb"\)",
    word(b"INTERNALDATE ") + _QUOTED,
    word(b"SAVEDATE ") + b"(?:" + _QUOTED + b"|" + NIL + END + b")",
    word(b"EMAILID ") + _OBJECT_ID,
    word(b"THREADID ") + b"(?:" + _OBJECT_ID + b"|" + NIL + END + b")",
)
_SIZE = word(b"BINARY.SIZE") + rb"\[(?:" + _PART + rb")?\] " + N
_LITERAL = rb"(?=\{)"
_LITERAL8 = rb"(?=~?\{)"


def _harmless(elements: Elements) -> Iterator[Expression]:
    """What does not come from a mail's content, or shows its structure only."""
    yield from _PLAIN
    yield Seq(word(b"FLAGS "), FLAG_LIST)
    yield Seq(words(b"ENVELOPE ", b"BODYSTRUCTURE ", b"BODY ", b"X-GM-LABELS "), elements.list)


def _in_place(name: bytes, elements: Elements) -> Fast:
    """Content as NIL or a string."""
    value = b"(?:" + NIL + END + b"|" + elements.quoted + b")"
    return Fast(name + value, Seq(name + b'(?=")', Alt(elements.quoted, elements.raw)))


def _item(elements: Elements) -> Alt:
    """msg-att-static / msg-att-dynamic, and what else is known to stand there"""
    return Alt(
        *_harmless(elements),
        _SIZE,
        _in_place(b"(?:" + _CONTENT + b"|" + _BINARY + b")", elements),
        Terminal(_CONTENT + _LITERAL, literal=True),
        Terminal(_BINARY + _LITERAL8, literal=True),
        Seq(Terminal(_OTHER + b" ", lenient=Leniency.UNKNOWN_ITEM), elements.value),
    )


class Lines:
    """FETCH responses line by line, as two expressions.

    In `whole` the first group is the message number; its second and the only one
    of `rest` takes part where a literal must follow.  What an item has taken it keeps
    (`*+`, `?+`): the last one, often an ENVELOPE, is matched once and not again for its end.
    """

    def __init__(self, item: Expression, announced: bytes) -> None:
        """`announced`: the name of an item whose literal follows."""
        whole, announced = regex(item), b"(" + announced + b")"
        assert whole is not None
        end = rb"\)\r\n"
        self.whole = re.compile(
            rb"\* ([1-9][0-9]{0,8}) " + word(b"FETCH ") + rb"\("
            b"(?:" + whole + b"(?: " + whole + b")*+(?: |" + end + b"))?+"
            rb"(?:(?<=\n)|" + announced + b")"
        ).match
        self.rest = re.compile(
            b"(?: " + whole + b")*+(?:" + end + b"| " + announced + b")"
        ).match


class Fetch(Lines):
    """The grammar of FETCH behind its name, as states and as expressions."""

    def __init__(self, utf8: bool) -> None:
        elements = Elements.of(utf8)
        item = _item(elements)
        super().__init__(item, _CONTENT + _LITERAL + b"|" + _BINARY + _LITERAL8)
        behind = Seq(Many(SP, item), CLOSE, EOL)
        self.start = compiled(Seq(b" " + OPEN, item, behind))
        self.behind = compiled(behind)
        headers = Alt(*_harmless(elements), _in_place(_HEADERS, elements))
        self.headers = Lines(headers, _HEADERS + _LITERAL)

    @classmethod
    @lru_cache(maxsize=2)
    def of(cls, utf8: bool) -> Fetch:
        return cls(utf8)
