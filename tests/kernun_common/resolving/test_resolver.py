import os
import select
import socket
import time
from ipaddress import ip_address

import pytest

from kernun_common.errors import Unavailable
from kernun_common.resolving import resolver as resolving
from kernun_common.resolving.resolver import SystemResolver, getaddrinfo

FAR = 3600.0


def wait(fd, mask, deadline):
    poll = select.poll()
    poll.register(fd, mask)
    return bool(poll.poll(max(0, deadline - time.monotonic()) * 1000))


def ask(lookup, name="imap.example.org", seconds=FAR):
    return SystemResolver(lookup).addresses(name, time.monotonic() + seconds, wait)


def no_such_name(name):
    raise socket.gaierror(-2, "Name or service not known")


def not_a_name(name):
    raise UnicodeError("label too long")


def crash(name):
    raise ZeroDivisionError


def never(name):
    while True:
        time.sleep(FAR)


def many(name):
    return [f"10.0.{at >> 8}.{at & 255}" for at in range(4000)]


def test_addresses_in_their_order():
    found = ask(lambda name: ["2001:db8::1", "192.0.2.1", "::ffff:192.0.2.2", "fe80::1%lo"])
    texts = ["2001:db8::1", "192.0.2.1", "192.0.2.2", "fe80::1"]
    assert list(found) == [ip_address(text) for text in texts]


def test_many_addresses():
    assert len(ask(many)) == 4000


@pytest.mark.parametrize(
    "lookup, reason",
    [
        (no_such_name, "Name or service not known"),
        (not_a_name, "label too long"),
        (crash, "broke off"),
    ],
)
def test_a_failure_says_why(lookup, reason):
    with pytest.raises(Unavailable) as failure:
        ask(lookup)
    assert failure.value.what.startswith("imap.example.org: ")
    assert reason in failure.value.what


def test_a_late_answer_is_none_and_leaves_no_process():
    with pytest.raises(Unavailable) as failure:
        ask(never, seconds=0.05)
    assert failure.value.what == "imap.example.org: no answer in time"
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_an_answer_is_kept_for_its_time(monkeypatch):
    now = [time.monotonic()]
    resolver = SystemResolver(lambda name: [f"127.0.0.{int(now[0] - started) // 30}"])
    started = now[0]
    monkeypatch.setattr(resolving.time, "monotonic", lambda: now[0])
    found = []
    for _ in range(4):
        found += resolver.addresses("imap.example.org", now[0] + FAR, lambda *all: True)
        now[0] += resolving.TTL / 2
    assert [str(one) for one in found] == ["127.0.0.0", "127.0.0.0", "127.0.0.2", "127.0.0.2"]


def test_a_failure_is_not_kept():
    known = []
    resolver = SystemResolver(lambda name: known or no_such_name(name))
    with pytest.raises(Unavailable):
        resolver.addresses("imap.example.org", time.monotonic() + FAR, wait)
    known.append("192.0.2.1")
    assert resolver.addresses("imap.example.org", time.monotonic() + FAR, wait)


def test_descriptors_are_given_back():
    before = os.listdir("/proc/self/fd")
    ask(lambda name: ["192.0.2.1"])
    assert os.listdir("/proc/self/fd") == before


def test_the_system_knows_localhost():
    assert set(getaddrinfo("localhost")) <= {"127.0.0.1", "::1"}
    assert getaddrinfo("127.0.0.1") == ["127.0.0.1"]
