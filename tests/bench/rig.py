"""rig - a mail server on loopback, and proxies before it.

    with rig(Sizes(...)) as peers, peers.target("nginx") as target:
        ...Client(target.port)...

Everything lives in a scratch folder and on free ports; at the end the programs
have ended and the folder is gone.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Callable, Iterator

from tests.support.ports import free_ports, is_listening
from tests.support.process import Process

from . import certificate, dovecot, imap4_proxy, mailbox, nginx
from .client import USER

ROOT = Path(__file__).parent.parent.parent  # where imap4proxy is found
TARGETS = ("imap4-proxy", "nginx", "dovecot", "direct")
_LOOK, _LOOKING = 0.001, 10.0  # seconds between two looks whether a target listens; and in all
SCANNING = ("scanned", "processed")  # this proxy, too: see imap4_proxy.MAILS


@dataclass(frozen=True)
class Sizes:
    """How much the rig is made for."""

    mails: int
    size: int
    connections: int
    idle: int


@dataclass(frozen=True)
class Target:
    """What is measured: where it listens, and the process that is its parent."""

    name: str
    port: int
    tls_port: int
    pid: int
    start_up: float  # seconds from exec until it listens


class Rig:
    """Makes targets before one mail server, which has to run as long as they do."""

    def __init__(self, folder: Path, sizes: Sizes) -> None:
        self._folder = folder
        self._sizes = sizes
        self._certificate = certificate.write(folder / "certificate.pem")
        self._mail = folder / "mail"
        self._numbers = count()
        self._server_port: int | None = None
        self._command: dict[str, Callable[[Path, int, int], list[str]]] = {
            "imap4-proxy": partial(self._imap4_proxy, "relayed"),
            **{mails: partial(self._imap4_proxy, mails) for mails in SCANNING},
            "nginx": self._nginx,
            "dovecot": self._dovecot,
            "direct": self._direct,
        }

    @contextmanager
    def server(self) -> Iterator[None]:
        """The mail server with its mailbox."""
        mailbox.fill(self._mail / USER.decode(), self._sizes.mails, self._sizes.size)
        if os.getuid() == 0:
            for path in (self._mail, *self._mail.rglob("*")):
                os.chown(path, dovecot.MAIL_OWNER, dovecot.MAIL_OWNER)
        with self.target("direct") as server:
            self._server_port = server.port
            yield

    @contextmanager
    def target(self, name: str) -> Iterator[Target]:
        """Start a target of TARGETS or SCANNING anew; `direct` is a mail server without a proxy."""
        port, tls_port = free_ports(2)
        folder = self._folder / f"{name}-{next(self._numbers)}"
        folder.mkdir()
        command = self._command[name](folder, port, tls_port)
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        start = time.perf_counter()
        with Process(command, folder / "output", environment) as process:
            while not is_listening(port) and time.perf_counter() < start + _LOOKING:
                time.sleep(_LOOK)
            process.wait_for_port(port)
            start_up = time.perf_counter() - start
            process.wait_for_port(tls_port)
            yield Target(name, port, tls_port, process.pid, start_up)

    def _imap4_proxy(self, mails: str, folder: Path, port: int, tls_port: int) -> list[str]:
        path = imap4_proxy.write(
            folder,
            self._certificate,
            port,
            tls_port,
            self._before,
            self._sizes.connections,
            self._sizes.idle,
            mails,
        )
        return [sys.executable, "-m", "imap4proxy.main", "-f", str(path)]

    def _nginx(self, folder: Path, port: int, tls_port: int) -> list[str]:
        [auth_port] = free_ports(1)
        path = nginx.write(folder, self._certificate, port, tls_port, auth_port, self._before)
        return [_program("nginx"), "-c", str(path)]

    def _dovecot(self, folder: Path, port: int, tls_port: int) -> list[str]:
        path = dovecot.write(folder, self._mail, self._certificate, port, tls_port, self._before)
        return [_program("dovecot"), "-F", "-c", str(path)]

    def _direct(self, folder: Path, port: int, tls_port: int) -> list[str]:
        path = dovecot.write(folder, self._mail, self._certificate, port, tls_port)
        return [_program("dovecot"), "-F", "-c", str(path)]

    @property
    def _before(self) -> int:
        assert self._server_port is not None, "a proxy needs the server first"
        return self._server_port


@contextmanager
def rig(sizes: Sizes) -> Iterator[Rig]:
    """A rig whose mail server runs."""
    with TemporaryDirectory(prefix="bench-relay-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the programs' unprivileged processes must come in
        made = Rig(folder, sizes)
        with made.server():
            yield made


def _program(name: str) -> str:
    """The path of a daemon, which need not be on the PATH of a user."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise SystemExit(f"{name} is not installed; leave it out with --targets")
    return found
