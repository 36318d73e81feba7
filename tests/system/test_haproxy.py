"""conf/samples/haproxy: a real HAProxy before two proxies that share a real Redis."""

from __future__ import annotations

import re
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Iterator

import pytest

from tests.support.dovecot import Dovecot
from tests.support.fake_imap import obliging
from tests.support.farm import CLIENT, PASSWORD, SAMPLES, Farm
from tests.support.mail_samples import TEXT, mixed
from tests.support.peers import FakeServer
from tests.support.ports import HOST
from tests.support.waiting import wait_until

SESSIONS = 200
MAIL = mixed(TEXT)
STRANGER = "127.0.0.8"
NOBODY = "<NULL>"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def greeted(farm: Farm, source: str = CLIENT) -> list[bool]:
    """Are clients from there admitted by each proxy?"""
    before, told = farm.users(source), [[], []]
    while not all(told):
        with farm.connect(source) as client:
            try:
                is_greeted = client.line().startswith(b"* OK")
            except (EOFError, ConnectionResetError):
                is_greeted = False
        wait_until(lambda: farm.users(source) != before, "the log")
        [at] = [at for at in (0, 1) if farm.users(source)[at] != before[at]]
        told[at].append(is_greeted)
        before = farm.users(source)
    return [one[-1] for one in told]


def test_a_verdict_counts_at_both(tmp_path: Path, stack: ExitStack) -> None:
    """The second download, through the other proxy, comes from the cache."""
    dovecot = stack.enter_context(Dovecot())
    dovecot.fill("alice", [MAIL])
    farm = Farm(tmp_path, stack, dovecot.port)
    assert farm.visitor().log_in("alice", PASSWORD) == 303
    with farm.session() as first, farm.session() as second:
        assert farm.sessions() == [1, 1]
        for client in (first, second):
            assert b"x OK" in client.command(b"FETCH 1 (BODY.PEEK[])")
        told = [proxy.wait_for("MAVC-730")[0] for proxy in farm.proxies]
        assert sorted("CACHED=YES" in line for line in told) == [False, True]


def test_a_login_counts_at_both(tmp_path: Path, stack: ExitStack) -> None:
    """It is the client's, whichever page and proxy HAProxy chooses; so is the logout."""
    farm = Farm(tmp_path, stack, stack.enter_context(FakeServer(obliging())).port)
    assert greeted(farm) == [False, False]
    visitor = farm.visitor()
    assert visitor.log_in("alice", "looking-glass") == 403
    assert visitor.log_in("alice", PASSWORD) == 303
    assert greeted(farm) == [True, True]
    assert [users[-1] for users in farm.users()] == ["alice", "alice"]
    assert greeted(farm, STRANGER) == [False, False]
    assert visitor.log_out() == 303
    assert greeted(farm) == [False, False]
    assert [users[-1] for users in farm.users()] == [NOBODY, NOBODY]
    assert [users for users in farm.users(HOST) if users] == []  # HAProxy's own address
    assert all(farm.told("AUTH-740"))  # both pages have been asked
    assert farm.told("AUTH-812") == [[], []]  # checks are no broken requests
    logins = [line for lines in farm.told("AUTH-710") for line in lines]
    assert all(f"CLIENT=[{CLIENT}]" in line for line in logins)
    assert sorted(line.split()[-1] for line in logins) == ["ACCEPTED", "DENIED", "LOGOUT"]


def test_one_is_drained_and_nothing_is_lost(tmp_path: Path, stack: ExitStack) -> None:
    """200 sessions, of which the first proxy keeps its own until they end by themselves."""
    farm = Farm(tmp_path, stack, stack.enter_context(FakeServer(obliging())).port)
    assert farm.visitor().log_in("alice", PASSWORD) == 303
    first, second = farm.proxies
    with ThreadPoolExecutor(8) as pool:
        clients = list(pool.map(lambda number: farm.session(), range(SESSIONS // 2)))
        before = farm.sessions()
        assert min(before) > SESSIONS // 8
        first.process.signal(signal.SIGQUIT)
        assert farm.pages[0].stop() == 0
        clients += pool.map(lambda number: farm.session(), range(SESSIONS // 2))
        assert farm.seen[0].get("/healthz")[0] == 503
        assert sum(farm.sessions()) == SESSIONS
        assert farm.sessions()[0] < before[0] + SESSIONS // 4  # those that came before the signal
        for answer in pool.map(lambda client: client.command(b"NOOP"), clients):
            assert b"x OK" in answer
        for answer in pool.map(lambda client: client.command(b"LOGOUT"), clients):
            assert b"x OK" in answer
    for client in clients:
        client.close()
    assert first.process.wait() == 0
    second.wait_for("IMAP-702", farm.sessions()[1])
    ended = [line for proxy in farm.proxies for line in proxy.logged("IMAP-702")]
    assert len(ended) == SESSIONS
    assert all(f"CLIENT=[{CLIENT}]" in line and "USER=alice" in line for line in ended)
    assert all("ACCEPTED" in line for line in ended)
    visitor = farm.visitor()
    assert visitor.ask("GET", "/") == 200 and "User: alice" in visitor.page
    first.start()  # it is put back, and has the fewest sessions
    given = farm.sessions()[0]
    wait_until(lambda: farm.session().close() or farm.sessions()[0] > given, "a session for it")


def test_without_redis(tmp_path: Path, stack: ExitStack) -> None:
    """Nobody logs in and nobody is admitted; who is there downloads, and all is scanned."""
    dovecot = stack.enter_context(Dovecot())
    dovecot.fill("alice", [MAIL])
    farm = Farm(tmp_path, stack, dovecot.port)
    visitor = farm.visitor()
    assert visitor.log_in("alice", PASSWORD) == 303
    with farm.session() as first, farm.session() as second:
        assert b"x OK" in first.command(b"FETCH 1 (BODY.PEEK[])")
        scanned = len(farm.scanned)
        visitor.ask("GET", "/")
        farm.redis.stop()
        form = {"token": visitor.token, "user": "alice", "password": PASSWORD}
        assert visitor.ask("POST", "/login", form) == 503
        assert visitor.ask("GET", "/") == 503
        assert greeted(farm) == [False, False]
        assert all(proxy.logged("AUTH-810") for proxy in farm.proxies)
        assert b"x OK" in second.command(b"FETCH 1 (BODY.PEEK[])")
        assert len(farm.scanned) == 2 * scanned > 0
    farm.redis.start()  # it has forgotten all of it
    assert greeted(farm) == [False, False]
    assert visitor.log_in("alice", PASSWORD) == 303
    assert greeted(farm) == [True, True]


def test_commands_of_the_readme(tmp_path: Path, stack: ExitStack) -> None:
    """Each of them but those that serve does what it says, by the files of the sample."""
    farm = Farm(tmp_path, stack, stack.enter_context(FakeServer(obliging())).port)
    assert farm.visitor().log_in("alice", PASSWORD) == 303
    text = (SAMPLES / "README").read_text()
    commands = re.findall("^    ((?:haproxy|test-imap4|kernun-oob|kernun-fwpasswd) .*)", text, re.M)
    serves = "kernun-oob -f one.cfg DESK"
    assert serves in commands and "imap4-proxy -f one.cfg" in text  # as the farm has started them
    done = [farm.run(line, f"{PASSWORD}\n" * 2) for line in commands if line != serves]
    assert [(one.args, one.returncode) for one in done if one.returncode != 0] == []
    assert done[-1].stdout == f"{CLIENT}\talice\t\n"
    assert len(done) == 4
