"""The processes of the real program: growth, crashes, signals, several proxies, the daemon."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Iterator

import psutil
import pytest

from tests.support.daemons import below, lives, title
from tests.support.fake_imap import obliging
from tests.support.peers import FakeServer, Peer, connect
from tests.support.ports import free_ports, is_listening
from tests.support.process import Process
from tests.support.proxy import ROOT, Proxy
from tests.support.waiting import wait_until

NORMAL = "tcpserver { terminate-wait 5; }"


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(obliging()) as server:
        yield server


@pytest.fixture
def proxy(tmp_path: Path, server: FakeServer) -> Iterator[Proxy]:
    with Proxy(tmp_path, plug_to=server.port, items=NORMAL) as proxy:
        yield proxy


def session(port: int) -> Peer:
    """A client that has logged in."""
    client = connect(port)
    client.line()
    assert b"x OK" in client.command(b"LOGIN alice secret")
    return client


def children(proxy: Proxy) -> list[psutil.Process]:
    return [it for it in below(proxy.pid) if "imap4-proxy TEST: child" in title(it)]


def serving(proxy: Proxy, client: Peer) -> psutil.Process:
    """The child of this client's session."""
    port = client.socket.getsockname()[1]

    def found() -> list[psutil.Process]:
        return [
            child
            for child in children(proxy)
            for connection in child.net_connections("tcp")
            if connection.raddr and connection.raddr.port == port
        ]

    return wait_until(found, "the child of a session")[0]


def test_300_sessions_then_none(proxy: Proxy) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(session(proxy.port)) for _ in range(300)]
        assert all(client.command(b"NOOP") for client in clients)
        wait_until(lambda: 305 <= len(children(proxy)) <= 320, "300 children, and idle ones")
    wait_until(lambda: len(children(proxy)) == 20, "max-idle children")
    assert len(proxy.wait_for("IMAP-702", 300)) == 300
    assert not proxy.logged("TCPS-640") and not proxy.logged("TCPS-810")


def test_a_killed_child_takes_its_own_session(proxy: Proxy, server: FakeServer) -> None:
    clients = [session(proxy.port) for _ in range(10)]
    victim = serving(proxy, clients[4])
    victim.kill()
    assert clients.pop(4).rest() == b""
    assert all(b"x OK" in client.command(b"NOOP") for client in clients)
    [line] = proxy.wait_for("TCPS-640")
    assert f"PID={victim.pid} " in line and "STATE=BUSY" in line
    assert b"x OK" in session(proxy.port).command(b"NOOP")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_end_at_once(proxy: Proxy, number: int) -> None:
    clients = [session(proxy.port) for _ in range(8)] + [connect(proxy.port)]
    clients[-1].line()
    processes = [proxy.pid, *(it.pid for it in below(proxy.pid))]
    proxy.process.signal(number)
    assert all(client.rest().startswith(b"* BYE ") for client in clients)
    assert proxy.process.wait() == 0 and not any(map(lives, processes))
    assert not is_listening(proxy.port)
    assert proxy.logged("TCPS-711") and not proxy.logged("TCPS-811")
    assert len(proxy.logged("IMAP-702")) == 9


def test_graceful_end(proxy: Proxy) -> None:
    clients = [session(proxy.port) for _ in range(3)]
    proxy.process.signal(signal.SIGQUIT)
    wait_until(lambda: not is_listening(proxy.port), "the closed socket")
    with pytest.raises(ConnectionRefusedError):
        connect(proxy.port)
    for client in clients:
        assert b"x OK" in client.command(b"NOOP") and lives(proxy.pid)
        assert b"x OK" in client.command(b"LOGOUT")
        client.close()
    assert proxy.process.wait() == 0 and proxy.logged("TCPS-710")


def test_the_parent_is_killed(proxy: Proxy) -> None:
    clients = [session(proxy.port) for _ in range(3)]
    processes = [it.pid for it in below(proxy.pid)]
    proxy.process.signal(signal.SIGKILL)
    proxy.process.wait()
    assert all(client.rest().startswith(b"* BYE ") for client in clients)
    wait_until(lambda: not any(map(lives, processes)), "the end of all children")
    assert not is_listening(proxy.port)


def test_titles(proxy: Proxy, server: FakeServer) -> None:
    client = session(proxy.port)
    child = serving(proxy, client)
    expected = f"imap4-proxy TEST: child: 127.0.0.1 -> 127.0.0.1:{server.port} alice"
    wait_until(lambda: expected in title(child), "the title of a session")
    wait_until(lambda: "imap4-proxy TEST: parent, " in title(psutil.Process(proxy.pid)), "its own")
    client.command(b"LOGOUT")


