"""inject - a system call of processes that run already fails, by strace(1).

    with injected([pid], "recvfrom", "ECONNRESET", "2") as injection:
        ...
    injection.count                     how many of those calls failed, when the block is left

`when` is strace's: "2" the second call of each process, "1+" every one, "1..3" three of them.
The call is not made.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Sequence

from .waiting import wait_until


@dataclass
class Injection:
    count: int = 0


@contextmanager
def injected(pids: Sequence[int], call: str, error: str, when: str) -> Iterator[Injection]:
    injection = Injection()
    with tempfile.NamedTemporaryFile() as output:
        which = [word for pid in pids for word in ("-p", str(pid))]
        what = ["-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}"]
        command = ["strace", "-q", "-o", output.name, *what, *which]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as strace:
            try:
                wait_until(lambda: all(map(is_traced, pids)), "strace")
                yield injection
            finally:
                strace.terminate()
                strace.wait()
        injection.count = Path(output.name).read_text().count("(INJECTED)")


def is_traced(pid: int) -> bool:
    """Also one that is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    found = re.search(r"^TracerPid:\s+(\d+)", status, re.M)
    return found is None or found[1] != "0"
