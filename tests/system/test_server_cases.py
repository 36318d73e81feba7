"""Octets of a server that break other proxies, through the real program, cut in many ways.

The cases are those of the engine's tests, where they are cut at every place.
"""

from __future__ import annotations

from functools import partial
from typing import Callable, Iterator

import pytest

from tests.support.certificates import Authority, write
from tests.support.outcomes import SINGLE, Outcomes, healthy
from tests.support.peers import FakeServer, Peer, connect
from tests.support.proxy import Proxy, looking_at_mails
from tests.support.server_cases import CASES, Case, without_progress

outcomes = Outcomes("octets of a server")


@pytest.fixture(scope="module", autouse=True)
def report() -> Iterator[None]:
    """The outcome; pytest -s shows it."""
    yield
    print(outcomes)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority("Example CA")


@pytest.fixture(scope="module")
def played() -> dict[str, Callable[[Peer], None]]:
    """What the server plays now."""
    return {}


@pytest.fixture(scope="module")
def server(played: dict[str, Callable[[Peer], None]]) -> Iterator[FakeServer]:
    with FakeServer(lambda peer: played["now"](peer)) as server:
        yield server


@pytest.fixture(scope="module")
def proxies(
    tmp_path_factory: pytest.TempPathFactory, server: FakeServer, authority: Authority
) -> Iterator[dict[bool, Proxy]]:
    """Without TLS, and with STARTTLS towards the server."""
    folder = tmp_path_factory.mktemp("proxies")
    sections = f'ssl-params OUT {{ ca-file "{write(folder / "ca.pem", authority.pem)}"; }}'
    tls = "server-ssl-params OUT command;"
    (folder / "tls").mkdir()
    with Proxy(folder, server.port, level="normal") as plain:
        with Proxy(
            folder / "tls", server.port, sections=sections, command=tls, level="normal"
        ) as starttls:
            yield {False: plain, True: starttls}
            healthy(plain)
            healthy(starttls)


@pytest.fixture(scope="module")
def scanning(tmp_path_factory: pytest.TempPathFactory, server: FakeServer) -> Iterator[Proxy]:
    """The proxy whose policy looks at mails, without TLS."""
    folder = tmp_path_factory.mktemp("scanning")
    with Proxy(folder, server.port, level="normal", **looking_at_mails(folder)) as proxy:
        yield proxy
        healthy(proxy)


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
    played: dict[str, Callable[[Peer], None]],
    proxies: dict[bool, Proxy],
    case: Case,
) -> None:
    for cut in server_cuts(case):
        played["now"] = partial(say, case, cut)
        with connect(proxies[case.starttls].port) as client:
            assert listened(client, case) == case.gets
        outcomes.add(case.kind)


@pytest.mark.parametrize(
    "case", [case for case in CASES if not (case.streaming or case.starttls)], ids=str
)
def test_server_where_mails_are_scanned(
    played: dict[str, Callable[[Peer], None]], scanning: Proxy, case: Case
) -> None:
    played["now"] = partial(say, case, max(len(answer) for _, answer in case.talk))
    with connect(scanning.port) as client:
        assert without_progress(listened(client, case)) == case.scanned
    outcomes.add(f"{case.kind} (scanned)")
