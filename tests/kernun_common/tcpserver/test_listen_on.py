"""listen_on: sockets are opened all or not at all, kept over a reload, closed for everybody."""

import os
import socket
from ipaddress import ip_address

import pytest

from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.configuration.types import Host
from kernun_common.resolving.system import SystemResolver
from kernun_common.sockaddr import Sockaddr
from kernun_common.tcpserver import listen_on as listening
from kernun_common.tcpserver.listen_on import gone, unlisten
from kernun_common.tcpserver.section import ListenOn, NonTransparent
from tests.support.ports import free_ports, is_listening, ports_in_a_row

V4, V6 = "127.0.0.1", "::1"
NAMES = {"localhost": [V4, V6], "four.example": [V4]}


def open_listeners(section, queue_size, present=()):
    resolver = SystemResolver(forward=lambda name: NAMES.get(name, ()))
    return listening.open_listeners(section, queue_size, resolver, present)


def listen_on(*rows):
    return ListenOn(non_transparent=rows)


def row(host, port, to=None, version=None):
    try:
        value = Host(address=ip_address(host))
    except ValueError:
        value = Host(name=host)
    return NonTransparent(value, version, port, to)


@pytest.fixture
def close():
    """Closes at the end what it was called with."""
    opened = []
    yield lambda listeners: opened.extend(listeners) or listeners
    for listener in opened:
        listener.sock.close()


def at(host, port):
    return Sockaddr(ip_address(host), port)


def test_open(close):
    first, second, third = free_ports(3)
    section = listen_on(row(V4, first), row(V6, first), row("localhost", second, version="ip4"))
    listeners = close(open_listeners(section, 10))
    assert [it.at for it in listeners] == [at(V4, first), at(V6, first), at(V4, second)]
    for listener in listeners:
        with socket.create_connection((listener.at.host, listener.at.port)):
            connection, _ = listener.sock.accept()
            connection.close()
        assert not listener.sock.getblocking() and not listener.transparent
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((V4, third))


def test_wildcards_of_both_families(close):
    [port] = free_ports(1)
    close(open_listeners(listen_on(row("::", port), row("0.0.0.0", port)), 10))
    for host in (V4, V6):
        socket.create_connection((host, port)).close()


def test_range(close):
    first = ports_in_a_row(4)
    listeners = close(open_listeners(listen_on(row(V4, first, first + 3)), 10))
    assert [it.at.port for it in listeners] == list(range(first, first + 4))


def test_reload_keeps_what_is_open(close):
    kept, old, new = free_ports(3)
    before = close(open_listeners(listen_on(row(V4, kept), row(V4, old)), 10))
    after = close(open_listeners(listen_on(row(V4, new), row(V4, kept)), 10, before))
    assert after[1].sock is before[0].sock
    assert gone(before, after) == [before[1]] and gone(after, before) == [after[0]]


FAILURES = [
    # what cannot be had, a word of the complaint
    (lambda taken: row(V4, taken), "in use"),
    (lambda taken: row("192.0.2.1", 1), "assign"),
    (lambda taken: row("no.such.invalid", 1), "cannot find no.such.invalid: there is no such name"),
    (lambda taken: row("four.example", 1, version="ip6"), "it has no address of ip6"),
]


@pytest.mark.parametrize("make, word", FAILURES)
def test_all_or_nothing(close, make, word):
    kept, new = free_ports(2)
    with socket.create_server((V4, 0)) as taken:
        bad = make(taken.getsockname()[1])
        before = close(open_listeners(listen_on(row(V4, kept)), 10))
        section = listen_on(row(V4, kept), row(V4, new), bad)
        with pytest.raises(ConfigurationErrors) as caught:
            open_listeners(section, 10, before)
    assert [word in error.text for error in caught.value] == [True]
    assert is_listening(kept) and not is_listening(new)


def test_unlisten_closes_for_other_processes(close):
    [port] = free_ports(1)
    [listener] = close(open_listeners(listen_on(row(V4, port)), 10))
    other = socket.socket(fileno=os.dup(listener.sock.fileno()))
    unlisten(listener)
    assert not is_listening(port)
    other.close()
