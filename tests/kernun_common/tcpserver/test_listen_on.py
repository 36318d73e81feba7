"""listen_on: sockets are opened all or not at all, kept over a reload, closed for everybody."""

import os
import socket
from ipaddress import ip_address

import pytest

from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.configuration.types import Host, HostSet
from kernun_common.errors import Where
from kernun_common.netio.devices import Devices
from kernun_common.resolving.system import SystemResolver
from kernun_common.sockaddr import Sockaddr
from kernun_common.tcpserver import listen_on as listening
from kernun_common.tcpserver.interface import Interface
from kernun_common.tcpserver.listen_on import (
    device_complaints,
    gone,
    redirections_to,
    unlisten,
)
from kernun_common.tcpserver.listen_rows import NonTransparent, Transparent
from kernun_common.tcpserver.section import ListenOn
from kernun_common.transparency.ruleset import Redirection
from tests.support.ports import free_ports, is_listening, ports_in_a_row

V4, V6 = "127.0.0.1", "::1"
NAMES = {
    "localhost": [V4, V6],
    "four.example": [V4],
    "both.example": ["192.0.2.1", "192.0.2.2"],
}


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


def fake_devices(monkeypatch, **known):
    addresses = {name: tuple(map(ip_address, texts)) for name, texts in known.items()}
    monkeypatch.setattr(Devices, "_known", addresses)


ANY4, ANY6 = "0.0.0.0", "::"
EM = Interface(name="X", dev="em0")


def transparent(host, port, to=None, **more):
    return Transparent(host and row(host, port).host, port, to, **more)


TRANSPARENT = [
    # the row, its sockets with the rules that lead there, for a first port 7
    (
        lambda port: transparent(ANY4, port),
        lambda port: {(ANY4, port): [Redirection(4, None, 143, port)]},
    ),
    (
        lambda port: transparent("192.0.2.1", port, port + 1, redirect=(143, 993)),
        lambda port: {
            (ANY4, port): [Redirection(4, "em0", 143, port)],
            (ANY4, port + 1): [Redirection(4, "em0", 993, port + 1)],
        },
    ),
    (
        lambda port: transparent(None, port, iface=EM, redirect=(1, 2)),
        lambda port: {
            (ANY4, port): [Redirection(4, "em0", 1, port), Redirection(4, "em0", 2, port)],
            (ANY6, port): [Redirection(6, "em0", 1, port), Redirection(6, "em0", 2, port)],
        },
    ),
    (
        lambda port: transparent("both.example", port),
        lambda port: {
            (ANY4, port): [Redirection(4, "em0", 143, port), Redirection(4, "em1", 143, port)]
        },
    ),
]


@pytest.mark.parametrize("make, expected", TRANSPARENT)
def test_transparent(monkeypatch, close, make, expected):
    fake_devices(monkeypatch, em0=["192.0.2.1"], em1=["192.0.2.2"])
    port = ports_in_a_row(2)
    opened = close(open_listeners(ListenOn(transparent=(make(port),)), 10))
    assert all(listener.transparent for listener in opened)
    assert {(it.at.host, it.at.port): list(it.redirections) for it in opened} == expected(port)
    assert redirections_to(opened) == tuple(
        one for listener in opened for one in listener.redirections
    )


def test_devices_and_aliases(monkeypatch, close):
    fake_devices(monkeypatch, em0=[V4, V6], em1=[])
    port, proxied = free_ports(2)
    own = NonTransparent(None, "ip4", port, None, iface=EM)
    hosts = HostSet((ip_address("192.0.2.9"),))
    other = NonTransparent(row(V4, 1).host, None, proxied, None, proxy_protocol=hosts)
    opened = close(open_listeners(listen_on(own, other), 10))
    assert [it.at for it in opened] == [at(V4, port), at(V4, proxied)]
    assert [it.proxies for it in opened] == [None, hosts]


NOT_THERE = [
    (ListenOn(transparent=(transparent("192.0.2.7", 7),)), "no device has the address [192.0.2.7]"),
    (
        ListenOn(transparent=(transparent(None, 7, iface=Interface(name="X", dev="em7")),)),
        "there is no device em7",
    ),
    (
        listen_on(NonTransparent(None, None, 7, None, iface=Interface(name="X", dev="em7"))),
        "there is no device em7",
    ),
]


@pytest.mark.parametrize("section, text", NOT_THERE)
def test_devices_that_are_not_there(monkeypatch, section, text):
    fake_devices(monkeypatch, em0=["192.0.2.1"])
    assert [error.text for error in device_complaints(section)] == [text]
    with pytest.raises(ConfigurationErrors) as caught:
        open_listeners(section, 10)
    assert [error.text for error in caught.value] == [text]


def test_a_socket_that_only_turns_out_to_be_wanted_twice(monkeypatch):
    fake_devices(monkeypatch, em0=[V4])
    [port] = free_ports(1)
    rows = row(V4, port), NonTransparent(None, None, port, None, iface=EM)
    places = {"non_transparent": (Where("f", 1, 1), Where("f", 2, 1))}
    section = ListenOn(non_transparent=rows, places=places)
    with pytest.raises(ConfigurationErrors) as caught:
        open_listeners(section, 10)
    [error] = caught.value
    assert error.where.line == 2 and "is listened on already, see f:1:1" in error.text
    assert not is_listening(port)


def test_unlisten_closes_for_other_processes(close):
    [port] = free_ports(1)
    [listener] = close(open_listeners(listen_on(row(V4, port)), 10))
    other = socket.socket(fileno=os.dup(listener.sock.fileno()))
    unlisten(listener)
    assert not is_listening(port)
    other.close()
