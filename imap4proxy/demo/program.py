"""program - a child process of the demonstration, which ends with it.

    program = Program("server", [sys.executable, "-m", ...])
    program.wait_for_port(1144)             Ended if it ends before
    program.stop()

It has a session of its own, so a Ctrl-C reaches the demonstration alone, which
then ends its programs in order.
"""

from __future__ import annotations

import socket
import subprocess
import time
from typing import Optional, Sequence

HOST = "127.0.0.1"
STARTING = 30.0  # seconds until it listens
ENDING = 10.0  # seconds from SIGTERM to SIGKILL


class Ended(Exception):
    """The program `name` ended by itself, with this exit status; None: it never listened."""

    def __init__(self, name: str, status: Optional[int]) -> None:
        how = "does not listen" if status is None else f"ended with status {status}"
        super().__init__(f"the {name} {how}")


class Program:
    """A running program."""

    def __init__(self, name: str, command: Sequence[str], cwd: Optional[str] = None) -> None:
        self.name = name
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, start_new_session=True, cwd=cwd
        )

    def check(self) -> None:
        """Raise Ended if it has."""
        status = self._process.poll()
        if status is not None:
            raise Ended(self.name, status)

    def wait_for_port(self, port: int) -> None:
        end = time.monotonic() + STARTING
        while time.monotonic() < end:
            self.check()
            if is_taken(port):
                return
            time.sleep(0.05)
        raise Ended(self.name, None)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def is_taken(port: int) -> bool:
    """Does somebody listen there?  Asked by an attempt to listen, which no one notices."""
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((HOST, port))
        except OSError:
            return True
    return False


def free_port(wanted: int = 0) -> int:
    """This one if nobody has it, else any."""
    if wanted and not is_taken(wanted):
        return wanted
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        port: int = sock.getsockname()[1]
    return port
