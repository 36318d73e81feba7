"""crew - the children of one service.

    crew = Crew(service, forget)            `forget` closes what is the parent's, in a child
    crew.spawn(now)                         start a child; OSError where the system refuses
    crew.leave(number)                      tell so many idle children to leave
    crew.leave_all()                        tell every child to leave, after its session
    crew.stop()                             every child ends at once
    crew.signal(SIGUSR1)                    to all of them
    crew.bury(pid, status, now)             after wait: how it died; None if it is not of this crew

Each child has a line to its parent, one end of a socket pair; it ends when the line is
closed, which the parent does by dying, too.  A child is told to leave only once.

See also: parent.py, child.py, stopping.py.
"""

from __future__ import annotations

import os
import signal
import socket
from typing import Callable, NamedTuple, NoReturn, Optional

from .child import Child, life
from .scoreboard import Scoreboard
from .service import Service
from .signals import blocked
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
        self._forget = forget
        self._board = Scoreboard(service.limits.max_children)
        self._members: dict[int, Member] = {}
        self._told: set[int] = set()
        self._past_sessions = 0

    def __len__(self) -> int:
        return len(self._members)

    @property
    def counts(self) -> Counts:
        return self._board.counts()

    @property
    def sessions(self) -> int:
        """Sessions begun, by children that are gone, too."""
        slots = (member.slot for member in self._members.values())
        return self._past_sessions + sum(map(self._board.sessions, slots))

    def spawn(self, now: float) -> int:
        """Start a child and return its pid; OSError where there is no room for it."""
        slot = self._board.take()
        if slot is None:
            raise OSError("no slot is free")
        ours, line = socket.socketpair()
        with line, blocked():
            try:
                pid = os.fork()
            except OSError:
                self._board.free(slot)
                ours.close()
                raise
            if pid == 0:
                ours.close()
                self._become_child(slot, line)
            self._members[pid] = Member(slot, ours, now)
        return pid

    def _become_child(self, slot: int, line: socket.socket) -> NoReturn:
        service = self.service

        def make() -> Child:
            self._forget()
            service.begin()
            sockets = [listener.sock for listener in service.listeners]
            stopping = Stopping(line, service.log, sockets)
            stopping.arm()
            return Child(service, self._board, slot, stopping)

        status = -1
        try:
            status = life(make, service.log, service.limits.max_sessions)
        finally:
            os._exit(status)

    def forget(self) -> None:
        """In a child: close the lines of the others, whose parent it is not."""
        for member in self._members.values():
            member.line.close()

    def leave(self, number: int) -> None:
        idle = [
            pid
            for pid, member in self._members.items()
            if pid not in self._told and self._board.state(member.slot) is State.IDLE
        ]
        for pid in idle[:number]:
            self._tell(pid)

    def leave_all(self) -> None:
        for pid in self._members.keys() - self._told:
            self._tell(pid)

    def _tell(self, pid: int) -> None:
        self._told.add(pid)
        slot = self._members[pid].slot
        if self._board.state(slot) is not State.BUSY:
            self._board.enter(slot, State.ENDING)
        os.kill(pid, signal.SIGQUIT)

    def stop(self) -> None:
        for member in self._members.values():
            member.line.close()

    def signal(self, number: signal.Signals) -> None:
        for pid in self._members:
            os.kill(pid, number)

    def bury(self, pid: int, status: int, now: float) -> Optional[Death]:
        """Give the slot of a child that has been waited for to the next one."""
        member = self._members.pop(pid, None)
        if member is None:
            return None
        self._told.discard(pid)
        member.line.close()
        sessions = self._board.sessions(member.slot)
        self._past_sessions += sessions
        code = os.waitstatus_to_exitcode(status)
        death = Death(pid, code, self._board.state(member.slot), sessions, now - member.born)
        self._board.free(member.slot)
        return death
