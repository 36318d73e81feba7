"""command_time - command-timeout: so long may a command take to arrive, its literals apart.

    time.watch(begun, number)       behind every event; not needed while it neither runs nor begins

The time that literals take does not count, nor that in which the client is not
heard; what a command has used up before stays used up.
"""

from __future__ import annotations

from typing import Optional

from .conversation import Conversation
from .events import Timer


class CommandTime:
    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._number = 0
        self._spent = 0.0  # seconds, by this command
        self._since: Optional[float] = None  # when the timer was armed for this command

    @property
    def runs(self) -> bool:
        return self._since is not None

    def watch(self, begun: bool, number: int) -> None:
        """`begun`: the client is within its `number`-th command, and in no literal."""
        armed, another = self.runs, number != self._number
        if another:
            self._number, self._spent, self._since = number, 0.0, None
        if begun and (another or not armed):
            self._arm()
        elif armed and not begun:
            self._disarm()

    def _arm(self) -> None:
        conversation = self._conversation
        self._since = conversation.now
        timeout = conversation.proxy.client_conn.command_timeout
        conversation.arm(Timer.COMMAND, max(0.0, timeout - self._spent))

    def _disarm(self) -> None:
        if self._since is not None:
            self._spent += self._conversation.now - self._since
        self._since = None
        self._conversation.disarm(Timer.COMMAND)
