"""top: several proxies of one file, each with its own parent and children."""

import os
import signal
import socket

import psutil
import pytest

from tests.support.daemons import Daemon, below, lives, title
from tests.support.ports import free_ports, is_listening
from tests.support.waiting import wait_until

TEXT = """
version ECHO-1_0-RELEASE;
echo ONE {
    nodaemon; log-debug { level full; }
    listen-on { non-transparent [127.0.0.1] port {port}; }
    tcpserver { init-children 2; min-idle 1; max-idle 3; max-children 9; }
    greeting one;
    %s
}
echo TWO {
    listen-on { non-transparent [127.0.0.1] port %d; }
    tcpserver { init-children 2; min-idle 1; max-idle 3; max-children 9; }
    greeting two;
    %s
}
"""


class Pair(Daemon):
    """An echo with two proxies; what each of them is given beside the usual."""

    def __init__(self, folder, one="", two="", **more):
        self.other_port = free_ports(1)[0]
        super().__init__(folder, one=one, two=two, **more)

    def reconfigure(self, one="", two="", text=None, **more):
        super().reconfigure(text=self.text(one, two), **more)

    def text(self, one, two):
        return TEXT.replace("{port}", str(self.port)) % (one, self.other_port, two)

    def wait_until_ready(self):
        super().wait_until_ready()
        self.process.wait_for_port(self.other_port)
        wait_until(lambda: len(self.logged("TCPS-701")) == 2, "both proxies")

    def parent(self, name):
        [pid] = wait_until(lambda: self.titled(f"echo {name}: parent"), "that parent")
        return pid


@pytest.fixture
def start(tmp_path):
    daemons = []

    def make(*args, **kwargs):
        daemons.append(Pair(tmp_path, *args, **kwargs))
        return daemons[-1]

    yield make
    for daemon in daemons:
        daemon.process.stop()


def test_each_has_a_parent_and_children(start):
    daemon = start()
    one, two = daemon.parent("ONE"), daemon.parent("TWO")
    clients = [daemon.connect(), daemon.connect(daemon.other_port)]
    assert [client.greeting for client in clients] == [b"one", b"two"]
    for parent, client in zip((one, two), clients):
        assert client.pid in [child.pid for child in below(parent)]
    assert "echo: top, 2 proxies" in title_of(daemon.pid)
    listening = [os.readlink(f"/proc/{daemon.pid}/fd/{fd}") for fd in fds(daemon.pid)]
    assert sum(name.startswith("socket:") for name in listening) == 2  # the lines


def title_of(pid):
    return title(psutil.Process(pid))


def fds(pid):
    return os.listdir(f"/proc/{pid}/fd")


ENDS = [
    # signal, are the sessions told
    (signal.SIGTERM, True),
    (signal.SIGINT, True),
    (signal.SIGQUIT, False),
]


@pytest.mark.parametrize("number, told", ENDS)
def test_ends(start, number, told):
    daemon = start()
    everybody = [daemon.pid, *(child.pid for child in below(daemon.pid))]
    clients = [daemon.connect(), daemon.connect(daemon.other_port)]
    daemon.process.signal(number)
    wait_until(lambda: not is_listening(daemon.other_port), "the closed socket")
    for client in clients:
        assert (client.line() if told else client.ask(b"quit")) == b"BYE\r\n"
    assert daemon.process.wait() == 0 and not any(map(lives, everybody))


def test_reload(start):
    daemon = start()
    clients = [daemon.connect(), daemon.connect(daemon.other_port)]
    daemon.reconfigure(one="min-idle;", two="")
    daemon.process.signal(signal.SIGHUP)
    wait_until(lambda: len(daemon.logged("TCPS-646")) == 2, "two complaints")
    daemon.file.write_text(daemon.text("", "").replace("two;", "zwei;"))
    daemon.process.signal(signal.SIGHUP)
    wait_until(lambda: daemon.connect(daemon.other_port).greeting == b"zwei", "the new greeting")
    assert daemon.connect().greeting == b"one"
    assert [client.ask(b"x") for client in clients] == [b"x\r\n"] * 2


def test_one_parent_dies(start):
    daemon = start()
    one, two = daemon.parent("ONE"), daemon.parent("TWO")
    children = [child.pid for child in below(one)]
    clients = [daemon.connect(), daemon.connect(daemon.other_port)]
    os.kill(one, signal.SIGKILL)
    wait_until(lambda: not any(map(lives, children)), "the end of its children")
    [line] = wait_until(lambda: daemon.logged("APPL-640"), "the message")
    assert f'NAME=ONE PID={one} BY="signal 9"' in line
    assert clients[0].line() == b"BYE\r\n" and clients[1].ask(b"x") == b"x\r\n"
    assert lives(two) and lives(daemon.pid)
    os.kill(two, signal.SIGTERM)
    assert daemon.process.wait() == 1


def test_the_top_is_killed(start):
    daemon = start("singleproc;")
    everybody = [child.pid for child in below(daemon.pid)]
    clients = [daemon.connect(), daemon.connect(daemon.other_port)]
    daemon.process.signal(signal.SIGKILL)
    daemon.process.wait()
    assert [client.line() for client in clients] == [b"BYE\r\n"] * 2
    wait_until(lambda: not any(map(lives, everybody)), "the end of all")


def test_levels_are_passed_on(start):
    daemon = start(two="log-debug { level full; }")
    daemon.process.signal(signal.SIGUSR2)
    wait_until(lambda: len(daemon.logged("TCPS-705")) == 2, "both parents")


def test_notify(start, tmp_path):
    path = str(tmp_path / "notify")
    daemon = Pair(tmp_path, start=False)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(path)
        manager.settimeout(60)
        daemon.start(NOTIFY_SOCKET=path, WATCHDOG_USEC="100000")
        heard = []

        def hear(state):
            while state not in heard:
                heard.append(manager.recv(1000).decode().split("\n")[0])
            heard.remove(state)

        with daemon:
            for state in ("READY=1", "WATCHDOG=1", "STATUS=2 proxies"):
                hear(state)
            daemon.process.signal(signal.SIGHUP)
            hear("RELOADING=1")
            hear("READY=1")
            hear("WATCHDOG=1")
            daemon.process.signal(signal.SIGTERM)
            hear("STOPPING=1")
        assert daemon.status == 0


def test_two_want_one_socket(tmp_path):
    daemon = Pair(tmp_path, start=False)
    daemon.other_port = daemon.port
    daemon.reconfigure()
    with daemon.run("-f", daemon.file) as process:
        assert process.wait(60) == 1
        assert f"{daemon.file}:11:" in process.output and "listened on already" in process.output
