"""monitors: the helper of a real parent, through reloads, its own death and the parent's."""

import os
import signal
import urllib.error
import urllib.request

import psutil
import pytest

from kernun_common.monitoring.publish import published
from kernun_common.tcpserver.monitors import _children
from kernun_common.tcpserver.state import Counts
from tests.support.daemons import Daemon, lives
from tests.support.ports import HOST, free_ports, is_listening
from tests.support.waiting import wait_until

FEW = "tcpserver {{ init-children 2; min-idle 1; max-idle 3; }} monitoring {{ {items} }} {more}"


class Monitored(Daemon):
    """An echo with its folder and its HTTP port."""

    def __init__(self, folder, **parts):
        self.http = free_ports(1)[0]
        super().__init__(folder, items=self.items(**parts))

    def items(self, monitoring="", comm_dir="mon", more=""):
        usual = f'interval 1; comm-dir "{comm_dir}"; http [{HOST}] : {self.http}; '
        return FEW.format(items=usual + monitoring, more=more)

    def reload(self, items):
        number = len(self.logged("TCPS-701"))
        self.reconfigure(items=items)
        self.process.signal(signal.SIGHUP)
        wait_until(lambda: len(self.logged("TCPS-701")) > number, "the end of the reload")

    def files(self, folder="mon"):
        return sorted(path.name for path in (self.folder / folder).glob("monitor.*"))

    def status(self):
        """What is published; None where nothing is."""
        return next(published(str(self.folder / "mon"), print), None)

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.http}{path}", timeout=30) as found:
                return found.status, found.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def metric(self, start):
        code, text = self.get("/metrics")
        assert code == 200
        [line] = [line for line in text.splitlines() if line.startswith(start)]
        return float(line.rpartition(" ")[2])

    @property
    def helper(self):
        [pid] = wait_until(lambda: self.titled(": monitor"), "the helper")
        return pid


@pytest.fixture
def start(tmp_path):
    """Start an echo; it is ended after the test, whatever has become of it."""
    daemons = []

    def make(**parts):
        daemons.append(Monitored(tmp_path, **parts))
        wait_until(daemons[-1].status, "the file")
        return daemons[-1]

    yield make
    for daemon in daemons:
        daemon.process.stop()


def test_sessions_appear_and_vanish(start):
    daemon = start()
    assert daemon.files() == [f"monitor.ONE.{daemon.pid}"] and not daemon.status().sessions
    clients = [daemon.connect() for _ in range(3)]
    wait_until(lambda: len(daemon.status().sessions) == 3, "three sessions")
    status = daemon.status()
    assert {session.pid for session in status.sessions} == {client.pid for client in clients}
    names = {"[%s]:%d" % client.sock.getsockname() for client in clients}
    assert {session.record.client for session in status.sessions} == names
    assert status.children["busy"] == 3 and status.program == "echo" and status.name == "ONE"
    clients[1].ask(b"quit")
    wait_until(lambda: len(daemon.status().sessions) == 2, "two sessions")


def test_a_child_that_is_killed_leaves_no_session_behind(start):
    daemon = start()
    client, other = daemon.connect(), daemon.connect()
    os.kill(client.pid, signal.SIGKILL)
    wait_until(lambda: daemon.metric('echo_sessions_total{result="FAILED"}') == 1, "its count")
    wait_until(lambda: [it.pid for it in daemon.status().sessions] == [other.pid], "the other one")
    assert daemon.metric('echo_log_messages_total{id="TCPS-640"') == 1  # counted by the parent


def test_a_helper_that_is_killed_is_replaced(start):
    daemon = start()
    client, first = daemon.connect(), daemon.helper
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: daemon.logged("MNTR-680"), "the message")
    assert f'PID={first} BY="signal 9"' in daemon.logged("MNTR-680")[0]
    wait_until(lambda: len(daemon.logged("MNTR-780")) == 2, "another helper")
    assert daemon.get("/healthz") == (200, "serving\n") and daemon.helper != first
    assert [session.pid for session in daemon.status().sessions] == [client.pid]
    assert client.ask(b"still here?") == b"still here?\r\n" and not daemon.logged("TCPS-640")