def test_levels_of_one_and_of_all(proxy: Proxy) -> None:
    client = session(proxy.port)
    serving(proxy, client).send_signal(signal.SIGUSR2)
    assert b"x OK" in client.command(b"NOOP")
    proxy.process.signal(signal.SIGUSR2)
    assert "LEVEL=7" in proxy.wait_for("TCPS-705")[0]
    assert b"x OK" in client.command(b"NOOP")


def test_one_process(tmp_path: Path, server: FakeServer) -> None:
    items = "singleproc; monitoring { disabled; }"
    with Proxy(tmp_path, plug_to=server.port, items=items) as proxy:
        for _ in range(3):
            client = session(proxy.port)
            assert b"x OK" in client.command(b"NOOP") and not below(proxy.pid)
            client.command(b"LOGOUT")
            client.close()
        last = session(proxy.port)
        proxy.process.signal(signal.SIGTERM)
        assert last.rest().startswith(b"* BYE ") and proxy.process.wait() == 0


TWO = """
version IMAP4-PROXY-1_0-RELEASE;
imap4-proxy ONE {
    nodaemon;
    listen-on { non-transparent [127.0.0.1] port {port}; }
    session-acl ALL { plug-to [127.0.0.1] : %d; accept; }
    command-acl ALL { no-mail-scanning; greeting one; accept; }
}
imap4-proxy TWO {
    listen-on { non-transparent [127.0.0.1] port %d; }
    session-acl ALL { plug-to [127.0.0.1] : %d; accept; }
    command-acl ALL { no-mail-scanning; greeting two; accept; }
}
"""


def test_two_proxies(tmp_path: Path, server: FakeServer) -> None:
    [other] = free_ports(1)
    text = TWO % (server.port, other, server.port)
    with Proxy(tmp_path, configuration=text) as proxy:
        proxy.process.wait_for_port(other)
        greetings = [connect(port).line() for port in (proxy.port, other)]
        assert b" one" in greetings[0] and b" two" in greetings[1]
        processes = [proxy.pid, *(it.pid for it in below(proxy.pid))]
    assert proxy.status == 0 and not any(map(lives, processes))


def run(folder: Path, text: str) -> tuple[int, str]:
    """Exit status and output of a program that is expected to end by itself."""
    path = folder / "imap4-proxy.cfg"
    path.write_text(text)
    command = [sys.executable, "-m", "imap4proxy.main", "-f", path]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with Process(command, folder / "output", environment) as process:
        return process.wait(60), process.output


DAEMON = """
version IMAP4-PROXY-1_0-RELEASE;
imap4-proxy TEST {
    pid-file pid;
    log-debug { file "debug.log"; }
    log-stats { file "stats.log"; }
    listen-on { non-transparent [127.0.0.1] port %d; }
    tcpserver { init-children 2; min-idle 1; max-idle 3; }
    session-acl ALL { plug-to [127.0.0.1] : %d; accept; }
    command-acl ALL { no-mail-scanning; accept; }
}
"""


def test_daemon(tmp_path: Path, server: FakeServer) -> None:
    [port] = free_ports(1)
    text = DAEMON % (port, server.port)
    assert run(tmp_path, text) == (0, "")
    wait_until((tmp_path / "pid").exists, "the pid file")
    pid = int(wait_until((tmp_path / "pid").read_text, "its content"))
    try:
        status, output = run(tmp_path, text)
        assert status == 1 and f"{tmp_path}/imap4-proxy.cfg:4:" in output
        with session(port) as client:
            client.command(b"LOGOUT")
        processes = [pid, *(it.pid for it in below(pid))]
    finally:
        os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not any(map(lives, processes)), "the end of all processes")
    assert not (tmp_path / "pid").exists()
    assert "TCPS-702" in (tmp_path / "debug.log").read_text()
    assert "IMAP-888" in (tmp_path / "stats.log").read_text()


def test_nodaemon(tmp_path: Path, server: FakeServer) -> None:
    """The process that was started is the one that serves."""
    [port] = free_ports(1)
    text = (DAEMON % (port, server.port)).replace("pid-file", "nodaemon; pid-file")
    with Proxy(tmp_path, configuration=text.replace(f"port {port}", "port {port}")) as proxy:
        wait_until((tmp_path / "pid").exists, "the pid file")
        assert int(wait_until((tmp_path / "pid").read_text, "its content")) == proxy.pid
        with session(proxy.port) as client:
            client.command(b"LOGOUT")
    assert proxy.status == 0 and not (tmp_path / "pid").exists()


def test_address_in_use(tmp_path: Path, server: FakeServer) -> None:
    status, output = run(tmp_path, DAEMON % (server.port, server.port))
    assert status == 1
    assert output.startswith(f"{tmp_path}/imap4-proxy.cfg:7:") and "in use" in output
    assert not (tmp_path / "pid").exists()
