"""state_table: the device and the request are made up; no FreeBSD is needed."""

import errno
import os
import socket
from contextlib import contextmanager

import pytest

from kernun_common.errors import Unavailable
from kernun_common.sockaddr import Sockaddr, address
from kernun_common.transparency.natlook import DIOCNATLOOK, question
from kernun_common.transparency.state_table import StateTable

TO = Sockaddr(address("192.0.2.7"), 143)
SIX = Sockaddr(address("2001:db8::7"), 993)


@pytest.fixture
def device(tmp_path):
    path = tmp_path / "pf"
    path.touch()
    return str(path)


@contextmanager
def connection(host):
    """What the proxy has accepted."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as server:
        with socket.create_connection(server.getsockname()[:2]):
            sock, _ = server.accept()
            with sock:
                yield sock


class System:
    """It remembers what it was asked, and gives this answer."""

    def __init__(self, answer=None, error=None):
        self.answer, self.error = answer, error
        self.asked = []

    def ioctl(self, fd, request, octets):
        os.fstat(fd)
        self.asked.append((request, octets))
        if self.error is not None:
            raise OSError(self.error, os.strerror(self.error))
        place, port = slice(48, 64), slice(70, 72)
        answer = bytearray(octets)
        answer[place] = self.answer.address.packed.ljust(16, b"\0")
        answer[port] = self.answer.port.to_bytes(2, "big")
        return bytes(answer)


@pytest.mark.parametrize("host, to", [("127.0.0.1", TO), ("::1", SIX)])
def test_redirected(device, host, to):
    system = System(to)
    states = StateTable(device, system.ioctl)
    states.open()
    with connection(host) as sock:
        assert states.original_dst(sock) == to
        ends = Sockaddr.of(sock.getpeername()), Sockaddr.of(sock.getsockname())
        assert system.asked == [(DIOCNATLOOK, question(*ends))]
    states.close()


@pytest.mark.parametrize("error", [errno.ENOENT, errno.E2BIG, errno.EACCES])
def test_nobody_is_redirected(device, error):
    states = StateTable(device, System(error=error).ioctl)
    states.open()
    with connection("127.0.0.1") as sock:
        assert states.original_dst(sock) == Sockaddr.of(sock.getsockname())
    states.close()


def test_a_client_that_has_gone(device):
    states = StateTable(device, System(TO).ioctl)
    states.open()
    with socket.socket() as sock, pytest.raises(OSError):
        states.original_dst(sock)
    states.close()


def test_open_and_close(device):
    states = StateTable(device, System(TO).ioctl)
    with connection("127.0.0.1") as sock:
        assert states.original_dst(sock) == Sockaddr.of(sock.getsockname())
    assert states.fds == []
    states.open()
    states.open()
    [fd] = states.fds
    with pytest.raises(OSError):  # it is for reading only
        os.write(fd, b"x")
    states.close()
    states.close()
    assert states.fds == []
    with pytest.raises(OSError):
        os.fstat(fd)


def test_no_device(tmp_path):
    with pytest.raises(Unavailable, match="pf: No such file or directory"):
        StateTable(str(tmp_path / "pf")).open()


def test_a_child_inherits_it_behind_another_root(device):
    """It is opened once, by the parent."""
    states = StateTable(device, System(TO).ioctl)
    states.open()
    os.unlink(device)
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            with connection("127.0.0.1") as sock:
                status = 0 if states.original_dst(sock) == TO else 2
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    states.close()
