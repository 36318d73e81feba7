"""notify - tell the service manager how the program is; sd_notify(3).

    notify = Notify(os.environ)         does nothing where NOTIFY_SOCKET is not set
    notify.ready()  reloading()  stopping()
    notify.alive("12 children, 3 sessions")         once in a while: STATUS and WATCHDOG

A service manager that cannot be reached stops nobody from serving mail.
See also: systemd.service(5), Type=notify; ../tcpserver/renewal.py, Supervisor.
"""

from __future__ import annotations

import os
import socket
import time
from typing import Mapping

SOCKET = "NOTIFY_SOCKET"
STATUS_PAUSE = 1.0  # seconds between two lines of status
MICROSECONDS = 1_000_000


class Notify:
    """Sends what has happened; remembers what need not be said again."""

    fd = None  # the service manager does not go away

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._address = _address(environment.get(SOCKET, ""))
        self._watchdog_pause = _watchdog_pause(environment)
        self._status = ""
        self._next_status = 0.0
        self._next_watchdog = 0.0

    def ready(self) -> None:
        self._send("READY=1")

    def reloading(self) -> None:
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._send(f"RELOADING=1\nMONOTONIC_USEC={now}")

    def stopping(self) -> None:
        self._send("STOPPING=1")

    def alive(self, status: str) -> None:
        now = time.monotonic()
        if status != self._status and now >= self._next_status:
            self._status, self._next_status = status, now + STATUS_PAUSE
            self._send(f"STATUS={status}")
        if self._watchdog_pause and now >= self._next_watchdog:
            self._next_watchdog = now + self._watchdog_pause
            self._send("WATCHDOG=1")

    def _send(self, state: str) -> None:
        if self._address:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
                try:
                    sock.sendto(state.encode("utf-8"), socket.MSG_DONTWAIT, self._address)
                except OSError:
                    pass


def _address(path: str) -> str:
    """An @ in front stands for the abstract name space."""
    return "\0" + path[1:] if path.startswith("@") else path


def _watchdog_pause(environment: Mapping[str, str]) -> float:
    """Seconds between two signs of life: half of what is allowed; 0 where none is expected."""
    if environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return 0.0
    return int(environment.get("WATCHDOG_USEC", "0")) / MICROSECONDS / 2
