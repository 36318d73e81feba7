"""commands - programs of the system that change its packet filter and its routes.

    find("nft")                         its path; Unavailable: it is not installed
    run(["nft", "-f", "-"], text)       what it prints; Unavailable: why it failed
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Sequence

from kernun_common.errors import Unavailable

_FOLDERS = "/usr/sbin:/sbin:/usr/local/sbin"  # daemons are not always started with them in PATH
PATIENCE = 30.0  # seconds; they take milliseconds unless somebody else holds the rules


def find(program: str) -> str:
    path = shutil.which(program, path=f"{os.environ.get('PATH', os.defpath)}:{_FOLDERS}")
    if path is None:
        raise Unavailable(f"the program {program} is not installed")
    return path


def run(command: Sequence[str], text: str = "", must_succeed: bool = True) -> str:
    """`text` is its standard input."""
    program, *arguments = command
    try:
        done = subprocess.run(
            [find(program), *arguments],
            input=text,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise Unavailable(f"{program}: {failure}") from failure
    if done.returncode != 0 and must_succeed:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise Unavailable(f"{program}: {lines[0]}")
    return done.stdout
