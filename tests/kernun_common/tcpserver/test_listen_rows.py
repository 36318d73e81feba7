"""listen_rows: what each row wants, what overlaps, and what is wrong with a row."""

import pytest

from kernun_common.configuration.types import Exact, Glob, Host, HostSet, Name, StrSet
from kernun_common.sockaddr import address
from kernun_common.tcpserver.interface import Alias, Interface
from kernun_common.tcpserver.listen_rows import (
    Claim,
    Device,
    NonTransparent,
    Transparent,
    non_transparent_complaint,
    overlap,
    transparent_complaint,
)

ANY4, ANY6 = address("0.0.0.0"), address("::")
FOUR, SIX = address("192.0.2.1"), address("2001:db8::1")
NAMED = Host(name="fw.example.org")
ALIASES = (Alias(name="A", addr=Host(address=FOUR)), Alias(name="B", addr=Host(address=SIX)))
EM = Interface(name="X", dev="em0", alias=ALIASES)
A, NONE = StrSet((Exact("A"),)), StrSet((Exact("C"),))


def non_transparent(host=None, version=None, port=7, to=None, **more):
    return NonTransparent(host and Host(address=host), version, port, to, **more)


def transparent(host=None, port=7, to=None, **more):
    return Transparent(host and Host(address=host), port, to, **more)


CLAIMS = [
    (non_transparent(FOUR), [Claim(FOUR, (4,), range(7, 8))]),
    (non_transparent(iface=EM), [Claim(Device("em0"), (4, 6), range(7, 8))]),
    (non_transparent(iface=EM, version="ip6"), [Claim(Device("em0"), (6,), range(7, 8))]),
    (non_transparent(iface=EM, alias=A, to=9), [Claim(FOUR, (4,), range(7, 10))]),
    (NonTransparent(NAMED, "ip4", 7, None), [Claim(Name("fw.example.org"), (4,), range(7, 8))]),
    (transparent(FOUR, to=8), [Claim(ANY4, (4,), range(7, 9))]),
    (transparent(ANY6), [Claim(ANY6, (6,), range(7, 8))]),
    (
        transparent(iface=EM),
        [Claim(ANY4, (4,), range(7, 8)), Claim(ANY6, (6,), range(7, 8))],
    ),
    (transparent(iface=EM, alias=A), [Claim(ANY4, (4,), range(7, 8))]),
    (transparent(iface=EM, version="ip6"), [Claim(ANY6, (6,), range(7, 8))]),
    (Transparent(NAMED, 7), [Claim(Name("fw.example.org"), (4, 6), range(7, 8))]),
]


@pytest.mark.parametrize("row, claims", CLAIMS)
def test_claims(row, claims):
    assert row.claims == claims


CATCHES = [
    (transparent(FOUR), [Claim(FOUR, (4,), (143,))]),
    (transparent(ANY4, redirect=(1, 2)), [Claim(ANY4, (4,), (1, 2))]),
    (transparent(iface=EM), [Claim(Device("em0"), (4, 6), (143,))]),
    (transparent(iface=EM, version="ip4"), [Claim(Device("em0"), (4,), (143,))]),
]


@pytest.mark.parametrize("row, claims", CATCHES)
def test_catches(row, claims):
    assert row.catches == claims


def claim(place, *ports, versions=(4,)):
    return Claim(place, versions, ports)


OVERLAPS = [
    (claim(FOUR, 1), claim(FOUR, 1), True),
    (claim(FOUR, 1), claim(FOUR, 2), False),
    (claim(FOUR, 1, 2), claim(FOUR, 2, 3), True),
    (claim(FOUR, 1), claim(ANY4, 1), True),
    (claim(ANY4, 1), claim(ANY6, 1, versions=(6,)), False),
    (claim(Device("em0"), 1), claim(Device("em0"), 1), True),
    (claim(Device("em0"), 1), claim(Device("em0"), 1, versions=(6,)), False),
    (claim(Device("em0"), 1), claim(FOUR, 1), False),
    (claim(Name("a"), 1, versions=(4, 6)), claim(Name("a"), 1, versions=(6,)), True),
    (claim(Name("a"), 1), claim(Name("b"), 1), False),
]


@pytest.mark.parametrize("one, other, both", OVERLAPS)
def test_overlap(one, other, both):
    assert overlap(one, other) is both and overlap(other, one) is both


REDIRECTIONS = [
    (transparent(FOUR), [(143, 7)]),
    (transparent(FOUR, redirect=(143, 993)), [(143, 7), (993, 7)]),
    (transparent(FOUR, to=8, redirect=(143, 993)), [(143, 7), (993, 8)]),
]


@pytest.mark.parametrize("row, pairs", REDIRECTIONS)
def test_redirections(row, pairs):
    assert row.redirections == pairs


COMPLAINTS = [
    (transparent(FOUR), ""),
    (transparent(FOUR, redirect=(143, 993)), ""),
    (transparent(FOUR, to=8, redirect=(143, 993)), ""),
    (transparent(FOUR, to=8), "redirect has 1 of the 2 ports"),
    (transparent(FOUR, to=8, redirect=(1, 2, 3)), "redirect has 3 of the 2 ports"),
    (transparent(FOUR, redirect=()), "must have ports"),
    (transparent(FOUR, redirect=(0,)), "none of them 0"),
    (transparent(FOUR, redirect=(1, 1)), "each once"),
    (transparent(FOUR, port=0), "does not begin with 0"),
    (transparent(iface=EM, alias=NONE), "interface X has no such alias"),
    (transparent(iface=EM, alias=A, version="ip6"), "none of the aliases has an ip6 address"),
    (non_transparent(iface=EM, alias=NONE), "interface X has no such alias"),
    (non_transparent(iface=EM, alias=A, version="ip6"), "none of the aliases"),
    (non_transparent(FOUR, "ip6"), "is not an ip6 address"),
    (non_transparent(FOUR, proxy_protocol=HostSet((FOUR, Name("a")))), ""),
    (non_transparent(FOUR, proxy_protocol=HostSet((Glob("*.a"),))), "glob or regex"),
]


@pytest.mark.parametrize("row, words", COMPLAINTS)
def test_complaints(row, words):
    check = transparent_complaint if isinstance(row, Transparent) else non_transparent_complaint
    found = check(row)
    assert words in found if words else found is None
