"""program: a child is waited for, watched and ended; ports are found free or taken."""

import os
import socket
import sys

import pytest

from imap4proxy.demo.program import HOST, Ended, Program, free_port, is_taken

LISTEN = "import socket,sys,time; s=socket.create_server(('127.0.0.1',int(sys.argv[1])))"


def python(code, *arguments):
    return [sys.executable, "-c", code, *map(str, arguments)]


def test_it_listens_and_is_ended():
    port = free_port()
    program = Program("server", python(LISTEN + "; time.sleep(600)", port))
    program.wait_for_port(port)
    program.check()
    assert is_taken(port)
    program.stop()
    assert not is_taken(port)
    with pytest.raises(Ended, match="the server ended with status -15"):
        program.check()


def test_it_ends_before_it_listens():
    program = Program("server", python("import sys; sys.exit(3)"))
    with pytest.raises(Ended, match="the server ended with status 3"):
        program.wait_for_port(free_port())


def test_a_signal_to_the_terminal_does_not_reach_it():
    port = free_port()
    program = Program("server", python(LISTEN + "; import os; time.sleep(600)", port))
    program.wait_for_port(port)
    assert os.getpgid(program._process.pid) != os.getpgid(0)
    program.stop()


def test_free_port():
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        assert is_taken(port)
        assert free_port(port) != port
    assert free_port(port) == port
