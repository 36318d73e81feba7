"""Several login pages whose logins are in one Redis server: a request may go to any of them."""

from __future__ import annotations

import re
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from typing import Iterator

import pytest

from kernun_common.auth.notes import CHALLENGES, Pending
from kernun_common.auth.notes_in_redis import InRedis
from kernun_common.auth.passwd import Entry, hashed
from kernun_common.errors import Where
from kernun_common.redis_store.client import Client
from kernun_common.redis_store.section import Redis
from kernun_common.secret import Secret
from kernun_common.sockaddr import address
from tests.support.checking import at
from tests.support.directories import Radius
from tests.support.oob import Desk, Visitor
from tests.support.ports import HOST
from tests.support.redis_server import RedisServer


class Pages:
    """Two of them."""

    def __init__(self, folder: Path, stack: ExitStack, backend: str, sections: str) -> None:
        self.redis = redis = stack.enter_context(RedisServer())
        items = f"auth {backend}; store redis [{HOST}] : {redis.port} prefix desk;"
        self.desks = []
        for name in ("one", "two"):
            (folder / name).mkdir()
            desk = Desk(folder / name, items, sections=sections)
            self.desks.append(stack.enter_context(desk))
        self._ports = cycle(desk.port for desk in self.desks)

    def visitor(self, source: str = HOST) -> Visitor:
        """Each of its requests goes to the other page than the one before."""
        return Alternating(next(self._ports), source, ports=self._ports)


class Alternating(Visitor):
    def __init__(self, port: int, source: str, ports: Iterator[int]) -> None:
        super().__init__(port, source)
        self._ports = ports

    def ask(self, *words: object, **headers: str) -> int:
        self.port = next(self._ports)
        return super().ask(*words, **headers)  # type: ignore[arg-type]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_forms_and_failures(tmp_path: Path, stack: ExitStack) -> None:
    """A form of one counts at the other, and five failures are five wherever they were made."""
    path = tmp_path / "passwd"
    path.write_text(Entry("alice", hashed(Secret(b"wonderland"))).write())
    sections = f'passwd-auth STAFF {{ file "{path}"; }}'
    pages = Pages(tmp_path, stack, "passwd STAFF", sections)
    visitor = pages.visitor()
    assert visitor.log_in("alice", "wonderland") == 303
    assert visitor.ask("GET", "/") == 200 and "User: alice" in visitor.page
    assert visitor.log_out() == 303
    told = []
    for number in range(2, 8):
        guesser = Visitor(pages.desks[number % 2].port, f"127.0.0.{number}")
        told.append(guesser.log_in("alice", "guess"))
    assert told == [403] * 5 + [429]


def test_the_answer_to_a_challenge(tmp_path: Path, stack: ExitStack, radius: Radius) -> None:
    server = f'server [{HOST}] port {radius.port} "{Radius.SECRET}";'
    pages = Pages(tmp_path, stack, "radius R", f"radius-client R {{ {server} }}")
    visitor = pages.visitor()
    assert visitor.log_in("carol", "moon") == 200
    [challenge] = re.findall(r'name="challenge" value="(.*?)"', visitor.page)
    form = {"token": visitor.token, "challenge": challenge, "answer": "123456"}
    assert visitor.ask("POST", "/login", form) == 303
    assert [len(desk.logged("AUTH-710")) for desk in pages.desks] == [1, 1]
    assert visitor.ask("POST", "/login", form) == 403  # it has been answered


def test_of_too_many_challenges_the_oldest_is_forgotten(
    tmp_path: Path, stack: ExitStack, radius: Radius
) -> None:
    """Whoever began them: here somebody who writes to the Redis server as a page does."""
    server = f'server [{HOST}] port {radius.port} "{Radius.SECRET}";'
    pages = Pages(tmp_path, stack, "radius R", f"radius-client R {{ {server} }}")
    early, late = pages.visitor("127.0.0.2"), pages.visitor("127.0.0.3")
    flood = InRedis(Client(Redis(at(pages.redis.port), prefix="desk"), Where("f", 1, 1), 10.0))
    assert early.log_in("carol", "moon") == late.log_in("carol", "moon") == 200
    for _ in range(CHALLENGES - 1):
        flood.put(Pending(address("127.0.0.4"), "eve", b"state"), {})
    told = []
    for visitor in (early, late):
        [challenge] = re.findall(r'name="challenge" value="(.*?)"', visitor.page)
        form = {"token": visitor.token, "challenge": challenge, "answer": "123456"}
        told.append(visitor.ask("POST", "/login", form))
    assert told == [403, 303]
    kept = pages.redis.look()
    assert kept.hlen("deskchallenges") == kept.zcard("deskasked") == CHALLENGES - 1
