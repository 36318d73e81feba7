"""elements - what several responses are made of, in the notation of grammar.py.

    elements = Elements(utf8)       strings as the session allows them
    Seq(SP, elements.astring, EOL)

Each element ends where a token ends; the blank before the next is SP, which sees
that something comes behind it.  The same elements also name what servers get wrong
(leniencies.py) and what is made of it.

Source: RFC 3501 section 9, RFC 9051 section 9.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Callable

from . import tokens
from .grammar import Alt, Expression, Fast, Many, Opt, Seq, Terminal
from .leniencies import Leniency
from .nested import values
from .tokens import ASTRING_WORD, END, FLAG, MAILBOX_FLAG, NIL, WORD, Strings, as_literal

SP = rb" (?=[^ )\r])"
OPEN = rb"\("
CLOSE = rb"\)"


def becomes(octets: bytes) -> Callable[[bytes], bytes]:
    """Whatever it was, `octets` goes out."""
    return lambda _: octets


def listed(*parts: Expression) -> Seq:
    """`parts` once or more often, with a blank between."""
    return Seq(*parts, Many(SP, *parts))


EOL = Alt(
    tokens.CRLF,
    Terminal(b" +" + tokens.CRLF, lenient=Leniency.TRAILING_BLANK, instead=becomes(b"\r\n")),
)

_LIST_END = Alt(
    CLOSE, Terminal(rb" +\)", lenient=Leniency.TRAILING_BLANK, instead=becomes(b")"))
)
_QUOTED = Strings.of(utf8=False).quoted


def _flags(flag: bytes) -> Fast:
    """ "(" [flag *(SP flag)] ")" """
    other = Terminal(b"(?:" + WORD + b"|" + _QUOTED + b")", lenient=Leniency.UNKNOWN_FLAG)
    return Fast(
        rb"\((?:" + flag + b"(?: " + flag + rb")*)?\)",
        Alt(
            Seq(OPEN, Opt(listed(Alt(flag, other))), _LIST_END),
            Terminal(NIL + END, lenient=Leniency.NIL_LIST, instead=becomes(b"()")),
        ),
    )


FLAG_LIST = _flags(FLAG)
MAILBOX_FLAGS = _flags(MAILBOX_FLAG)  # mbx-list-flags


class Elements:
    """`value` is anything balanced; `list` the same, but a list."""

    def __init__(self, utf8: bool) -> None:
        strings = Strings.of(utf8)
        nested = values(strings)
        self.quoted = strings.quoted
        self.raw = Terminal(strings.raw, lenient=Leniency.EIGHT_BIT_STRING, instead=as_literal)
        self.string = Alt(self.quoted, self.raw, Terminal(rb"(?=\{)", literal=True))
        self.astring = Alt(ASTRING_WORD, self.string)
        self.nstring = Alt(NIL + END, self.string)
        self.list = Fast(nested.pattern, Terminal(OPEN, inside=nested.inside))
        literal8 = Terminal(rb"(?=~\{)", literal=True)
        self.value = Alt(literal8, WORD, self.string, self.list)

    @classmethod
    @lru_cache(maxsize=2)
    def of(cls, utf8: bool) -> Elements:
        return cls(utf8)
