"""Octets of a server that break other proxies, through the real program, cut in many ways.

The cases are those of the engine's tests, where they are cut at every place; here also in TLS and
where mails are scanned, with broken answers to FETCH.
"""

from __future__ import annotations

from functools import partial
from typing import Callable, Iterator

import pytest

from tests.support import fetch_cases
from tests.support.outcomes import SINGLE, Outcomes, healthy
from tests.support.peers import Peer
from tests.support.server_cases import CASES, Case, without_progress
from tests.support.ways_in import WAYS, Way, WaysIn

outcomes = Outcomes("octets of a server")


@pytest.fixture(scope="module", autouse=True)
def report() -> Iterator[None]:
    """The outcome; pytest -s shows it."""
    yield
    print(outcomes)


@pytest.fixture(scope="module")
def played() -> dict[str, Callable[[Peer], None]]:
    """What the server plays now."""
    return {}


@pytest.fixture(scope="module")
def ways_in(
    tmp_path_factory: pytest.TempPathFactory, played: dict[str, Callable[[Peer], None]]
) -> Iterator[WaysIn]:
    with WaysIn(tmp_path_factory.mktemp("ways"), lambda peer: played["now"](peer)) as ways_in:
        yield ways_in
        healthy(ways_in.proxy)


def say(case: Case, cut: int, peer: Peer) -> None:
    """Play the server's part; `cut` octets to a segment."""
    for number, (_, answer) in enumerate(case.talk):
        if number:
            peer.line()
        peer.send_cut(answer, cut)
    while True:  # the probe
        tag = peer.line().partition(b" ")[0]
        peer.send(tag + b" OK done\r\n")


def server_cuts(case: Case) -> Iterator[int]:
    """Octets of a segment."""
    longest = max(len(answer) for _, answer in case.talk)
    yield longest
    if not case.whole:
        yield max(1, longest // 2)
        yield 7 if longest <= 1000 else 1460
    if not case.whole and longest <= SINGLE:
        yield 1


def listened(client: Peer, case: Case) -> bytes:
    """What the client gets while it does its part."""
    for command, _ in case.talk:
        client.send(command)
    if not case.ends:
        client.send(b"zz NOOP\r\n")
        return client.until(b"zz OK done\r\n").removesuffix(b"zz OK done\r\n")
    return client.rest()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_server(
    played: dict[str, Callable[[Peer], None]], ways_in: WaysIn, case: Case
) -> None:
    for cut in server_cuts(case):
        played["now"] = partial(say, case, cut)
        with ways_in.connect(Way(starttls=case.starttls)) as client:
            assert listened(client, case) == case.gets
        outcomes.add(case.kind)


ROWS = [
    (way, case)
    for way in WAYS
    for case in (*CASES, *fetch_cases.CASES)
    if (way.scanned if case.kind == fetch_cases.KIND else way != Way())
    and not (way.scanned and case.streaming)
]


@pytest.mark.parametrize("way, case", ROWS, ids=str)
def test_server_of_other_ways(
    played: dict[str, Callable[[Peer], None]], ways_in: WaysIn, way: Way, case: Case
) -> None:
    """In TLS, and where mails are scanned; some whole only, for there they are many."""
    cuts = [*server_cuts(case)] if case.kind == fetch_cases.KIND else [1 << 20]
    for cut in cuts:
        played["now"] = partial(say, case, cut)
        with ways_in.connect(way._replace(starttls=case.starttls)) as client:
            gets = listened(client, case)
        assert (without_progress(gets) if way.scanned else gets) == (
            case.scanned if way.scanned else case.gets
        )
        outcomes.add(f"{case.kind} ({way})")
