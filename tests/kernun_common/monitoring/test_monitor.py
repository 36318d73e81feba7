"""monitor: the program as it is called, without a proxy and with what proxies would publish."""

import os
import pty
import signal
import subprocess
import sys
import termios
import time
from dataclasses import replace
from pathlib import Path

import pytest

from kernun_common.monitoring.publish import Publication
from kernun_common.monitoring.record import Live
from tests.support.sightings import session, status
from tests.support.waiting import wait_until

ROOT = Path(__file__).parent.parent.parent.parent
COMMAND = [sys.executable, "-m", "kernun_common.monitoring.monitor"]
SLEEPER = [sys.executable, "-c", "input()"]


def environment(**more):
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def call(*options, **more):
    return subprocess.run(
        [*COMMAND, *map(str, options)], capture_output=True, text=True, env=environment(**more)
    )


def publish(folder, *sessions, name="MAIL"):
    """As this process, which is the parent of those that a test starts."""
    one = replace(status(*sessions, name=name, parent=os.getpid()), at=time.time())
    Publication(str(folder), name, os.getpid()).write(one.write())


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "monitor"
    made.mkdir()
    return made


TWO = (
    session(7, user="alice", live=Live(0, 5), client="[192.0.2.7]:1025"),
    session(8, user="bob", live=Live(0, 900)),
)


def test_without_any_proxy(folder):
    done = call("-d", folder)
    assert done.returncode == 0 and not done.stderr
    lines = done.stdout.splitlines()
    assert lines[1] == "No proxy is running." and lines[-1].startswith("PID  USER  CLIENT")


def test_text(folder):
    publish(folder, *TWO)
    publish(folder, name="LAB")
    done = call("-d", folder, "-c", "user,in", "-s", "in")
    assert done.returncode == 0 and not done.stderr
    lines = done.stdout.splitlines()
    assert [line.split("[")[0] for line in lines[1:3]] == ["imap4-proxy LAB", "imap4-proxy MAIL"]
    assert lines[4:] == ["PROXY  USER    IN", "MAIL   bob    900", "MAIL   alice    5"]


OPTIONS = [
    # options, the users shown
    ((), ["alice", "bob"]),
    (("-s", "user"), ["alice", "bob"]),
    (("-s", "in"), ["bob", "alice"]),
    (("-t", "1", "-T", "in"), ["bob"]),
    (("-t", "0"), []),
    (("MAIL",), ["alice", "bob"]),
    (("OTHER", "MAIL"), ["alice", "bob"]),
    (("OTHER",), []),
]


@pytest.mark.parametrize("options, users", OPTIONS)
def test_options(folder, options, users):
    publish(folder, *TWO)
    done = call("-d", folder, "-c", "user", *options)
    table = done.stdout.split("\n\n", 1)[1].splitlines()
    assert table == ["USER", *users] and done.returncode == 0


WRONG = [
    (("-c", "nothing"), "no such column: nothing"),
    (("-s", "nothing"), "no such column"),
    (("-T", ""), "no such column"),
    (("-t", "-1"), "argument"),
    (("-t", "x"), "no number"),
    (("-r", "0"), "from 1 to 3600"),
    (("-r", "9999"), "from 1 to 3600"),
    (("-k", "me"), "no number"),
    (("-x",), "unrecognized"),
]


@pytest.mark.parametrize("options, complaint", WRONG)
def test_used_wrongly(options, complaint):
    done = call(*options)
    assert done.returncode == 2 and complaint in done.stderr and not done.stdout


def test_help():
    done = call("-h")
    assert done.returncode == 0 and "-T col" in done.stdout


def test_html(folder):
    publish(folder, session(user="<b>"))
    done = call("-d", folder, "-g", "-r", 9)
    assert done.returncode == 0 and done.stdout.startswith("<!DOCTYPE html>")
    assert 'http-equiv="refresh" content="9"' in done.stdout
    assert "&lt;b&gt;" in done.stdout and "<b>" not in done.stdout and "<form>" not in done.stdout
    assert "<form>" in call("-d", folder, "-g", "-f").stdout
    assert "<form>" in call("-d", folder, "-f").stdout


