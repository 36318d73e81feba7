"""freebsd - a program of ours that takes this system for a FreeBSD; what it asks of pf is made up.

    python -m tests.support.freebsd FOLDER imap4proxy.main -f FILE

    system = FreeBsd(folder)            pfctl, and /dev/pf, are in the folder
    system.main, system.status          files: the main rules, and whether pf is enabled
    system.anchor                       a file: the rules of the proxy
    system.redirect(to)                 pf says that clients wanted to go there; None: it knows none
    system.command(program, path)       the command, and system.environment

It shows the order of things in a whole program, and nothing of FreeBSD itself.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
from pathlib import Path
from typing import Mapping, Optional

from .proxy import ROOT

_PFCTL = """#!/bin/sh
cd {folder}
case "$*" in
    "-q -s info") cat status ;;
    "-q -s nat") cat main ;;
    *" -s nat") cat anchor ;;
    *" -f -") cat > anchor ;;
    *" -F nat") : > anchor ;;
    *) exit 1 ;;
esac
"""
_TO, _PORT = slice(48, 64), slice(70, 72)  # of struct pfioc_natlook


class FreeBsd:
    """See the file's first lines."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.status, self.main = folder / "status", folder / "main"
        self.anchor, self._device = folder / "anchor", folder / "pf"
        self.status.write_text("Status: Enabled for 0 days 00:10:02           Debug: Urgent\n")
        self.main.write_text('rdr-anchor "imap4-proxy/*" all\n')
        self.anchor.touch()
        self._device.touch()
        pfctl = folder / "pfctl"
        pfctl.write_text(_PFCTL.format(folder=folder))
        pfctl.chmod(0o755)

    @property
    def environment(self) -> Mapping[str, str]:
        path = f"{self.folder}:{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}

    def redirect(self, to: Optional[tuple[bytes, int]]) -> None:
        place = b"" if to is None else to[0].ljust(16, b"\0") + to[1].to_bytes(2, "big")
        self._device.write_bytes(place)

    def command(self, program: str, path: Path, *options: str) -> list[object]:
        module = "tests.support.freebsd"
        return [sys.executable, "-m", module, self.folder, program, *options, "-f", path]


def _ioctl(fd: int, request: int, octets: bytes) -> bytes:
    """By way of the descriptor that was inherited."""
    place = os.pread(fd, 18, 0)
    if not place:
        raise OSError(errno.ENOENT, "it knows no such connection")
    answer = bytearray(octets)
    answer[_TO], answer[_PORT] = place[:16], place[16:]
    return bytes(answer)


def _run() -> int:
    _, folder, program, *arguments = sys.argv
    importlib.import_module(program)  # so that what others have made is as for this system
    for name in list(sys.modules):
        if name.partition(".")[0] in ("imap4proxy", "kernun_common"):
            del sys.modules[name]
    sys.platform = "freebsd14"
    table = importlib.import_module("kernun_common.transparency.state_table").StateTable
    table.__init__.__defaults__ = (f"{folder}/pf", _ioctl)
    sys.argv = [program, *arguments]
    return int(importlib.import_module(program).main() or 0)


if __name__ == "__main__":
    sys.exit(_run())
