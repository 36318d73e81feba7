"""child - a process that serves one session at a time, until it leaves.

    Child(service, board, slot, stopping, source).run(max_sessions)
    status = life(make, log, max_sessions)          the same, in a process of its own

This is the one place that catches every exception.  A fault of the program ends
the session; the log gets the functions that were being executed but no value,
because values are what clients and servers sent.  The child leaves: what state
the fault left behind nobody knows.

See also: intake.py, service.py; crew.py, which makes them.
"""

from __future__ import annotations

import errno
import os
from types import TracebackType
from typing import Callable, Optional, Protocol

from kernun_common.log.sinks import Log
from kernun_common.monitoring import record
from kernun_common.netio import messages as netio_messages
from kernun_common.netio.waiting import Waiter

from . import messages
from .arrival import Arrival, arrive, brings_header
from .intake import Intake
from .scoreboard import Scoreboard
from .service import Service
from .source import Accepted, Source
from .state import State
from .stopping import Stopping
from .storm import COULD_NOT_BEGIN

LEFT, FAILED = 0, 1  # exit statuses; COULD_NOT_BEGIN is the third

MOST_FRAMES = 20  # of a traceback, the innermost ones


class Child:
    """What runs in a child process."""

    def __init__(
        self,
        service: Service,
        board: Scoreboard,
        slot: int,
        stopping: Stopping,
        source: Source,
    ) -> None:
        self._service = service
        self._board = board
        self._slot = slot
        self._stopping = stopping
        self._intake = Intake(source, stopping, service.log)

    def run(self, max_sessions: Optional[int]) -> None:
        """Serve until told to leave, at most so many sessions (None: any number)."""
        left = max_sessions
        while left != 0:
            self._enter(State.IDLE)
            accepted = self._intake.next()
            if accepted is None:
                break
            self._serve(accepted)
            left = left and left - 1
        self._enter(State.ENDING)

    def _enter(self, state: State) -> None:
        self._board.enter(self._slot, state)
        self._service.title.show(f"child: {state.name.lower()}")

    def _serve(self, accepted: Accepted) -> None:
        proxied = brings_header(accepted, self._service.resolution)
        client = None if proxied else accepted.peer.address
        self._board.begin_session(self._slot, client, accepted.token)
        with accepted.sock, self._stopping.session():
            try:
                self._welcome(accepted, proxied)
            except Exception as error:
                self._service.log.write(
                    messages.SESSION_FAILED,
                    error=kind(error),
                    at=backtrace(error.__traceback__),
                )
                self._stopping.leave()
        self._service.facility.seat.end(record.FAILED)  # unless it has ended in another way
        self._board.end_session(self._slot)

    def _welcome(self, accepted: Accepted, proxied: bool) -> None:
        service = self._service
        arrival = self._arrive(accepted, proxied)
        if arrival is None or (proxied and not self._has_room_for(arrival)):
            return
        service.facility.seat.begin(str(arrival.client))
        service.title.show(f"child: {arrival.client.host}")
        service.serve(accepted.sock, arrival, self._stopping)

    def _arrive(self, accepted: Accepted, proxied: bool) -> Optional[Arrival]:
        service = self._service
        waiter = Waiter(self._stopping.fd, wakeup=self._stopping.wakeup)
        try:
            return arrive(accepted, proxied, waiter, service.log, service.rules.original_dst)
        except OSError as error:
            reason = error.strerror
            service.log.write(netio_messages.NOT_SET_UP, peer=accepted.peer, reason=reason)
            return None

    def _has_room_for(self, arrival: Arrival) -> bool:
        """Whom a balancer brings the listener cannot count, for it does not read headers."""
        limits, client = self._service.limits, arrival.client.address
        if arrival.probe:
            return True
        self._board.know_client(self._slot, client)
        most = limits.max_children_per_ip
        if not most or self._board.sessions_of(client) <= most:
            return True
        self._service.log.write(messages.CHILDREN_OF_CLIENT, client=client, limit=most)
        return False


class Worker(Protocol):
    """A child, or another process that the parent has."""

    @property
    def run(self) -> Callable[..., None]: ...


def life(make: Callable[[], Worker], log: Log, *arguments: object) -> int:
    """A process's whole life, to its exit status: `make` is what it does first."""
    status = COULD_NOT_BEGIN
    try:
        worker = make()
        status = FAILED
        worker.run(*arguments)
    except Exception as error:
        log.write(
            messages.CHILD_FAILED,
            error=type(error).__name__,
            reason=str(error),
            at=backtrace(error.__traceback__),
        )
        return status
    return LEFT


def kind(error: Exception) -> str:
    """What it is, for the log; of a system call that failed, how: `OSError ENOMEM`."""
    name = type(error).__name__
    number = error.errno if isinstance(error, OSError) else None
    return name if number is None else f"{name} {errno.errorcode.get(number, number)}"


def backtrace(traceback: Optional[TracebackType]) -> str:
    """Where an exception came from, the innermost place first; no values, no reading of files."""
    places = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        file = os.path.basename(code.co_filename)
        places.append(f"{file}:{traceback.tb_lineno}:{code.co_name}")
        traceback = traceback.tb_next
    return " ".join(reversed(places[-MOST_FRAMES:]))
