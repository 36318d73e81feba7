"""errors - the five exceptions of the program, and the side that is to blame.

    raise PeerError(Side.SERVER, "a continuation request that nobody asked for")

"No" is not among them: a policy that refuses is a value (`Refusal`), because
refusing is this program's work.  What each of them ends stands in its docstring.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Side(Enum):
    """One of the two connections of a session; the value is the section that configures it."""

    CLIENT = "client-conn"
    SERVER = "server-conn"

    __hash__ = object.__hash__  # Enum's own takes ten times as long, and Side is a key everywhere

    @property
    def other(self) -> Side:
        return Side.SERVER if self is Side.CLIENT else Side.CLIENT


class Where(NamedTuple):
    """A place in a configuration file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))}


class ConfigurationError(Exception):
    """The administrator must change a line.  Ends the program, before it listens.

    It is shown on one line, whatever has been quoted in it.
    """

    def __init__(self, where: Where, text: str) -> None:
        self.where = where
        self.text = text.translate(_CONTROLS)
        super().__init__(f"{where}: {self.text}")


class PeerError(Exception):
    """The peer on `side` broke the protocol; nobody else is to blame.  Ends the session."""

    def __init__(self, side: Side, reason: str) -> None:
        super().__init__(reason)
        self.side = side
        self.reason = reason


class PeerClosed(Exception):
    """The peer on `side` went away.  Ends the session.

    `failure` says what broke the connection, in the system's words; "" where the peer ended it.
    """

    def __init__(self, side: Side, failure: str = "") -> None:
        super().__init__(f"{side.value}: {failure}" if failure else side.value)
        self.side = side
        self.failure = failure


class Timeout(Exception):
    """A timeout of `side` ran out; `which` is the item that set it.  Ends the session."""

    def __init__(self, side: Side, which: str) -> None:
        super().__init__(f"{side.value} {which}")
        self.side = side
        self.which = which


class Unavailable(Exception):
    """A scanner, resolver or server cannot be had.  The policy says what follows."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
