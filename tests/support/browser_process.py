"""browser_process - a Chromium with a folder of its own, of which nothing stays.

    with browser("--remote-debugging-pipe", url) as process: ...

All its processes have ended, when the folder goes: or else they would make it anew.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from typing import Any, Iterator

from .waiting import wait_until

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required"),
    *("--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
)


@contextmanager
def browser(*arguments: str, before: tuple[str, ...] = (), **options: Any) -> Iterator[None]:
    """`before`: what the command line begins with; `options` as subprocess.Popen."""
    with tempfile.TemporaryDirectory() as folder:
        command = [*before, "chromium", *FLAGS, f"--user-data-dir={folder}/profile", *arguments]
        process = subprocess.Popen(
            command,
            env={**os.environ, "TMPDIR": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **options,
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
            wait_until(lambda: not _lives(process.pid), "all processes of the browser to end")


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
