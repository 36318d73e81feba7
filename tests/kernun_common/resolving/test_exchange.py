import socket
import time
from ipaddress import ip_address

import pytest

from kernun_common.errors import Unavailable
from kernun_common.netio.waiting import Waiter
from kernun_common.resolving.exchange import Patience, ask
from kernun_common.resolving.query import Query
from kernun_common.sockaddr import Sockaddr
from kernun_common.steps import alone
from tests.support.belongings import belongings
from tests.support.dns_server import DnsServer, cut, failing, forged, honest, silent

LOOPBACK = ip_address("127.0.0.1")
NAME = "imap.example.org"
FAR = 3600.0
SOON = 0.02  # seconds that a silent server is waited for
LONG_ENOUGH = 60.0  # for one that answers


@pytest.fixture
def servers():
    with DnsServer() as first, DnsServer() as second:
        for number, server in enumerate((first, second), 1):
            server.add(NAME, f"192.0.2.{number}")
        yield first, second


@pytest.fixture
def nobody():
    """A port on which nobody listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    return Sockaddr(LOOPBACK, port)


def at(server):
    return Sockaddr(LOOPBACK, server.port)


def answer(*servers, initial=LONG_ENOUGH, further=LONG_ENOUGH, seconds=FAR):
    places = [server if isinstance(server, Sockaddr) else at(server) for server in servers]
    steps = ask(
        Query.of(NAME, "A"), places, Patience(initial, further), time.monotonic() + seconds
    )
    return [str(address) for address in alone(steps, Waiter().until).values]


def test_the_first_server_is_asked(servers):
    assert answer(*servers) == ["192.0.2.1"]
    assert (servers[0].asked, servers[1].asked) == ([(NAME, "A")], [])


def test_no_such_name_is_an_answer(servers):
    servers[0].remove(NAME)
    assert answer(*servers) == []
    assert servers[1].asked == []


def test_the_next_one_is_asked_when_one_is_silent(servers):
    servers[0].behave(silent)
    assert answer(*servers, initial=SOON) == ["192.0.2.2"]


def test_a_silent_one_is_asked_again(servers):
    first, second = servers
    packets = iter([silent, silent, honest])
    first.behave(lambda response: next(packets)(response))
    second.behave(silent)
    assert answer(first, second, initial=SOON, further=SOON) == ["192.0.2.1"]
    assert (len(first.asked), len(second.asked)) == (3, 2)


def test_the_first_try_has_a_time_of_its_own(servers):
    """With a first try that is over at once, the second one has the answer."""
    packets = iter([silent, honest])
    servers[0].behave(lambda response: next(packets)(response))
    assert answer(servers[0], initial=SOON, further=LONG_ENOUGH) == ["192.0.2.1"]


def test_the_next_one_is_asked_when_one_cannot_answer(servers, nobody):
    servers[0].behave(failing)
    assert answer(nobody, *servers) == ["192.0.2.2"]
    assert len(servers[0].asked) == 1


def test_nobody_can_answer(servers, nobody):
    for server in servers:
        server.behave(failing)
    with pytest.raises(Unavailable) as failure:
        answer(servers[0], nobody, servers[1])
    assert failure.value.what == (
        f"{at(servers[0])}: SERVFAIL, {nobody}: Connection refused, {at(servers[1])}: SERVFAIL"
    )
    assert [len(server.asked) for server in servers] == [1, 1]


def test_nobody_answers_in_time(servers):
    for server in servers:
        server.behave(silent)
    with pytest.raises(Unavailable) as failure:
        answer(*servers, initial=SOON, further=SOON, seconds=10 * SOON)
    assert failure.value.what == f"{at(servers[0])}: no answer, {at(servers[1])}: no answer"


def test_no_time_at_all(servers):
    with pytest.raises(Unavailable) as failure:
        answer(*servers, seconds=0)
    assert failure.value.what == "no answer in time"
    assert servers[0].asked == []


def test_what_others_send_is_passed_by(servers):
    servers[0].behave(forged)
    assert answer(*servers) == ["192.0.2.1"]
    assert servers[1].asked == []


def test_a_cut_answer_comes_over_tcp(servers):
    servers[0].add(NAME, *(f"10.0.{at >> 8}.{at & 255}" for at in range(3000)))
    servers[0].behave(cut)
    assert len(answer(*servers)) == 3000
    assert servers[0].asked_over_tcp == [(NAME, "A")]


BROKEN = [
    silent,
    lambda response: [b""],
    lambda response: [response.to_wire()[:-1]],
    lambda response: [bytes(2) + response.to_wire()[2:]],
]


@pytest.mark.parametrize("broken", BROKEN)
def test_tcp_that_brings_no_answer(servers, broken):
    servers[0].behave(cut, over_tcp=broken)
    assert answer(*servers) == ["192.0.2.2"]


def test_tcp_that_is_not_there(servers):
    servers[0].behave(cut)
    servers[0].refuse_tcp()
    assert answer(*servers) == ["192.0.2.2"]


def test_descriptors_are_given_back(servers):
    servers[0].behave(silent)
    before = belongings()
    answer(*servers, initial=SOON)
    steps = ask(Query.of(NAME, "A"), [at(servers[0])], Patience(FAR, FAR), time.monotonic() + FAR)
    next(steps)
    steps.close()
    assert belongings() <= before
