"""solo: one process, one session at a time."""

import signal

import psutil
import pytest

from tests.support.daemons import Daemon, below, lives, title
from tests.support.ports import is_listening


@pytest.fixture
def daemon(tmp_path):
    with Daemon(tmp_path, items="singleproc;") as daemon:
        yield daemon


def test_one_session_after_the_other(daemon):
    for number in range(3):
        client = daemon.connect()
        assert client.pid == daemon.pid and client.ask(b"x") == b"x\r\n"
        assert client.ask(b"quit") == b"BYE\r\n"
    assert [title(it).rstrip() for it in below(daemon.pid)] == ["echo ONE: monitor"]
    assert title(psutil.Process(daemon.pid)).startswith("echo ONE: ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_end_at_once(daemon, number):
    client = daemon.connect()
    daemon.process.signal(number)
    assert client.line() == b"BYE\r\n" and daemon.process.wait() == 0
    assert not is_listening(daemon.port)


def test_graceful_end(daemon):
    client = daemon.connect()
    daemon.process.signal(signal.SIGQUIT)
    assert client.ask(b"x") == b"x\r\n" and client.ask(b"quit") == b"BYE\r\n"
    assert daemon.process.wait() == 0


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGWINCH])
def test_what_others_reload_for(daemon, number):
    client = daemon.connect()
    daemon.process.signal(number)
    assert client.ask(b"x") == b"x\r\n" and lives(daemon.pid)