def test_cgi(folder):
    publish(folder, *TWO)
    done = call(
        "-d", folder, "-f", "-c", "pid", GATEWAY_INTERFACE="CGI/1.1", QUERY_STRING="c=user&t=1&T=in"
    )
    head, _, page = done.stdout.partition("\n\n")
    assert head == "Content-Type: text/html; charset=utf-8\nCache-Control: no-store"
    assert page.startswith("<!DOCTYPE") and ">bob</td>" in page and ">alice</td>" not in page


def test_a_query_counts_with_the_form_only(folder):
    publish(folder, *TWO)
    done = call("-d", folder, "-g", "-c", "pid", QUERY_STRING="c=user")
    assert ">8</td>" in done.stdout and ">bob</td>" not in done.stdout


def test_a_file_of_output(folder, tmp_path):
    publish(folder, *TWO)
    path = tmp_path / "report.html"
    done = call("-d", folder, "-g", "-o", path)
    assert done.returncode == 0 and not done.stdout and "alice" in path.read_text()
    assert sorted(tmp_path.iterdir()) == [folder, path]


def test_again_and_again(folder, tmp_path):
    path = tmp_path / "report"
    program = subprocess.Popen(
        [*COMMAND, "-d", folder, "-r", "1", "-o", path, "-c", "user"], env=environment()
    )
    try:
        wait_until(path.exists, "the first report")
        publish(folder, *TWO)
        wait_until(lambda: "alice" in path.read_text(), "another report")
    finally:
        program.send_signal(signal.SIGINT)
        assert program.wait(30) == 0


def test_again_and_again_to_a_pipe_that_is_closed(folder):
    program = subprocess.Popen(
        [*COMMAND, "-d", folder, "-r", "1"], stdout=subprocess.PIPE, env=environment()
    )
    assert program.stdout.readline()
    program.stdout.close()
    assert program.wait(30) == -signal.SIGPIPE


def test_on_a_terminal_reports_take_each_others_place(folder):
    publish(folder, session(user="x" * 300))
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 50))
    command = [*COMMAND, "-d", folder, "-r", "1", "-c", "user"]
    with os.fdopen(ours, "rb", buffering=0) as screen:
        program = subprocess.Popen(command, stdout=theirs, env=environment())
        os.close(theirs)
        octets = b""
        while octets.count(b"\x1b[H\x1b[2J") < 3:
            octets += screen.read(4096)
        program.send_signal(signal.SIGINT)
        assert program.wait(30) == 0
    assert b"x" * 50 in octets and b"x" * 51 not in octets


FOLDERS = [
    # options, a part of the complaint
    (("-d", "/no/such/folder"), "/no/such/folder: No such file or directory"),
    (("-d", "/dev/null"), "/dev/null: Not a directory"),
    (("-o", "/no/such/folder/report"), "No such file or directory"),
]


@pytest.mark.parametrize("options, complaint", FOLDERS)
def test_what_cannot_be_had(folder, options, complaint):
    done = call("-d", folder, *options)
    assert done.returncode == 1 and complaint in done.stderr and not done.stdout


def test_files_that_cannot_be_read_are_told_of(folder):
    (folder / f"monitor.ODD.{os.getpid()}").write_text("odd")
    publish(folder, *TWO)
    done = call("-d", folder)
    assert done.returncode == 0 and "monitor.ODD" in done.stderr and "alice" in done.stdout


class Sleeper:
    """A child of this process, which a session may be said to be of."""

    def __enter__(self):
        self.process = subprocess.Popen(SLEEPER, stdin=subprocess.PIPE)
        return self.process

    def __exit__(self, *args):
        self.process.stdin.close()
        self.process.wait()


def test_the_end_of_a_session(folder):
    with Sleeper() as chosen, Sleeper() as other:
        publish(folder, session(chosen.pid), session(other.pid))
        done = call("-d", folder, "-k", chosen.pid)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert chosen.wait(30) == -signal.SIGTERM and other.poll() is None


def test_processes_that_are_not_to_be_ended(folder):
    with Sleeper() as stranger:
        grandparents = os.getppid()
        publish(folder, session(grandparents), session(os.getpid()))
        for pid in (stranger.pid, grandparents, os.getpid(), 1, 999_999_999):
            done = call("-d", folder, "-k", pid)
            assert done.returncode == 1 and f"process {pid} serves no session" in done.stderr
        assert stranger.poll() is None
