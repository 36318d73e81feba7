"""listener - the process that accepts for all children; tcpserver(7), listener yes.

    Doorkeeper(service, boards, handoff, intake).run()

Knows what children cannot know of each other: how many connections a second there are,
and how many sessions of one address.  What is over a limit is closed without a word.
It accepts only while some child is idle, so whatever waits does so in the queue of the
system, and nothing is on its way to nobody.

Whom a balancer brings (proxy-protocol) only a child learns, so of those it counts the
connections of all, and the child the sessions of one.

`boards` are those of all children, old ones included; the first is that of its own.
See also: rates.py, handoff.py, source.py.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Deque, Optional, Sequence, Set, Tuple

from kernun_common.sockaddr import Address

from . import messages
from .arrival import brings_header
from .handoff import Handoff
from .intake import Intake
from .rates import Rates, Verdict
from .scoreboard import Scoreboard
from .service import Service
from .source import Accepted

NOBODY_IDLE = 0.01  # seconds until the next look


class Doorkeeper:
    """What runs in the listener's process."""

    def __init__(
        self, service: Service, boards: Sequence[Scoreboard], handoff: Handoff, intake: Intake
    ) -> None:
        limits = service.limits
        self._log = service.log
        self._rates = Rates(limits.conn_rate, limits.conn_rate_per_ip, limits.conn_rate_table)
        self._limits = limits
        self._resolution = service.resolution
        self._boards = boards
        self._handoff = handoff
        self._intake = intake
        self._numbers = {listener.at: n for n, listener in enumerate(service.listeners)}
        self._given: Deque[Tuple[int, Optional[Address]]] = deque()  # tokens and clients
        # What a listener that died has given may still be in the queue: at most one a child.
        handoff.count_from(boards[0].last_token() + limits.max_children + 1)
        self._told: Set[Address] = set()  # of whom the log knows ...
        self._told_in = -1  # ... in this second

    def run(self) -> None:
        """Until told to leave."""
        while not self._intake.over:
            pause = self._pause(time.monotonic())
            if pause:
                self._intake.rest(pause)
                continue
            accepted = self._intake.next()
            if accepted is not None:
                self._judge(accepted, time.monotonic())

    def _pause(self, now: float) -> float:
        """Seconds in which nothing can be accepted."""
        if self._boards[0].counts().idle <= len(self._underway()):
            return NOBODY_IDLE
        pause = self._rates.wait(now)
        if pause:
            self._log.write(messages.CONN_RATE, limit=self._limits.conn_rate)
        return pause

    def _underway(self) -> Deque[Tuple[int, Optional[Address]]]:
        """Tokens and clients of the connections that no child has taken yet.

        None is a client whom a balancer brings: its child counts it.
        """
        taken = self._boards[0].last_token()
        while self._given and self._given[0][0] <= taken:
            self._given.popleft()
        return self._given

    def _judge(self, accepted: Accepted, now: float) -> None:
        client = accepted.peer.address
        if brings_header(accepted, self._resolution):
            with accepted.sock:
                self._rates.count(now)
                self._give(accepted, None)
            return
        with accepted.sock:
            verdict = self._rates.judge(client, now)
            if verdict is Verdict.DENIED_NOW:
                limit = self._limits.conn_rate_per_ip
                self._log.write(messages.RATE_EXCEEDED, client=client, limit=limit)
            elif verdict is Verdict.ADMITTED and self._has_room_for(client, now):
                self._rates.count(now)
                self._give(accepted, client)

    def _has_room_for(self, client: Address, now: float) -> bool:
        most = self._limits.max_children_per_ip
        if not most:
            return True
        underway = [other for _, other in self._underway()].count(client)
        if underway + sum(board.sessions_of(client) for board in self._boards) < most:
            return True
        if self._is_news(client, int(now)):
            self._log.write(messages.CHILDREN_OF_CLIENT, client=client, limit=most)
        return False

    def _is_news(self, client: Address, second: int) -> bool:
        """The log is told once a second."""
        if second != self._told_in:
            self._told_in = second
            self._told.clear()
        if client in self._told:
            return False
        self._told.add(client)
        return True

    def _give(self, accepted: Accepted, client: Optional[Address]) -> None:
        token = self._handoff.give(accepted.sock, self._numbers[accepted.listener.at])
        self._given.append((token, client))
