from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernun_common.acl.condition import Answer, negation
from kernun_common.acl.facts import Facts, Server
from kernun_common.acl.host_matching import (
    client,
    destination,
    needs_client_names,
    server,
)
from kernun_common.configuration.types import (
    Glob,
    Host,
    HostSet,
    Name,
    Range,
    Regex,
    Sock,
)
from kernun_common.sockaddr import Sockaddr

YES, NO, CANNOT_TELL = Answer.YES, Answer.NO, Answer.CANNOT_TELL

A = ip_address
FACTS = Facts(
    client=Sockaddr(A("10.1.2.3"), 40312),
    to=Sockaddr(A("192.0.2.1"), 143),
    transparent=False,
    when=datetime(2026, 11, 22),
    resolution={
        "pc.example.org": (A("10.1.2.3"), A("2001:db8::3")),
        "mail.example.org": (A("192.0.2.7"), A("192.0.2.8")),
        "empty.example.org": (),
    },
)
NAMED = replace(FACTS, client_names=("pc.example.org", "pc.example.net"))
SIX = replace(FACTS, client=Sockaddr(A("2001:db8::3"), 40312))

ADDRESS, OTHER = A("10.1.2.3"), A("10.1.2.4")
INSIDE, OUTSIDE = ip_network("10.0.0.0/8"), ip_network("192.0.2.0/24")

CLIENT = [
    # members, facts, answer
    ([ADDRESS], FACTS, YES),
    ([OTHER], FACTS, NO),
    ([OTHER, ADDRESS], FACTS, YES),
    ([ADDRESS], SIX, NO),
    ([INSIDE], FACTS, YES),
    ([OUTSIDE], FACTS, NO),
    ([INSIDE], SIX, NO),
    ([ip_network("2001:db8::/32")], SIX, YES),
    ([Range(A("10.1.2.3"), A("10.1.2.9"))], FACTS, YES),
    ([Range(A("10.1.1.0"), A("10.1.2.3"))], FACTS, YES),
    ([Range(A("10.1.2.4"), A("10.1.2.9"))], FACTS, NO),
    ([Range(A("0.0.0.0"), A("255.255.255.255"))], SIX, NO),
    ([Range(A("2001:db8::"), A("2001:db8::ffff"))], SIX, YES),
    ([Name("pc.example.org")], FACTS, YES),
    ([Name("pc.example.org")], SIX, YES),
    ([Name("mail.example.org")], FACTS, NO),
    ([Name("nowhere.example.org")], FACTS, CANNOT_TELL),
    ([Name("empty.example.org")], FACTS, CANNOT_TELL),
    ([Glob("*.example.org")], FACTS, CANNOT_TELL),
    ([Glob("*.example.org")], replace(FACTS, client_names=()), CANNOT_TELL),
    ([Glob("*.example.org")], NAMED, YES),
    ([Glob("*.EXAMPLE.net")], NAMED, YES),
    ([Glob("*.example.com")], NAMED, NO),
    ([Regex("^pc\\.")], NAMED, YES),
    ([Regex("^PC\\.")], NAMED, YES),
    ([Regex("^x")], NAMED, NO),
    ([Regex("^x")], FACTS, CANNOT_TELL),
    # one that can be told decides; one that cannot leaves it open
    ([Glob("*.example.org"), INSIDE], FACTS, YES),
    ([Glob("*.example.org"), OUTSIDE], FACTS, CANNOT_TELL),
    ([OUTSIDE, OTHER], FACTS, NO),
    ([], FACTS, NO),
]


@pytest.mark.parametrize("members, facts, is_", CLIENT)
def test_client(members, facts, is_):
    assert client(HostSet(tuple(members)), facts) is is_
    assert client(HostSet(tuple(members), negated=True), facts) is negation(is_)


@pytest.mark.parametrize("negated, is_", [(False, YES), (True, NO)])
@pytest.mark.parametrize("judge", [client, destination, server])
def test_everything(judge, negated, is_):
    assert judge(HostSet(everything=True, negated=negated), FACTS) is is_


@pytest.mark.parametrize(
    "member, is_",
    [
        (A("192.0.2.1"), YES),
        (ADDRESS, NO),
        (OUTSIDE, YES),
        (Name("mail.example.org"), NO),
        (Glob("*"), CANNOT_TELL),
    ],
)
def test_destination(member, is_):
    assert destination(HostSet((member,)), NAMED) is is_


MAIL = Server.of(Sock(Host(name="mail.example.org"), 143))
UNRESOLVED = Server.of(Sock(Host(name="nowhere.example.org"), 143))
BARE = Server.at(Sockaddr(A("192.0.2.7"), 143))

SERVER = [
    (MAIL, Name("mail.example.org"), YES),
    (UNRESOLVED, Name("nowhere.example.org"), YES),
    (UNRESOLVED, Name("mail.example.org"), CANNOT_TELL),
    (UNRESOLVED, OUTSIDE, CANNOT_TELL),
    (MAIL, A("192.0.2.8"), YES),
    (MAIL, A("192.0.2.9"), NO),
    (replace(MAIL, address=A("192.0.2.7")), A("192.0.2.8"), NO),
    (MAIL, OUTSIDE, YES),
    (MAIL, Range(A("192.0.2.8"), A("192.0.2.9")), YES),
    (MAIL, Glob("*.example.org"), YES),
    (MAIL, Regex("^imap"), NO),
    (BARE, Name("mail.example.org"), YES),
    (BARE, Name("pc.example.org"), NO),
    (BARE, A("192.0.2.7"), YES),
    (BARE, Glob("*"), CANNOT_TELL),
    (None, A("192.0.2.7"), CANNOT_TELL),
]


@pytest.mark.parametrize("place, member, is_", SERVER)
def test_server(place, member, is_):
    facts = replace(FACTS, server=place)
    assert server(HostSet((member,)), facts) is is_
    assert server(HostSet((member,), negated=True), facts) is negation(is_)


ADDRESSES = st.ip_addresses()


@settings(deadline=None)
@given(ADDRESSES, ADDRESSES, ADDRESSES)
def test_range_against_the_order_of_numbers(one, low, high):
    if low.version != high.version:
        high = low
    facts = replace(FACTS, client=Sockaddr(one, 1))
    inside = one.version == low.version and int(low) <= int(one) <= int(high)
    assert (client(HostSet((Range(low, high),)), facts) is YES) is inside


@pytest.mark.parametrize(
    "members, needs",
    [([INSIDE, Name("a.b")], False), ([Glob("*.b")], True), ([INSIDE, Regex("a")], True)],
)
def test_needs_client_names(members, needs):
    assert needs_client_names([HostSet(), HostSet(tuple(members))]) is needs
