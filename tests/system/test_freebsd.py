"""The program where it takes the system for a FreeBSD: what it asks of pf, and what it refuses."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import pytest

from tests.support.fake_imap import obliging
from tests.support.freebsd import FreeBsd
from tests.support.peers import FakeServer, connect
from tests.support.ports import HOST, free_ports
from tests.support.process import Process

LOOPBACK = socket.inet_aton(HOST)

CONFIGURATION = """
version IMAP4-PROXY-1_0-RELEASE;
interface INSIDE {{ dev lo; }}
queue SINGLE {{ per-session 1M; }}
queue SHARED {{ bandwidth 1M; dev {{ lo }}; }}
imap4-proxy MAIL {{
    nodaemon;
    {items}
    log-debug {{ level full; }}
    tcpserver {{ init-children 2; min-idle 1; max-idle 4; }}
    listen-on {{
        transparent iface INSIDE version ip4 port {port} to {last} redirect {{ 143, 993 }};
    }}
    session-acl ALL {{ {session} accept; }}
    command-acl ALL {{ no-mail-scanning; accept; }}
}}
"""


@pytest.fixture
def system() -> Iterator[FreeBsd]:
    """In a folder that everybody may enter; pytest's are for their owner."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield FreeBsd(folder)
    shutil.rmtree(folder)


def configuration(system: FreeBsd, port: int, items: str = "", session: str = "") -> Path:
    path = system.folder / "imap4-proxy.cfg"
    text = CONFIGURATION.format(port=port, last=port + 1, items=items, session=session)
    path.write_text(text)
    return path


@contextmanager
def started(system: FreeBsd, path: Path) -> Iterator[Process]:
    command = system.command("imap4proxy.main", path)
    with Process(command, system.folder / "log", system.environment) as process:
        process.wait_until(lambda: "TCPS-701" in process.output, "it does not start")
        yield process


RULES = """\
no rdr on lo inet proto tcp from any to (self) port 143
no rdr on lo inet proto tcp from any to (self) port 993
rdr pass on lo inet proto tcp from any to any port 143 -> 127.0.0.1 port {port}
rdr pass on lo inet proto tcp from any to any port 993 -> 127.0.0.1 port {last}
"""

ITEMS = ["", "singleproc;"]
if os.geteuid() == 0:
    ITEMS += ["app-user nobody; chroot-dir {jail};", "app-user nobody; tcpserver { listener yes; }"]


@pytest.mark.parametrize("items", ITEMS)
def test_from_the_first_to_the_last(system: FreeBsd, items: str) -> None:
    """Children ask by the descriptor that the parent has opened."""
    jail = system.folder / "jail"
    jail.mkdir()
    [port] = free_ports(1)
    path = configuration(system, port, items.replace("{jail}", f'"{jail}"'))
    if "listener" in items:
        path.write_text(re.sub(r"    tcpserver .*init.*\n", "", path.read_text()))
    with FakeServer(obliging()) as server, started(system, path) as process:
        assert system.anchor.read_text() == RULES.format(port=port, last=port + 1)
        system.redirect((LOOPBACK, server.port))
        with connect(port) as client:
            assert b"ready" in client.line()
            assert b"x OK" in client.command(b"LOGIN alice secret")
            process.wait_until(
                lambda: f"]:{server.port} TRANSP=YES" in process.output.replace("\\x5d", "]"),
                "nobody was redirected",
            )
            assert b"x OK" in client.command(b"LOGOUT")
        system.redirect(None)
        with connect(port + 1) as client:
            assert client.rest() == b""
        process.wait_until(lambda: "NATT-810-W LOOP" in process.output, "no loop was seen")
        process.signal(signal.SIGTERM)
        assert process.wait() == 0
    assert system.anchor.read_text() == ""


def test_the_tool_accepts_it(system: FreeBsd) -> None:
    path = configuration(system, free_ports(1)[0])
    command = system.command("imap4proxy.testtool", path, "-r")
    with Process(command, system.folder / "log", system.environment) as process:
        assert process.wait() == 0
    assert system.anchor.read_text() == ""


ANCHOR = 'have no line rdr-anchor "imap4-proxy/*"'

BAD = [
    # items, session, what is wrong with pf, the line, what it says
    ("", "altq to-client SINGLE;", "", "queue SINGLE", "queues are possible on Linux only"),
    ("", "altq to-client SHARED;", "", "queue SHARED", "queues are possible on Linux only"),
    ("source-address client;", "", "", "transparent", "source-address client is not possible"),
    ("", "source-address client;", "", "transparent", "source-address client is not possible"),
    ("", "", "status", "transparent", "pf is not enabled"),
    ("", "", "main", "transparent", ANCHOR),
]


@pytest.mark.parametrize("items, session, wrong, place, words", BAD)
def test_what_cannot_be_had(
    system: FreeBsd, items: str, session: str, wrong: str, place: str, words: str
) -> None:
    """It says what is wrong and where, and ends; nothing has changed."""
    path = configuration(system, free_ports(1)[0], items, session)
    if wrong:
        (system.folder / wrong).write_text("")
    line = path.read_text().split(place)[0].count("\n") + 1
    for program, option in (("main", ()), ("testtool", ("-r",))):
        command = system.command(f"imap4proxy.{program}", path, *option)
        with Process(command, system.folder / program, system.environment) as process:
            assert process.wait() == 1
        [told] = [it for it in process.output.splitlines() if it.startswith(f"{path}:")]
        assert told.startswith(f"{path}:{line}:") and words in told
    assert system.anchor.read_text() == ""
