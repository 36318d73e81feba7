"""ending - how a proxy ends: when its sessions have ended, or now.

    ending = Ending(crews, withdraw)    `withdraw`: no client is let in any more; called once
    ending.finish()                     children leave after their sessions
    ending.stop()                       ... at once; within terminate-wait they are killed
    ending.give_up()                    ... because they cannot begin: the status tells so
    ending.hasten(now)                  in each cycle
    ending.begun, ending.over           it ends; nobody is there any more

See also: parent.py; tcpserver(7).
"""

from __future__ import annotations

import math
import signal
import time
from typing import Callable

from kernun_common.log.message import Message

from . import messages
from .crews import Crews
from .storm import COULD_NOT_BEGIN

LAST_MOMENT = 1.0  # seconds of terminate-wait that are kept for burying what had to be killed


class Ending:
    def __init__(self, crews: Crews, withdraw: Callable[[], None]) -> None:
        self.begun = False
        self.killed = False  # those that did not end by themselves
        self.status = 0  # of the program
        self._crews = crews
        self._withdraw = withdraw
        self._deadline = math.inf

    @property
    def over(self) -> bool:
        return self.begun and self._crews.gone

    def finish(self) -> None:
        """End when the open sessions have ended."""
        if not self.begun:
            self._begin(messages.GRACEFUL_END)
            self._crews.retire()

    def stop(self) -> None:
        """End now, within terminate-wait."""
        if self._deadline == math.inf:
            wait = self._crews.current.service.limits.terminate_wait
            self._deadline = time.monotonic() + max(wait - LAST_MOMENT, wait / 2)
            self._begin(messages.IMMEDIATE_END)
            self._crews.stop()

    def give_up(self) -> None:
        self.status = COULD_NOT_BEGIN
        self.stop()

    def _begin(self, message: Message) -> None:
        service = self._crews.current.service
        service.log.write(message, name=service.name, busy=self._crews.busy)
        if not self.begun:
            self.begun = True
            self._withdraw()

    def hasten(self, now: float) -> None:
        if now >= self._deadline and not self.killed:
            self.killed = True
            log = self._crews.current.service.log
            log.write(messages.KILLED, children=self._crews.children)
            self._crews.signal(signal.SIGKILL)
