import os
import socket
import time
from ipaddress import ip_address

import pytest

from kernun_common.configuration.types import Host, Sock
from kernun_common.errors import Unavailable
from kernun_common.netio import connect as connecting
from kernun_common.netio.connect import connect
from kernun_common.netio.section import ServerConn
from kernun_common.netio.waiting import Waiter
from kernun_common.sockaddr import Sockaddr

LOOPBACK = ip_address("127.0.0.1")
NAMES = {
    "here.example": [LOOPBACK],
    "second.example": [ip_address("127.0.0.2"), LOOPBACK],
    "six.example": [ip_address("::1"), LOOPBACK],
}


class Names:
    """A resolver that knows NAMES."""

    def __init__(self):
        self.asked = []

    def addresses(self, name, deadline, wait):
        self.asked.append(name)
        if name not in NAMES:
            raise Unavailable(f"{name}: no such name")
        return NAMES[name]


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


@pytest.fixture
def port(listener):
    return listener.getsockname()[1]


@pytest.fixture
def closed_port():
    """A port at which nobody listens; taken as long as the test runs."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture
def silent_port():
    """A port whose queue is full: it answers nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        fillers = []
        for _ in range(8):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
            fillers.append(filler)
        yield full.getsockname()[1]
        for filler in fillers:
            filler.close()


def by_address(port, text="127.0.0.1"):
    return Sock(Host(address=ip_address(text)), port)


def by_name(port, name):
    return Sock(Host(name=name), port)


def reach(*candidates, waiter=Waiter(), names=None, failed=lambda reason: None, **options):
    return connect(candidates, ServerConn(**options), names or Names(), waiter, failed)


@pytest.mark.parametrize("name", ["here.example", "second.example", "six.example"])
def test_a_name_stands_for_all_its_addresses(port, name):
    sock, host, server = reach(by_name(port, name))
    assert (host, server) == (name, Sockaddr(LOOPBACK, port))
    assert sock.getpeername() == ("127.0.0.1", port)


def test_an_address_is_not_looked_up(port):
    names = Names()
    sock, host, server = reach(by_address(port), names=names)
    assert (host, names.asked) == ("127.0.0.1", [])
    assert sock.getblocking() is False


def test_candidates_in_their_order(port, closed_port):
    names, failures = Names(), []
    _, host, _ = reach(
        by_name(port, "nobody.example"),
        by_address(closed_port),
        by_name(port, "here.example"),
        by_name(port, "never.example"),
        names=names,
        failed=failures.append,
    )
    assert host == "here.example"
    assert names.asked == ["nobody.example", "here.example"]
    refused = f"[127.0.0.1]:{closed_port}: Connection refused"
    assert failures == ["nobody.example: no such name", refused]


def test_a_failure_says_what_failed(closed_port):
    with pytest.raises(Unavailable) as failure:
        reach(by_name(closed_port, "nobody.example"), by_name(closed_port, "here.example"))
    assert failure.value.what == (
        f"nobody.example: no such name; [127.0.0.1]:{closed_port}: Connection refused"
    )


def test_nobody_to_try():
    with pytest.raises(Unavailable):
        reach()


def test_conn_timeout_ends_an_attempt_and_not_those_after_it(silent_port, port):
    _, host, _ = reach(by_address(silent_port), by_name(port, "here.example"), conn_timeout=0.05)
    assert host == "here.example"


def test_conn_timeout_is_said(silent_port):
    with pytest.raises(Unavailable) as failure:
        reach(by_address(silent_port), conn_timeout=0.05)
    assert failure.value.what.endswith("no answer within conn-timeout")


def test_the_end_of_the_program_ends_an_attempt(silent_port):
    stop_read, stop_write = os.pipe()
    os.close(stop_write)
    with pytest.raises(Unavailable):
        reach(by_address(silent_port), waiter=Waiter(stop_read))
    os.close(stop_read)


def test_each_address_gets_an_equal_share_of_the_time_that_is_left(monkeypatch):
    now, deadlines = [1000.0], []

    def swallow(server, deadline, waiter):
        deadlines.append(deadline)
        now[0] = deadline
        raise OSError(110, "no answer within conn-timeout")

    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(connecting, "_open", swallow)
    monkeypatch.setitem(NAMES, "many.example", [LOOPBACK] * 3)
    with pytest.raises(Unavailable):
        reach(by_name(143, "many.example"), by_address(143), conn_timeout=30)
    assert deadlines == [1010.0, 1020.0, 1030.0, 1060.0]
