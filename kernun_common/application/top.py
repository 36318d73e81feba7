"""top - the first process where a file configures several proxies.

    status = Top(services, notify, title, log).run()

Each proxy has a parent of its own below the top, and each parent children of its own.
A `Line` to the top takes the service manager's place for a parent.

The top passes signals on and waits.  It is ready when all parents are; it ends when
all have ended, with the greatest of their exit statuses.  A parent that ends unasked
leaves the others alone.  If the top dies the parents see their lines closed, and end.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from typing import Callable, Dict, Mapping, NoReturn, Set

from kernun_common.log.sinks import Log
from kernun_common.tcpserver.reaping import cause, dead
from kernun_common.tcpserver.renewal import Supervisor
from kernun_common.tcpserver.service import Service
from kernun_common.tcpserver.signals import Notes, blocked
from kernun_common.tcpserver.title import Title

from . import messages
from .proxy import Proxy

READY, ALIVE = b"ready", b"alive"
WORD = 16  # octets, at most
ALIVE_PAUSE = 1.0  # seconds
DIED = 1  # the exit status for a parent that was killed


class Line:
    """The top, as a parent sees it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._next_alive = 0.0

    @property
    def fd(self) -> int:
        return self._sock.fileno()

    def ready(self) -> None:
        self._say(READY)

    def reloading(self) -> None:
        """The top has passed the signal on, so it knows."""

    def stopping(self) -> None:
        """Likewise."""

    def alive(self, status: str) -> None:
        if time.monotonic() >= self._next_alive:
            self._next_alive = time.monotonic() + ALIVE_PAUSE
            self._say(ALIVE)

    def _say(self, word: bytes) -> None:
        try:
            self._sock.send(word, socket.MSG_DONTWAIT)
        except OSError:
            pass  # the top is busy, or gone, which the parent sees by itself


class Top:
    """See the file's first lines."""

    def __init__(
        self, services: Mapping[Proxy, Service], notify: Supervisor, title: Title, log: Log
    ) -> None:
        self._services = services
        self._notify = notify
        self._title = title
        self._log = log
        self._verbs: Dict[signal.Signals, Callable[[signal.Signals], None]] = {
            signal.SIGCHLD: self._reap,
            signal.SIGHUP: self._reload,
            signal.SIGTERM: self._end,
            signal.SIGINT: self._end,
            signal.SIGQUIT: self._end,
            signal.SIGUSR1: self._pass_on,
            signal.SIGUSR2: self._pass_on,
            signal.SIGWINCH: self._pass_on,
        }
        self._notes = Notes(self._verbs)
        self._names: Dict[int, str] = {}  # of the parents, by pid
        self._lines: Dict[int, socket.socket] = {}  # likewise
        self._unready: Set[int] = set()  # since the start, or the last reload
        self._silent: Set[int] = set()  # since the last sign of life that the top has given
        self._ending = False
        self._status = 0

    def run(self) -> int:
        self._notes.arm()
        for proxy in self._services:
            self._start(proxy)
        for service in self._services.values():
            service.close()
        self._unready = set(self._names)
        self._title.show(f"top, {len(self._names)} proxies")
        while self._names:
            self._wait()
            for number in self._notes.take():
                self._verbs[number](number)
        return self._status

    def _start(self, proxy: Proxy) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, blocked():
            pid = os.fork()
            if pid == 0:
                ours.close()
                self._become_parent(proxy, Line(theirs))
            self._names[pid], self._lines[pid] = proxy.name, ours

    def _become_parent(self, proxy: Proxy, line: Line) -> NoReturn:
        status = DIED
        try:
            self._notes.close()
            for other_line in self._lines.values():
                other_line.close()
            for other, service in self._services.items():
                if other is not proxy:
                    service.close()
            status = proxy.live(self._services[proxy], line)
        finally:
            os._exit(status)

    def _wait(self) -> None:
        poll = select.poll()
        poll.register(self._notes.fd, select.POLLIN)
        pids = {line.fileno(): pid for pid, line in self._lines.items()}
        for fd in pids:
            poll.register(fd, select.POLLIN)
        for fd, _ in poll.poll():
            if fd in pids:
                self._listen(pids[fd])

    def _listen(self, pid: int) -> None:
        word = self._lines[pid].recv(WORD)
        if word == READY:
            self._on_ready(pid)
        elif word == ALIVE:
            self._on_alive(pid)
        else:
            self._lines.pop(pid).close()

    def _on_ready(self, pid: int) -> None:
        self._unready.discard(pid)
        if not self._unready and not self._ending:
            self._notify.ready()

    def _on_alive(self, pid: int) -> None:
        """A parent that hangs keeps the top silent, and the service manager sees it."""
        self._silent.discard(pid)
        if not self._silent:
            self._silent = set(self._names)
            self._notify.alive(f"{len(self._names)} proxies")

    def _reap(self, number: signal.Signals) -> None:
        for pid, status in dead():
            name = self._names.pop(pid, None)
            if name is None:
                continue
            code = os.waitstatus_to_exitcode(status)
            self._status = max(self._status, code if code >= 0 else DIED)
            self._silent.discard(pid)
            if not self._ending:
                self._log.write(messages.PROXY_DIED, name=name, pid=pid, by=cause(code))
                self._on_ready(pid)

    def _reload(self, number: signal.Signals) -> None:
        if not self._ending:
            self._notify.reloading()
            self._unready = set(self._names)
            self._pass_on(number)

    def _end(self, number: signal.Signals) -> None:
        if not self._ending:
            self._ending = True
            self._notify.stopping()
        self._pass_on(number)

    def _pass_on(self, number: signal.Signals) -> None:
        for pid in self._names:
            os.kill(pid, number)
