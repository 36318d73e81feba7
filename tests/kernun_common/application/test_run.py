"""run: a real daemon from its command line to its exit status."""

import os
import signal
import socket
import stat

import psutil
import pytest

from tests.support.daemons import Daemon, lives, title
from tests.support.ports import HOST, free_ports, is_listening
from tests.support.waiting import wait_until

FEW = "tcpserver { init-children 2; min-idle 1; max-idle 3; max-children 20; }"


@pytest.fixture
def start(tmp_path):
    daemons = []

    def make(**parts):
        daemons.append(Daemon(tmp_path, start=False, **{"items": FEW, **parts}))
        return daemons[-1]

    yield make
    for daemon in daemons:
        if hasattr(daemon, "process"):
            daemon.process.stop()


def outcome(daemon, *options, **environment):
    """Exit status and output of a start that is expected to end by itself."""
    with daemon.run(*(options or ("-f", daemon.file)), **environment) as process:
        return process.wait(60), process.output


USAGE = [
    # options, status, words of the output
    (["-v"], 0, "ECHO-1_0-RELEASE"),
    (["-h"], 0, "usage: echo [-h] [-v] [-d dbglev] -f cfgfile"),
    ([], None, None),
    (["-d", "1"], 2, "usage"),
    (["-f", "/no/such/file"], 1, "/no/such/file:1:1: cannot read"),
]


@pytest.mark.parametrize("options, status, words", USAGE)
def test_usage(start, options, status, words):
    if status is None:
        options, status, words = ["-d", "9"], 2, "-f"
    code, output = outcome(start(), *options)
    assert code == status and words in output


def test_debug_level_counts_while_reading(start):
    daemon = start(items="nonsense;")
    assert "APPL-741" not in outcome(daemon)[1]
    assert "APPL-741-D READING-CONFIGURATION" in outcome(daemon, "-d", "7", "-f", daemon.file)[1]


BAD = [
    # parts of the configuration, line and words of the complaint
    ({"items": "nonsense; greeting;"}, 7, "nonsense"),
    ({"items": "greeting wrong;"}, 7, "this greeting cannot be had"),
    ({"listen": "non-transparent [192.0.2.1] port 9;"}, 6, "cannot listen on [192.0.2.1]:9"),
    ({"items": 'pid-file "/no/such/folder/pid";'}, 7, "no file can be made in /no/such/folder"),
    ({"items": 'log-debug { file "/no/such/folder/log"; }'}, 7, "/no/such/folder/log: No such"),
    ({"items": 'log-stats { file "/no/such/folder/log"; }'}, 7, "/no/such/folder/log: No such"),
    ({"text": "version ECHO-1_0-RELEASE;"}, 1, "there is no section `echo`"),
]


@pytest.mark.parametrize("foreground", ["nodaemon;", ""])
@pytest.mark.parametrize("parts, line, words", BAD)
def test_bad_configuration(start, foreground, parts, line, words):
    text = parts.get("items", "")
    daemon = start(foreground=foreground, **parts)
    if "log-debug" in text:
        daemon.file.write_text(daemon.file.read_text().replace("log-debug { level full; }", ""))
    status, output = outcome(daemon)
    assert status == 1 and f"{daemon.file}:{line}:" in output and words in output
    assert not is_listening(daemon.port)


def test_address_in_use(start):
    daemon = start(foreground="")
    with socket.create_server((HOST, daemon.port)):
        status, output = outcome(daemon)
    assert status == 1 and f"{daemon.file}:6:" in output and "in use" in output


class Detached:
    """A daemon that has left its terminal; ended by its pid file."""

    def __init__(self, daemon):
        self._daemon = daemon
        self._pid_file = daemon.folder / "pid"

    def __enter__(self):
        status, self.output = outcome(self._daemon)
        assert status == 0, self.output
        wait_until(self._pid_file.exists, "the pid file")
        self.pid = wait_until(self._living, "the pid of the daemon in it")
        return self

    def _living(self):
        """The pid; a file that was there before may still name another one."""
        pid = int(self._pid_file.read_text() or 0)
        return pid if pid and lives(pid) else 0

    def __exit__(self, *args):
        if self._pid_file.exists():
            os.kill(self.pid, signal.SIGTERM)
            self.wait()

    def wait(self):
        wait_until(lambda: not lives(self.pid), "the end of the daemon")


