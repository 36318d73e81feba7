"""child - a process that serves one session at a time, until it leaves.

    Child(service, board, slot, stopping).run(max_sessions)
    life(make, log, max_sessions)  ->  exit status          the same in a process of its own

An idle child waits for connections on all listening sockets, and for its own end.
Where the system can (EPOLLEXCLUSIVE, Linux), a connection wakes one idle child;
elsewhere it wakes them all and the first one has it.

A child that was woken by a connection serves it, even if it was told to leave at
the same moment: the system has woken nobody else for it.

This is the one place that catches every exception.  A fault of the program ends
the session; the log gets the functions that were being executed but no value,
because values are what clients and servers sent.  The child leaves: what state
the fault left behind nobody knows.
"""

from __future__ import annotations

import errno
import os
import select
import socket
from types import TracebackType
from typing import Callable, NamedTuple, Optional, Union

from kernun_common.log.sinks import Log
from kernun_common.sockaddr import Sockaddr

from . import messages
from .listen_on import Listener
from .scoreboard import Scoreboard
from .service import Service
from .state import State
from .stopping import Stopping
from .storm import COULD_NOT_BEGIN

LEFT, FAILED = 0, 1  # exit statuses; COULD_NOT_BEGIN is the third

ACCEPT_PAUSE = 1.0  # seconds, after the system could not hand a connection over
MOST_FRAMES = 20  # of a traceback, the innermost ones


class Accepted(NamedTuple):
    """A client's connection, and where it arrived."""

    sock: socket.socket
    peer: Sockaddr
    listener: Listener


class Child:
    """What runs in a child process."""

    def __init__(
        self, service: Service, board: Scoreboard, slot: int, stopping: Stopping
    ) -> None:
        self._service = service
        self._board = board
        self._slot = slot
        self._stopping = stopping
        self._listeners = {it.sock.fileno(): it for it in service.listeners}
        self._poll = _poller(service.listeners, stopping)

    def run(self, max_sessions: Optional[int]) -> None:
        """Serve until told to leave, at most so many sessions (None: any number)."""
        left = max_sessions
        while left != 0 and not self._stopping.leaving:
            self._enter(State.IDLE)
            accepted = self._wait()
            if accepted is None:
                break
            self._serve(accepted)
            left = left and left - 1
        self._enter(State.ENDING)

    def _enter(self, state: State) -> None:
        self._board.enter(self._slot, state)
        self._service.title.show(f"child: {state.name.lower()}")

    def _wait(self) -> Optional[Accepted]:
        """The next connection, or None when it is time to leave."""
        while True:
            ready = [fd for fd, _ in self._poll.poll()]
            if self._stopping.fd in ready:
                return None
            for fd in ready:
                if fd in self._listeners:
                    accepted = self._accept(self._listeners[fd])
                    if accepted is not None:
                        return accepted
            if self._stopping.wake_fd in ready:
                self._stopping.take_notice()
                if self._stopping.leaving:
                    return None

    def _accept(self, listener: Listener) -> Optional[Accepted]:
        """None if another child was faster, or the client has gone already."""
        try:
            sock, name = listener.sock.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return None
        except OSError as error:
            if error.errno == errno.EINVAL:  # the parent has unbound it, for all processes
                self._poll.unregister(listener.sock.fileno())
                return None
            self._service.log.write(messages.ACCEPT_FAILED, at=listener.at, reason=error.strerror)
            self._pause()
            return None
        return Accepted(sock, Sockaddr.of(name), listener)

    def _pause(self) -> None:
        poll = select.poll()
        poll.register(self._stopping.wake_fd, select.POLLIN)
        poll.register(self._stopping.fd, select.POLLIN)
        poll.poll(ACCEPT_PAUSE * 1000)

    def _serve(self, accepted: Accepted) -> None:
        self._board.begin_session(self._slot)
        self._service.title.show(f"child: {accepted.peer.host}")
        with accepted.sock, self._stopping.session():
            try:
                self._service.serve(*accepted, self._stopping)
            except Exception as error:
                self._service.log.write(
                    messages.SESSION_FAILED,
                    error=type(error).__name__,
                    at=backtrace(error.__traceback__),
                )
                self._stopping.leave()


def life(make: Callable[[], Child], log: Log, max_sessions: int) -> int:
    """A child's whole life; `make` is what it does first.  Returns its exit status."""
    status = COULD_NOT_BEGIN
    try:
        child = make()
        status = FAILED
        child.run(max_sessions)
    except Exception as error:
        log.write(
            messages.CHILD_FAILED,
            error=type(error).__name__,
            reason=str(error),
            at=backtrace(error.__traceback__),
        )
        return status
    return LEFT


def _poller(
    listeners: tuple[Listener, ...], stopping: Stopping
) -> Union[select.epoll, select.poll]:
    poller: Union[select.epoll, select.poll]
    if hasattr(select, "epoll"):
        poller, mask = select.epoll(), select.EPOLLIN | select.EPOLLEXCLUSIVE
    else:
        poller, mask = select.poll(), select.POLLIN
    for listener in listeners:
        poller.register(listener.sock.fileno(), mask)
    for fd in (stopping.fd, stopping.wake_fd):
        poller.register(fd, select.POLLIN)
    return poller


def backtrace(traceback: Optional[TracebackType]) -> str:
    """Where an exception came from, the innermost place first; no values, no reading of files."""
    places = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        file = os.path.basename(code.co_filename)
        places.append(f"{file}:{traceback.tb_lineno}:{code.co_name}")
        traceback = traceback.tb_next
    return " ".join(reversed(places[-MOST_FRAMES:]))
