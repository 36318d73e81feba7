"""daemon - one program of the rig, from its start to its end.

    with Daemon("nginx", ["nginx", "-c", ...], ports=[11143]) as daemon:
        cpu_seconds(daemon.pid)

Programs stay in the foreground, as children of this process, so that their cost
can be told and none is left behind.
"""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Sequence

START = 20.0  # seconds until a program listens
STOP = 15.0   # ... until it has ended behind SIGTERM
PAUSE = 0.05


class DidNotStart(Exception):
    """A program ended at once, or does not listen; the text holds what it said."""


class Daemon:
    """What the program writes on its standard output and error goes to `folder`/NAME.out."""

    def __init__(
        self, name: str, arguments: Sequence[str], ports: Sequence[int], folder: Path
    ) -> None:
        self._name = name
        self._output = folder / f"{name}.out"
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        try:
            self._wait(ports)
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def __enter__(self) -> Daemon:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _wait(self, ports: Sequence[int]) -> None:
        deadline = time.monotonic() + START
        for port in ports:
            while not _listens(port):
                if self._process.poll() is not None or time.monotonic() > deadline:
                    said = self._output.read_text(errors="replace")
                    raise DidNotStart(f"{self._name}: {said or 'it does not listen'}")
                time.sleep(PAUSE)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody uses now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