PID_FILE = FEW + 'pid-file pid; log-stats { file "log"; }'


def test_daemon(start, tmp_path):
    daemon = start(foreground="", items=PID_FILE)
    with Detached(daemon) as detached:
        client = daemon.connect()
        assert client.ask(b"x") == b"x\r\n" and detached.output == ""
        status = dict(
            line.split(":\t", 1)
            for line in open(f"/proc/{detached.pid}/status").read().splitlines()
        )
        assert status["Umask"] == "0077" and os.getsid(detached.pid) != os.getsid(0)
        assert os.readlink(f"/proc/{detached.pid}/cwd") == "/"
        for fd in range(3):
            assert os.readlink(f"/proc/{detached.pid}/fd/{fd}") == "/dev/null"
        for path in (tmp_path / "pid", tmp_path / "log"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        os.kill(detached.pid, signal.SIGTERM)
        assert client.line() == b"BYE\r\n"
        detached.wait()
    assert not (tmp_path / "pid").exists() and not is_listening(daemon.port)


def test_a_daemon_reloads(start):
    daemon = start(foreground="", items=PID_FILE)
    with Detached(daemon) as detached:
        daemon.reconfigure(foreground="", items=PID_FILE + "greeting hi;")
        os.kill(detached.pid, signal.SIGHUP)
        wait_until(lambda: daemon.connect().greeting == b"hi", "the new greeting")


def test_a_second_daemon_is_refused(start):
    daemon = start(foreground="", items=PID_FILE)
    with Detached(daemon) as detached:
        port = daemon.port
        [daemon.port] = free_ports(1)
        daemon.reconfigure(foreground="", items=PID_FILE)
        status, output = outcome(daemon)
        assert status == 1 and f"the process {detached.pid}" in output
        daemon.port = port


def test_a_stale_pid_file_is_replaced(start, tmp_path):
    (tmp_path / "pid").write_text("999999999\n")
    with Detached(start(foreground="", items=PID_FILE)) as detached:
        assert lives(detached.pid)


def test_log_file_and_its_helper(start, tmp_path):
    daemon = start(items=FEW + 'log-stats { file "stats"; }')
    text = daemon.file.read_text().replace("log-debug {", 'log-debug { file "log";')
    daemon.file.write_text(text)
    daemon.start()
    log = tmp_path / "log"
    wait_until(lambda: "TCPS-701" in log.read_text(), "the message")
    [helper] = daemon.titled("echo ONE: log")
    os.kill(helper, signal.SIGKILL)
    wait_until(lambda: daemon.titled("echo ONE: log") not in ([], [helper]), "another helper")
    log.rename(tmp_path / "old")
    daemon.process.signal(signal.SIGWINCH)
    wait_until(log.exists, "the reopened file")
    daemon.process.signal(signal.SIGUSR2)
    wait_until(lambda: "TCPS-705" in log.read_text(), "the message in it")
    [helper] = daemon.titled("echo ONE: log")
    assert daemon.process.stop() == 0
    assert log.read_text().rstrip().endswith("TCPS-702-K ENDED NAME=ONE SESSIONS=0")
    assert not lives(helper) and daemon.log == ""


def test_notify_socket_keeps_it_in_the_foreground(start, tmp_path):
    path = str(tmp_path / "notify")
    daemon = start(foreground="")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(path)
        manager.settimeout(60)
        daemon.start(NOTIFY_SOCKET=path)
        heard = []

        def hear(state):
            while state not in heard:
                heard.append(manager.recv(1000).decode().split("\n")[0])
            heard.remove(state)

        hear("READY=1")
        hear("STATUS=2 children, 0 sessions")
        daemon.process.signal(signal.SIGHUP)
        hear("RELOADING=1")
        hear("READY=1")
        daemon.process.signal(signal.SIGTERM)
        hear("STOPPING=1")
    assert daemon.process.wait() == 0


def test_titles(start):
    daemon = start()
    daemon.start()
    parent = psutil.Process(daemon.pid)
    wait_until(lambda: "echo ONE: parent, 2 children" in title(parent), "the parent's title")
