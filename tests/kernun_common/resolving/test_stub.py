import time
from ipaddress import ip_address

import pytest

from kernun_common.configuration.types import Host
from kernun_common.errors import Unavailable
from kernun_common.netio.waiting import Waiter
from kernun_common.resolving import stub
from kernun_common.resolving.query import Answer
from kernun_common.resolving.section import NameServer, Resolver
from kernun_common.resolving.stub import StubResolver
from kernun_common.steps import alone
from tests.support.dns_server import NEGATIVE_TTL, DnsServer, failing, silent

NAME = "imap.example.org"
FAR = 3600.0
CLIENT = ip_address("192.0.2.7")
CLIENT6 = ip_address("2001:db8::7")


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(stub, "preferred", tuple)  # what is preferred depends on the machine
    with DnsServer() as server:
        yield server


def resolver(server, **items):
    place = NameServer(Host(address=ip_address("127.0.0.1")), server.port)
    return StubResolver(Resolver(server=(place,), **items))


def addresses(server, name=NAME, **items):
    steps = resolver(server, **items).addresses(name, time.monotonic() + FAR)
    return alone(steps, Waiter().until)


def names(server, of=CLIENT, **items):
    return alone(resolver(server, **items).names(of, time.monotonic() + FAR), Waiter().until)


def all_of(*texts):
    return tuple(map(ip_address, texts))


def test_both_families(server):
    server.add(NAME, "192.0.2.1", "2001:db8::1", ttl=20)
    assert addresses(server) == Answer(all_of("192.0.2.1", "2001:db8::1"), 20)


def test_one_family_is_good_for_the_shorter_time(server):
    server.add(NAME, "192.0.2.1", ttl=1000)
    assert addresses(server) == Answer(all_of("192.0.2.1"), NEGATIVE_TTL)


def test_no_such_name(server):
    assert addresses(server) == Answer((), NEGATIVE_TTL)


def test_an_alias(server):
    server.alias("mail.example.org", NAME, ttl=5)
    server.add(NAME, "192.0.2.1")
    assert addresses(server, "mail.example.org") == Answer(all_of("192.0.2.1"), 5)


SEARCHES = [
    # the name, names that are there, what is asked for, which one is found
    ("imap", ["imap.one.example"], ["imap.one.example"], "imap.one.example"),
    ("imap", ["imap.two.example"], ["imap.one.example", "imap.two.example"], "imap.two.example"),
    ("imap", ["imap"], ["imap.one.example", "imap.two.example", "imap"], "imap"),
    ("imap", [], ["imap.one.example", "imap.two.example", "imap"], None),
    ("a.b", ["a.b", "a.b.one.example"], ["a.b"], "a.b"),
    ("a.b", ["a.b.one.example"], ["a.b"], None),
]


@pytest.mark.parametrize("name, there, asked, found", SEARCHES)
def test_search(server, name, there, asked, found):
    for number, each in enumerate(there):
        server.add(each, f"192.0.2.{number}")
    answer = addresses(server, name, search=("one.example", "two.example"))
    assert list(dict.fromkeys(each for each, _ in server.asked)) == asked
    assert answer.values == (all_of(f"192.0.2.{there.index(found)}") if found else ())


def test_a_server_that_is_silent_about_one_family_is_believed_about_the_other(server):
    server.add(NAME, "192.0.2.1")
    server.behave(lambda response: _unless_aaaa(response))
    assert addresses(server).values == all_of("192.0.2.1")


def _unless_aaaa(response):
    return failing(response) if response.question[0].rdtype == 28 else [response.to_wire()]


def test_nothing_of_one_family_and_no_answer_about_the_other_is_no_answer(server):
    server.add(NAME, "2001:db8::1")
    server.behave(lambda response: _unless_aaaa(response))
    with pytest.raises(Unavailable):
        addresses(server)


def test_one_time_for_all_servers_domains_and_tries(server):
    server.behave(silent)
    asked = resolver(
        server, search=("a.example", "b.example"), initial_timeout=0.01, query_timeout=0.01
    )
    with pytest.raises(Unavailable):
        alone(asked.addresses("imap", time.monotonic() + 0.2), Waiter().until)
    assert len(server.asked) > 2
    assert {name for name, _ in server.asked} == {"imap.a.example"}


REVERSES = [
    # the client, its names, the addresses of names, those that are confirmed
    (CLIENT, ["pc.example.org"], {"pc.example.org": ["192.0.2.7"]}, ["pc.example.org"]),
    (CLIENT, ["pc.example.org"], {"pc.example.org": ["192.0.2.8"]}, []),
    (CLIENT, ["pc.example.org"], {}, []),
    (
        CLIENT,
        ["pc.example.org"],
        {"pc.example.org": ["192.0.2.1", "192.0.2.7"]},
        ["pc.example.org"],
    ),
    (CLIENT6, ["pc.example.org"], {"pc.example.org": ["2001:db8::7"]}, ["pc.example.org"]),
    (CLIENT6, ["pc.example.org"], {"pc.example.org": ["192.0.2.7"]}, []),
    (CLIENT, [], {}, []),
    (
        CLIENT,
        ["a.example.org", "bank.example.com", "b.example.org"],
        {"a.example.org": ["192.0.2.7"], "b.example.org": ["192.0.2.7"], "bank.example.com": []},
        ["a.example.org", "b.example.org"],
    ),
    (CLIENT, ["a\\ b.example.org"], {"a\\ b.example.org": ["192.0.2.7"]}, []),
    (CLIENT, ["*.example.org"], {"*.example.org": ["192.0.2.7"]}, []),
]


@pytest.mark.parametrize("client, claimed, there, confirmed", REVERSES)
def test_names_are_forward_confirmed(server, client, claimed, there, confirmed):
    server.add_reverse(str(client), *claimed)
    for name, texts in there.items():
        server.add(name, *texts)
    assert sorted(names(server, client).values) == confirmed


def test_only_the_family_in_question_is_asked_for(server):
    server.add_reverse(str(CLIENT6), "pc.example.org")
    names(server, CLIENT6)
    assert [kind for _, kind in server.asked] == ["PTR", "AAAA"]


def test_names_are_good_for_the_shortest_time(server):
    server.add_reverse(str(CLIENT), "pc.example.org", ttl=100)
    server.add("pc.example.org", str(CLIENT), ttl=7)
    assert names(server) == Answer(("pc.example.org",), 7)


def test_names_without_number_are_not_all_confirmed(server):
    server.add_reverse(str(CLIENT), *(f"pc{number}.example.org" for number in range(100)))
    names(server)
    assert len([kind for _, kind in server.asked if kind == "A"]) == stub.MOST_NAMES
