"""process - a program that a test starts, waits for, and ends by its own number.

    with Process(["dovecot", "-F", ...], log=path) as process:
        process.wait_for_port(10143)
"""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path
from typing import Callable, Mapping, Optional, Sequence

from .ports import is_listening

START = 90.0  # seconds: how long a program may take until it listens, on a busy machine
_WITH_US = (
    *("env", "--default-signal=INT"),  # which a shell that runs the tests behind & has ignored
    *("setpriv", "--pdeathsig", "TERM"),  # it ends with the test, even if that is killed
)
END = 60.0  # seconds: how long one may take to end by SIGTERM


class Process:
    """A child of the test; what it prints goes to a file."""

    def __init__(
        self, command: Sequence[object], log: Path, env: Optional[Mapping[str, str]] = None
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            self.popen = subprocess.Popen(
                [*_WITH_US, *(str(word) for word in command)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                start_new_session=True,
            )
        self.pid = self.popen.pid

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *args: object) -> None:
        self.stop()

    @property
    def output(self) -> str:
        """What it has printed so far."""
        return self.log.read_text(errors="backslashreplace")

    def wait_for_port(self, port: int) -> None:
        """Until it listens; RuntimeError with its output if it ends before that."""
        self.wait_until(lambda: is_listening(port), f"nobody listens on port {port}")

    def wait_until(self, condition: Callable[[], bool], complaint: str) -> None:
        end = time.monotonic() + START
        while not condition():
            if self.popen.poll() is not None:
                raise RuntimeError(f"it ended with {self.popen.returncode}:\n{self.output}")
            if time.monotonic() > end:
                raise RuntimeError(f"{complaint}:\n{self.output}")
            time.sleep(0.02)

    def signal(self, number: int) -> None:
        self.popen.send_signal(number)

    def wait(self, seconds: float = END) -> int:
        """Its exit status; subprocess.TimeoutExpired if it does not end."""
        return self.popen.wait(seconds)

    def stop(self) -> Optional[int]:
        """End it by SIGTERM, and where that does not help by SIGKILL; its exit status."""
        if self.popen.poll() is None:
            self.signal(signal.SIGTERM)
            try:
                self.wait()
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()
        return self.popen.returncode
