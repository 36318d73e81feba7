import socket
import time
from ipaddress import ip_address

import pytest

from kernun_common.errors import Unavailable
from kernun_common.netio.waiting import Waiter
from kernun_common.resolving import system
from kernun_common.resolving.query import Answer
from kernun_common.resolving.system import TTL, SystemResolver, getaddrinfo, gethostbyaddr
from kernun_common.steps import alone
from tests.support.belongings import belongings

FAR = 3600.0
NAME = "imap.example.org"
CLIENT = ip_address("192.0.2.7")


def ask(lookup, name=NAME, seconds=FAR):
    steps = SystemResolver(forward=lookup).addresses(name, time.monotonic() + seconds)
    return alone(steps, Waiter().until)


def fails(failure):
    def lookup(name):
        raise failure

    return lookup


def never(name):
    while True:
        time.sleep(FAR)


def many(name):
    return [f"10.0.{at >> 8}.{at & 255}" for at in range(4000)]


def test_addresses_in_their_order():
    found = ask(lambda name: ["2001:db8::1", "192.0.2.1", "::ffff:192.0.2.2", "fe80::1%lo"])
    texts = ["2001:db8::1", "192.0.2.1", "192.0.2.2", "fe80::1"]
    assert found == Answer(tuple(map(ip_address, texts)), TTL)


def test_no_such_name():
    assert ask(lambda name: []) == Answer((), TTL)


def test_many_addresses():
    assert len(ask(many).values) == 4000


@pytest.mark.parametrize(
    "failure, reason",
    [
        (socket.gaierror(-3, "Temporary failure\nin name resolution"), "Temporary failure in name"),
        (UnicodeError("label too long"), "label too long"),
        (ZeroDivisionError(), "broke off"),
    ],
)
def test_a_failure_says_why(failure, reason):
    with pytest.raises(Unavailable) as failed:
        ask(fails(failure))
    assert reason in failed.value.what


def test_a_late_answer_is_none_and_leaves_no_process():
    before = belongings()
    with pytest.raises(Unavailable) as failure:
        ask(never, seconds=0.05)
    assert failure.value.what == "no answer in time"
    assert belongings() <= before


def test_one_that_is_given_up_leaves_nothing():
    before = belongings()
    steps = SystemResolver(forward=never).addresses(NAME, time.monotonic() + FAR)
    next(steps)
    steps.close()
    assert belongings() <= before


def test_names_of_an_address():
    steps = SystemResolver(reverse=lambda text: [f"{text}.example.org"]).names(
        CLIENT, time.monotonic() + FAR
    )
    assert alone(steps, Waiter().until) == Answer(("192.0.2.7.example.org",), TTL)


def test_the_system_knows_localhost():
    assert set(getaddrinfo("localhost")) <= {"127.0.0.1", "::1"}
    assert getaddrinfo("127.0.0.1") == ["127.0.0.1"]


ERRORS = [
    (socket.gaierror(socket.EAI_NONAME, ""), []),
    (socket.gaierror(socket.EAI_AGAIN, ""), None),
]


@pytest.mark.parametrize("failure, found", ERRORS)
def test_no_such_name_is_an_answer_of_the_system(monkeypatch, failure, found):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: fails(failure)(args))
    try:
        assert list(getaddrinfo(NAME)) == found
    except socket.gaierror:
        assert found is None


REVERSES = [
    # what the system says of the address, the addresses of names, those that are confirmed
    (("PC.example.org.", [], []), {"pc.example.org": ["192.0.2.7"]}, ["pc.example.org"]),
    (("pc.example.org", ["pc"], []), {"pc.example.org": [], "pc": ["192.0.2.7"]}, ["pc"]),
    (("pc.example.org", [], []), {"pc.example.org": ["192.0.2.8"]}, []),
    (("2001:db8::7", [], []), {"2001:db8::7": []}, []),
    (None, {}, []),
]


@pytest.mark.parametrize("said, there, confirmed", REVERSES)
def test_names_are_forward_confirmed(monkeypatch, said, there, confirmed):
    reverse = fails(socket.herror(1, "Unknown host")) if said is None else lambda text: said
    monkeypatch.setattr(socket, "gethostbyaddr", reverse)
    monkeypatch.setattr(system, "getaddrinfo", there.__getitem__)
    assert list(gethostbyaddr("192.0.2.7")) == confirmed