def test_reload(start):
    """Old sessions are seen, counters go on, the socket stays, the file is never missing."""
    daemon = start()
    daemon.connect().ask(b"quit")
    old = daemon.connect()
    wait_until(lambda: daemon.status().sessions, "the session")
    for number in range(3):
        daemon.reload(daemon.items(monitoring=f"user {number + 9};"))
        assert daemon.status() is not None
        assert daemon.metric('echo_sessions_total{result="FAILED"}') == number + 1
        assert old.pid in [session.pid for session in daemon.status().sessions]
        new = daemon.connect()
        wait_until(lambda: len(daemon.status().sessions) == 2, "both sessions")
        new.ask(b"quit")
        wait_until(lambda: len(daemon.status().sessions) == 1, "the old session")
    assert daemon.files() == [f"monitor.ONE.{daemon.pid}"] and not daemon.logged("MNTR-680")
    assert len(daemon.titled(": monitor")) == 1
    old.ask(b"quit")
    wait_until(lambda: daemon.metric('echo_sessions_total{result="FAILED"}') == 5, "all sessions")


def test_a_reload_moves_the_file_and_the_socket(start):
    daemon = start()
    first = daemon.http
    [daemon.http] = free_ports(1)
    daemon.reload(daemon.items(comm_dir="mon2"))
    wait_until(lambda: daemon.files("mon2"), "the new file")
    wait_until(lambda: not daemon.files() and not is_listening(first), "the end of the old ones")
    assert daemon.get("/healthz")[0] == 200


def test_a_reload_turns_it_off_and_on(start):
    daemon = start()
    client = daemon.connect()
    daemon.reload(daemon.items(monitoring="disabled;"))
    wait_until(lambda: not daemon.titled(": monitor"), "the end of the helper")
    wait_until(lambda: not is_listening(daemon.http), "the end of the socket")
    assert daemon.files() == []
    daemon.reload(daemon.items())
    wait_until(daemon.status, "the file")
    assert [session.pid for session in daemon.status().sessions] == [client.pid]


def test_a_reload_that_is_refused_changes_nothing(start):
    daemon = start()
    [port] = free_ports(1)
    helper, items = daemon.helper, daemon.items(comm_dir="/no/such/folder")
    daemon.reconfigure(items=items.replace(str(daemon.http), str(port)))
    daemon.process.signal(signal.SIGHUP)
    wait_until(lambda: daemon.logged("TCPS-646"), "the message")
    assert "/no/such/folder: No such file or directory" in daemon.logged("TCPS-646")[0]
    assert daemon.helper == helper and daemon.get("/healthz")[0] == 200 and not is_listening(port)


def test_health_while_sessions_end(start):
    daemon = start()
    client = daemon.connect()
    assert daemon.get("/healthz") == (200, "serving\n")
    daemon.process.signal(signal.SIGQUIT)
    wait_until(lambda: daemon.logged("TCPS-710"), "the graceful end")
    assert daemon.get("/healthz") == (503, "ending\n")
    wait_until(lambda: daemon.status().ending, "the file to tell so")
    assert [session.pid for session in daemon.status().sessions] == [client.pid]
    client.ask(b"quit")
    assert daemon.process.wait() == 0
    assert daemon.files() == [] and not is_listening(daemon.http)


@pytest.mark.parametrize("more", ["", "singleproc;"])
def test_the_end(start, more):
    daemon = start(more=more)
    helper = daemon.helper
    assert daemon.process.stop() == 0
    assert daemon.files() == [] and not lives(helper)


def test_singleproc(start):
    daemon = start(more="singleproc;")
    client = daemon.connect()
    wait_until(lambda: daemon.status().sessions, "the session")
    assert daemon.status().sessions[0].pid == client.pid == daemon.pid
    assert daemon.status().children == {"starting": 0, "idle": 0, "busy": 1, "ending": 0}


def test_a_parent_that_is_killed_leaves_nothing(start):
    daemon = start()
    everybody = [daemon.helper, *daemon.children()]
    daemon.process.signal(signal.SIGKILL)
    wait_until(lambda: not any(map(lives, everybody)), "the end of everybody")
    assert daemon.files() == [] and not is_listening(daemon.http)


def test_nobody_else_has_its_socket(start):
    """Neither children nor the log's helper."""
    daemon = start()
    client = daemon.connect()
    assert lives(client.pid)
    for pid in set(daemon.children()):
        ports = [it.laddr.port for it in psutil.Process(pid).net_connections()]
        assert daemon.port in ports and daemon.http not in ports
    own = [it.laddr.port for it in psutil.Process(daemon.helper).net_connections()]
    assert own == [daemon.http]


def test_children_by_their_states():
    class Crew:
        def __init__(self, *counts):
            self.counts = Counts(*counts)

    assert _children([Crew(1, 2, 3, 4), Crew(0, 0, 1, 9)]) == {
        "starting": 1, "idle": 2, "busy": 4, "ending": 13
    }  # fmt: skip
