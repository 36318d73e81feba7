"""progress - a word to the client every ten seconds while its mails are fetched and checked.

    progress.begin(tag, goal)      `goal`: how many mails there are, None where that is not known
    progress.done += 1
    progress.end()

    * OK [INPROGRESS ("A142" 3 10)] Your mail is being checked

Sources: RFC 9585, spec 2.5.  A tag that holds `]` has no place in a response code.
"""

from __future__ import annotations

from ...texts import Text
from ..conversation import Conversation
from ..events import Timer

SECONDS = 10.0


class Progress:
    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._tag = b""
        self._goal: int | None = None
        self.done = 0

    def begin(self, tag: bytes, goal: int | None) -> None:
        self._tag, self._goal, self.done = tag, goal, 0
        self._conversation.arm(Timer.PROGRESS, SECONDS)

    def end(self) -> None:
        self._conversation.disarm(Timer.PROGRESS)

    def on_expired(self) -> None:
        conversation = self._conversation
        code = b"INPROGRESS"
        if b"]" not in self._tag:
            goal = b"NIL" if self._goal is None else b"%d" % self._goal
            code += b' ("%b" %d %b)' % (self._tag, self.done, goal)
        conversation.tell(b"* OK [%b] " % code + conversation.text(Text.CHECKING))
        conversation.arm(Timer.PROGRESS, SECONDS)
