"""monitored - what one can see of a program from outside: its file, kernun-monitor, HTTP.

    seen = Monitored(folder / "mon", http_port)
    seen.status()                       what is published, as kernun-monitor reads it
    seen.session("alice")               the session of this user, once it is there
    seen.program("-c", "user")          kernun-monitor -d FOLDER -c user; CompletedProcess
    seen.get("/metrics")                status and text
"""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Callable, Optional

from kernun_common.monitoring.publish import published
from kernun_common.monitoring.status import Session, Status

from .ports import HOST
from .proxy import ROOT
from .waiting import wait_until

PROGRAM = [sys.executable, "-m", "kernun_common.monitoring.monitor"]


class Monitored:
    """See the file's head."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.port = port

    def status(self) -> Optional[Status]:
        """None where nothing is published, or no folder to publish it in is there."""
        if not self.folder.exists():
            return None
        return next(published(str(self.folder), print), None)

    @property
    def sessions(self) -> tuple[Session, ...]:
        status = self.status()
        return status.sessions if status is not None else ()

    def session(
        self, user: str, condition: Callable[[Session], bool] = lambda session: True
    ) -> Session:
        """Once there is one of this user of which the condition is true."""

        def found() -> list[Session]:
            return [one for one in self.sessions if one.record.user == user and condition(one)]

        [session] = wait_until(found, f"a session of {user}")
        return session

    def program(self, *options: object) -> subprocess.CompletedProcess[str]:
        command = [*PROGRAM, "-d", str(self.folder), *map(str, options)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.run(command, capture_output=True, text=True, env=environment)

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.port}{path}", timeout=30) as found:
                return found.status, found.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def metric(self, start: str) -> float:
        """The value of the metric whose line begins so."""
        code, text = self.get("/metrics")
        assert code == 200
        [line] = [line for line in text.splitlines() if line.startswith(start)]
        return float(line.rpartition(" ")[2])
