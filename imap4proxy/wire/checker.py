"""checker - takes one untagged response through its grammar, in as many parts as it comes.

    checker.begin(state, taken)
    checker.run(buffer, at)   -> Progress.MORE      at `at` it needs more octets
                                 Progress.LITERAL   at `at` begin the `literal` octets of a literal,
                                                    with its header `item` was taken
                                 Progress.END       at `at` the response is over
    checker.octets            what the run took, as it may go on; `lenient`: what was forgiven

Holds no octets: what a run could not take, the caller shows again with more behind
it.  Where the end of the line is in sight and no terminal matches, nothing that
may still come would help.  Memory: the depth of a list, as a number.

PeerError: it is not valid IMAP, or over a bound.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Match

from kernun_common.errors import PeerError, Side

from .automaton import State
from .leniencies import Leniency
from .nested import DEPTH
from .response_limits import ResponseLimits
from .tokens import announced


class Progress(Enum):
    MORE = auto()
    LITERAL = auto()
    END = auto()


class Checker:
    __slots__ = (
        "state", "at", "taken", "literal", "item", "lenient",
        "_limits", "_window", "_buffer", "_start", "_parts", "_depth", "_behind",
    )  # fmt: skip

    def __init__(self, limits: ResponseLimits) -> None:
        self._limits = limits
        self._window = limits.token + len(b" ")  # a token and what shows that it ends
        self.lenient: list[Leniency] = []

    def begin(self, state: State, taken: int) -> None:
        """A response is at `state`, `taken` octets from its beginning."""
        self.state = state
        self.taken = 0
        self._count(taken)
        self._depth = 0       # of lists of any nesting that are open
        self._behind = state  # ... and where the outermost leads to

    @property
    def octets(self) -> bytes:
        rest = self._buffer[self._start:self.at]
        return b"".join(self._parts) + rest if self._parts else rest

    def run(self, buffer: bytes, at: int) -> Progress:
        """Take what there is from `at` on."""
        self._buffer, self._start, self.at = buffer, at, at
        self._parts: list[bytes] = []
        self.lenient = []
        self.literal, self.item = 0, b""
        progress = self._run()
        self._count(self.at - at)
        return progress

    def _count(self, taken: int) -> None:
        self.taken += taken
        if self.taken > self._limits.response:
            raise PeerError(Side.SERVER, "a response too long")

    def _run(self) -> Progress:
        buffer, window = self._buffer, self._window
        state, at = self.state, self.at
        while (found := state.match(buffer, at, at + window)) is not None:
            taken = state.follow[found.lastindex - 1]  # type: ignore[operator]
            if taken.literal:
                if not self._announced(found.end()):
                    break
                self.state, self.item = taken, found[0]
                return Progress.LITERAL
            at = found.end()
            state = taken if taken.plain else self._consequence(taken, found)
            if taken.final:
                self.at = at
                return Progress.END
        self.state, self.at = state, at
        return self._wait()

    def _announced(self, at: int) -> bool:
        """Is the header of a literal whole that begins at `at`?"""
        found = announced(self._buffer, at)
        if found is not None:
            self.literal, self.at = found
        return found is not None

    def _consequence(self, taken: State, found: Match[bytes]) -> State:
        if taken.lenient is not None:
            self._forgive(taken, found)
        if taken.turn > 0:
            return self._enter(taken)
        return self._leave(taken) if taken.turn < 0 else taken

    def _forgive(self, taken: State, found: Match[bytes]) -> None:
        assert taken.lenient is not None
        if taken.lenient not in self.lenient:
            self.lenient.append(taken.lenient)
        self._parts += self._buffer[self._start:found.start()], taken.instead(found[0])
        self._start = found.end()

    def _enter(self, taken: State) -> State:
        self._depth += 1
        if self._depth > self._limits.nesting:
            raise PeerError(Side.SERVER, "lists nested too deeply")
        state = taken
        if taken.inside is not None:
            self._behind, state = taken, taken.inside
        if self._depth + DEPTH > self._limits.nesting and state.deep is not None:
            return state.deep
        return state

    def _leave(self, taken: State) -> State:
        self._depth -= 1
        return taken if self._depth else self._behind

    def _wait(self) -> Progress:
        """Nothing matches: is that because the rest has not come yet?"""
        buffer, at, window = self._buffer, self.at, self._window
        if len(buffer) - at >= window or buffer.find(b"\r\n", at) >= 0:
            raise PeerError(Side.SERVER, f"not valid IMAP, octet {self._octet} of a response")
        return Progress.MORE

    @property
    def _octet(self) -> int:
        """Where it went wrong, from the beginning of the response, literals apart."""
        return self.taken + self.at - self._start
