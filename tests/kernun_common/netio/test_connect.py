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
from kernun_common.netio.sources import ANY, Sources
from kernun_common.netio.waiting import Waiter
from kernun_common.sockaddr import Sockaddr
from tests.support.errnos import CONNECT, SET, SOCKET, fail, name

LOOPBACK = ip_address("127.0.0.1")
SECOND = ip_address("127.0.0.2")
ELSEWHERE = ip_address("192.0.2.77")  # no address of this machine
NAMES = {
    "here.example": (LOOPBACK,),
    "second.example": (SECOND, LOOPBACK),
    "six.example": (ip_address("::1"), LOOPBACK),
    "empty.example": (),
}


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


def reach(*candidates, waiter=Waiter(), sources=ANY, log=None, **options):
    def write(message, **fields):
        if log is not None:
            log.append(f"{message.tag} {message.render(fields)}")

    return connect(candidates, ServerConn(**options), NAMES, waiter, write, sources)


@pytest.mark.parametrize("name", ["here.example", "second.example", "six.example"])
def test_a_name_stands_for_all_its_addresses(port, name):
    sock, host, server = reach(by_name(port, name))
    assert (host, server) == (name, Sockaddr(LOOPBACK, port))
    assert sock.getpeername() == ("127.0.0.1", port)


def test_an_address_needs_no_name(port):
    sock, host, server = reach(by_address(port))
    assert host == "127.0.0.1"
    assert sock.getblocking() is False


def test_candidates_in_their_order(port, closed_port):
    log = []
    _, host, _ = reach(
        by_name(port, "nobody.example"),
        by_name(port, "empty.example"),
        by_address(closed_port),
        by_name(port, "here.example"),
        by_name(port, "never.example"),
        log=log,
    )
    assert host == "here.example"
    assert log == [
        'NETL-810-W CONNECT-FAILED REASON="nobody.example: no address is known"',
        'NETL-810-W CONNECT-FAILED REASON="empty.example: no address is known"',
        f'NETL-810-W CONNECT-FAILED REASON="[127.0.0.1]:{closed_port}: Connection refused"',
    ]


def test_a_failure_says_what_failed(closed_port):
    with pytest.raises(Unavailable) as failure:
        reach(by_name(closed_port, "nobody.example"), by_name(closed_port, "here.example"))
    assert failure.value.what == (
        f"nobody.example: no address is known; [127.0.0.1]:{closed_port}: Connection refused"
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

    def swallow(sock, server, deadline, waiter):
        sock.close()
        deadlines.append(deadline)
        now[0] = deadline
        raise OSError(110, "no answer within conn-timeout")

    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(connecting, "_reach", swallow)
    monkeypatch.setitem(NAMES, "many.example", (LOOPBACK,) * 3)
    with pytest.raises(Unavailable):
        reach(by_name(143, "many.example"), by_address(143), conn_timeout=30)
    assert deadlines == [1010.0, 1020.0, 1030.0, 1060.0]


def own(sock):
    return ip_address(sock.getsockname()[0])


SOURCES = [
    # the addresses to come from, the address that the server sees, what is logged
    (ANY, LOOPBACK, []),
    (Sources(addr4=SECOND), SECOND, []),
    (Sources(addr4=SECOND, fallback=False), SECOND, []),
    (Sources(addr6=ip_address("::1")), LOOPBACK, []),
    (
        Sources(addr4=ELSEWHERE),
        LOOPBACK,
        [
            "NETL-811-W SOURCE-FAILED ADDRESS=192.0.2.77 SERVER=[127.0.0.1]:{port}"
            ' REASON="Cannot assign requested address"'
        ],
    ),
]


@pytest.mark.parametrize("sources, seen, logged", SOURCES)
def test_sources(port, sources, seen, logged):
    log = []
    sock, _, _ = reach(by_address(port), sources=sources, log=log)
    assert own(sock) == seen
    assert log == [line.format(port=port) for line in logged]


def test_sources_of_ipv6():
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        port = listener.getsockname()[1]
        sources = Sources(LOOPBACK, ip_address("::1"), fallback=False)
        sock, _, _ = reach(by_address(port, "::1"), sources=sources)
        assert own(sock) == ip_address("::1")


STRICT = [
    (Sources(addr6=ip_address("::1"), fallback=False), "there is no source-address for its family"),
    (
        Sources(addr4=ELSEWHERE, fallback=False),
        "from [192.0.2.77]: Cannot assign requested address",
    ),
]


@pytest.mark.parametrize("sources, reason", STRICT)
def test_without_fallback_that_address_is_passed_over(port, sources, reason):
    with pytest.raises(Unavailable) as failure:
        reach(by_address(port), sources=sources)
    assert failure.value.what == f"[127.0.0.1]:{port}: {reason}"


def test_what_is_passed_over_does_not_keep_from_the_next(port):
    with socket.create_server(("::1", port), family=socket.AF_INET6):
        sources = Sources(addr6=ip_address("::1"), fallback=False)
        _, _, server = reach(by_address(port), by_address(port, "::1"), sources=sources)
        assert str(server) == f"[::1]:{port}"


def test_many_connections_from_one_source(port):
    """The port is chosen when the server is known, so another server may see the same one."""
    sock, _, _ = reach(by_address(port), sources=Sources(addr4=SECOND))
    assert sock.getsockopt(socket.IPPROTO_IP, connecting.IP_BIND_ADDRESS_NO_PORT) == 1


# --- every error that the system can give ----------------------------------------------------


@pytest.fixture
def made(monkeypatch):
    """Makes `call` fail for the first socket that is opened; the sockets, in their order."""
    socks = []

    def of(call, error):
        class Recorded(socket.socket):
            def __init__(self, *args, **options):
                if call == "socket" and not socks:
                    socks.append(None)
                    fail(error)()
                super().__init__(*args, **options)
                socks.append(self)

            def connect_ex(self, address):
                first = call == "connect_ex" and self is socks[0]
                return error if first else super().connect_ex(address)

            def getsockopt(self, *args):
                if call == "getsockopt" and self is socks[0]:
                    fail(error)()
                return super().getsockopt(*args)

        monkeypatch.setattr(connecting.socket, "socket", Recorded)
        return socks

    return of


@pytest.mark.parametrize(
    "call, error",
    [
        *(("connect_ex", error) for error in CONNECT),
        *(("socket", error) for error in SOCKET),
        *(("getsockopt", error) for error in SET),
    ],
    ids=lambda value: name(value) if isinstance(value, int) else value,
)
def test_a_call_fails(port, made, call, error):
    """It is said, what was opened is closed, and the next one is tried."""
    socks, log = made(call, error), []
    sock, _, server = reach(by_address(port), by_address(port), log=log)
    assert server.port == port and socks[-1] is sock
    assert os.strerror(error) in log[0] and len(log) == 1
    assert socks[0] is None or socks[0].fileno() == -1
    sock.close()
