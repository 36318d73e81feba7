"""conf/samples/haproxy: a real HAProxy before two proxies that share verdicts in a real Redis."""

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
from tests.support.mail_samples import TEXT, mixed
from tests.support.monitored import Monitored
from tests.support.peers import FakeServer, Peer, connect
from tests.support.ports import HOST, free_ports
from tests.support.process import Process
from tests.support.proxy import ROOT, Proxy
from tests.support.rates import clamd
from tests.support.redis_server import RedisServer
from tests.support.waiting import wait_until

SAMPLES = ROOT / "conf" / "samples" / "haproxy"
SESSIONS = 200
MAIL = mixed(TEXT)


class Farm:
    """The files of the sample, with addresses of this machine in them."""

    def __init__(self, folder: Path, stack: ExitStack, mail_port: int) -> None:
        redis = stack.enter_context(RedisServer())
        engine = stack.enter_context(FakeServer(clamd([])))
        self.port, *ports = free_ports(5)
        self.places = {
            "0.0.0.0:143": f"{HOST}:{self.port}",
            "[192.0.2.30] : 6379": f"[{HOST}] : {redis.port}",
            "[127.0.0.1] : 3310": f"[{HOST}] : {engine.port}",
            "imap.example.org : 143": f"[{HOST}] : {mail_port}",
            "192.0.2.10": HOST,
            "/var/spool/imap4-proxy": str(folder),
        }
        self.proxies, self.seen = [], []
        for name, number in (("one", 11), ("two", 12)):
            port, http = ports.pop(), ports.pop()
            self._place(number, port, http)
            (folder / name).mkdir()
            proxy = Proxy(folder / name, configuration=self.text(f"{name}.cfg"))
            proxy.port = port
            self.proxies.append(stack.enter_context(proxy))
            self.seen.append(Monitored(folder / name, http))
        path = folder / "haproxy.cfg"
        path.write_text(self.text("haproxy.cfg"))
        self.haproxy = stack.enter_context(Process(["haproxy", "-f", path], folder / "haproxy"))
        self.haproxy.wait_for_port(self.port)
        for seen in self.seen:
            wait_until(lambda: seen.get("/healthz")[0] == 200, "a proxy that serves")

    def _place(self, number: int, port: int, http: int) -> None:
        address = f"192.0.2.{number}"
        self.places |= {
            f"[{address}] port 143": f"[{HOST}] port {port}",
            f"[{address}] : 9143": f"[{HOST}] : {http}",
            f"{address}:143 check port 9143": f"{HOST}:{port} check port {http}",
        }

    def text(self, name: str) -> str:
        text = (SAMPLES / name).read_text()
        for old, new in self.places.items():
            text = text.replace(old, new)
        text = text.replace("log-debug { facility mail; }", "nodaemon; log-debug { level full; }")
        return re.sub("log-stats {.*}", "tcpserver { init-children 10; max-idle 40; }", text)

    def session(self) -> Peer:
        client = connect(self.port)
        assert client.line().startswith(b"* OK")
        assert b"x OK" in client.command(b"LOGIN alice secret")
        assert b"x OK" in client.command(b"SELECT INBOX")
        return client

    def sessions(self) -> list[int]:
        """How many each proxy has been given."""
        return [len(proxy.logged("IMAP-701")) for proxy in self.proxies]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_a_verdict_counts_at_both(tmp_path: Path, stack: ExitStack) -> None:
    """The second download, through the other proxy, comes from the cache."""
    dovecot = stack.enter_context(Dovecot())
    dovecot.fill("alice", [MAIL])
    farm = Farm(tmp_path, stack, dovecot.port)
    with farm.session() as first, farm.session() as second:
        assert farm.sessions() == [1, 1]
        for client in (first, second):
            assert b"x OK" in client.command(b"FETCH 1 (BODY.PEEK[])")
        told = [proxy.wait_for("MAVC-730")[0] for proxy in farm.proxies]
        assert sorted("CACHED=YES" in line for line in told) == [False, True]


def test_one_is_drained_and_no_session_is_lost(tmp_path: Path, stack: ExitStack) -> None:
    """200 sessions, of which the first proxy keeps its own until they end by themselves."""
    farm = Farm(tmp_path, stack, stack.enter_context(FakeServer(obliging())).port)
    first, second = farm.proxies
    with ThreadPoolExecutor(8) as pool:
        clients = list(pool.map(lambda number: farm.session(), range(SESSIONS // 2)))
        before = farm.sessions()
        assert min(before) > SESSIONS // 8
        first.process.signal(signal.SIGQUIT)
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
    assert all("CLIENT=[127.0.0.1]" in line and "ACCEPTED" in line for line in ended)
    first.start()  # it is put back, and has the fewest sessions
    given = farm.sessions()[0]
    wait_until(lambda: farm.session().close() or farm.sessions()[0] > given, "a session for it")
