"""program - what a test starts and ends, and what ours log.

    class Thing(Started): ...           has `start` and `stop`: `with Thing() as thing:`
    class Ours(Logging): ...            has `process` too, a program of ours that logs to its output
    ours.logged("IMAP-702")             the lines of this message so far
    ours.wait_for("IMAP-702", 3)        the same, once there are so many
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Optional, Self

from .process import Process


class Started(ABC):
    """In the `with` it runs."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.stop()

    @abstractmethod
    def start(self) -> None: ...

    @abstractmethod
    def stop(self) -> object: ...


class Logging(Started):
    """See the file's first lines."""

    process: Optional[Process] = None

    @property
    def log(self) -> str:
        """What it has printed so far; nothing before it is started."""
        return "" if self.process is None else self.process.output

    def logged(self, identification: str) -> list[str]:
        """The lines of this message so far, from its identification on."""
        return re.findall(rf"^[^\]]+\]: ({identification}-[A-Z] .*)", self.log, re.M)

    def wait_for(self, identification: str, count: int = 1) -> list[str]:
        """The same, once there are so many; RuntimeError if they do not come."""
        assert self.process is not None
        self.process.wait_until(
            lambda: len(self.logged(identification)) >= count,
            f"{identification} was not logged {count} times",
        )
        return self.logged(identification)
