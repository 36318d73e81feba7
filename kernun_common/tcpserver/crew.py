"""crew - the children of one service, its listener and its helpers.

    crew = Crew(service, forget)            `forget` closes what is the parent's, in a child
    crew.spawn(now)                         start a child; OSError where the system refuses
    crew.open_door(others)                  start the listener, if there has to be one
    crew.start_helpers(now)                 those that are not there; `ready` when they are
    crew.leave(number)                      tell so many idle children to leave
    crew.retire()                           tell every child to leave, after its session
    crew.stop()                             every child ends at once
    crew.signal(SIGUSR1)                    to all of them
    crew.bury(pid, status, now)             after wait: how a child died; None if it is no child

Each child has a line to its parent; it ends when the line is closed, which the parent
does by dying, too.  A child is told to leave only once.

See also: parent.py, child.py, door.py, helpers.py, stopping.py.
"""

from __future__ import annotations

import os
import signal
import socket
from functools import partial
from typing import Callable, NamedTuple, Optional, Sequence

from .child import Child
from .door import Door
from .forking import spawn
from .helpers import Helpers
from .knock import Knock
from .scoreboard import Scoreboard
from .service import Service
from .source import Direct, Queue, Source
from .state import Counts, State
from .stopping import Stopping
from .storm import Death


class Member(NamedTuple):
    """What the parent knows of a child."""

    slot: int
    line: socket.socket
    born: float


class Crew:
    """The parent's side of its children."""

    def __init__(self, service: Service, forget: Callable[[], None]) -> None:
        self.service = service
        self.board = Scoreboard(service.limits.max_children)
        self._forget = forget
        self._door = Door(service, forget) if service.limits.listener else None
        knocks = self._door is None and len(service.listeners) > 1
        self._knock = Knock() if knocks else None
        self._helpers = Helpers(service, forget)
        self._members: dict[int, Member] = {}
        self._told: set[int] = set()
        self._past_sessions = 0

    def __len__(self) -> int:
        """The number of children."""
        return len(self._members)

    @property
    def gone(self) -> bool:
        door = self._door is not None and self._door.is_open
        return not (self._members or self._helpers or door)

    @property
    def ready(self) -> bool:
        """May clients be served?"""
        return self._helpers.ready

    def start_helpers(self, now: float) -> None:
        self._helpers.start(now)

    @property
    def counts(self) -> Counts:
        return self.board.counts()

    @property
    def sessions(self) -> int:
        """Sessions begun, by children that are gone, too."""
        slots = (member.slot for member in self._members.values())
        return self._past_sessions + sum(map(self.board.sessions, slots))

    def spawn(self, now: float) -> int:
        """Start a child and return its pid; OSError where there is no room for it."""
        slot = self.board.take()
        if slot is None:
            raise OSError("no slot is free")
        try:
            limit = self.service.limits.max_sessions
            pid, line = spawn(partial(self._child, slot), self.service.log, limit)
        except OSError:
            self.board.free(slot)
            raise
        self._members[pid] = Member(slot, line, now)
        return pid

    def _child(self, slot: int, line: socket.socket) -> Child:
        service = self.service
        self._forget()
        service.memory.bound()
        service.begin()
        service.facility.sit(slot, service.log)
        source = self._source()
        stopping = Stopping(line, service.log, source.sockets)
        stopping.arm()
        return Child(service, self.board, slot, stopping, source)

    def _source(self) -> Source:
        if self._door is None:
            return Direct(self.service.listeners, self._knock)
        return Queue(self._door.handoff, self.service.listeners)

    def open_door(self, others: Sequence[Scoreboard]) -> None:
        """`others` are the boards of old crews, whose sessions count for limits, too."""
        if self._door is not None:
            self._door.open([self.board, *others])

    def forget(self) -> None:
        """In a child: close the lines of the others, whose parent it is not."""
        for member in self._members.values():
            member.line.close()
        self._helpers.forget()
        if self._door is not None:
            self._door.forget()

    def leave(self, number: int) -> None:
        idle = [
            pid
            for pid, member in self._members.items()
            if pid not in self._told and self.board.state(member.slot) is State.IDLE
        ]
        for pid in idle[:number]:
            self._tell(pid)

    def retire(self) -> None:
        """The listener goes first, so that nothing is given to children that have left.

        Helpers work for sessions that begin; there will be none.
        """
        self._helpers.stop()
        if self._door is None or not self._door.leave():
            for pid in self._members.keys() - self._told:
                self._tell(pid)

    def _tell(self, pid: int) -> None:
        self._told.add(pid)
        slot = self._members[pid].slot
        if self.board.state(slot) is not State.BUSY:
            self.board.enter(slot, State.ENDING)
        os.kill(pid, signal.SIGQUIT)

    def stop(self) -> None:
        self._helpers.stop()
        if self._door is not None:
            self._door.stop()
        for member in self._members.values():
            member.line.close()

    def signal(self, number: signal.Signals) -> None:
        for pid in self._members:
            os.kill(pid, number)
        self._helpers.signal(number)
        if self._door is not None:
            self._door.signal(number)

    def bury(self, pid: int, status: int, now: float) -> Optional[Death]:
        """Give the slot of a child that has been waited for to the next one."""
        if self._door is not None and self._door.bury(pid, status):
            if self._door.leaving:
                self.retire()
            return None
        if self._helpers.bury(pid, status, now):
            return None
        member = self._members.pop(pid, None)
        if member is None:
            return None
        self._told.discard(pid)
        member.line.close()
        sessions = self.board.sessions(member.slot)
        self._past_sessions += sessions
        code = os.waitstatus_to_exitcode(status)
        death = Death(pid, code, self.board.state(member.slot), sessions, now - member.born)
        self.board.free(member.slot)
        self.service.facility.vacate(member.slot)
        return death
