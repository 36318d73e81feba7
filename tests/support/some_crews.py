"""some_crews - crews without children, whose parent a test is.

    crew = SomeCrew("ONE", ready=False)         a service of that name, which writes to crew.lines
    crew.done                                   ["retire", "stop", SIGKILL]: what was asked of it
"""

from __future__ import annotations

from types import SimpleNamespace

from kernun_common.tcpserver.section import TcpServer
from kernun_common.tcpserver.state import Counts

from .lines import Lines


class SomeCrew:
    def __init__(self, name: str = "ONE", ready: bool = True, busy: int = 0) -> None:
        self.lines = Lines()
        self.done: list[object] = []
        self.ready = ready
        self.counts = Counts(busy=busy)
        self.gone = False
        self.board = name
        self.deaths: dict[int, object] = {}
        self.service = SimpleNamespace(
            name=name,
            limits=TcpServer(terminate_wait=10),
            log=self.lines.log,
            title=None,
            listeners=(),
            facility=SimpleNamespace(close=lambda kept: self.done.append("close")),
        )

    def __len__(self) -> int:
        return self.counts.total

    def start_helpers(self, now: float) -> None:
        self.done.append("start helpers")

    def retire(self) -> None:
        self.done.append("retire")

    def stop(self) -> None:
        self.done.append("stop")

    def forget(self) -> None:
        self.done.append("forget")

    def signal(self, number: int) -> None:
        self.done.append(number)

    def bury(self, pid: int, status: int, now: float) -> object:
        return self.deaths.pop(pid, None)
