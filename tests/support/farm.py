"""farm - conf/samples/haproxy, with addresses of this machine in its files.

    farm = Farm(folder, stack, mail_port)   Redis, an engine, two proxies with their pages, HAProxy
    farm.visitor().log_in("alice", PASSWORD)
    with farm.session() as client:          logged in at the mail server, too
    farm.users()                            of each proxy: whose sessions it took them for
    farm.run("test-imap4 -f one.cfg")       a command of the README; CompletedProcess

All of the programs are real.  Clients have the address CLIENT unless told otherwise.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Dict, Iterator, List

from .certificates import Authority
from .monitored import Monitored
from .oob import Visitor
from .peers import FakeServer, Peer, connect
from .ports import HOST, free_ports
from .process import Process
from .proxy import ROOT, Proxy
from .rates import clamd
from .redis_server import RedisServer
from .tls import client_context
from .waiting import wait_until

SAMPLES = ROOT / "conf" / "samples" / "haproxy"
CLIENT = "127.0.0.7"
PASSWORD = "wonderland"
NAMES = ("one", "two")
MODULES = {
    "kernun-fwpasswd": "kernun_common.auth.fwpasswd",
    "kernun-oob": "imap4proxy.oob",
    "test-imap4": "imap4proxy.testtool",
}
_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


class Farm:
    """See the file's first lines."""

    def __init__(self, folder: Path, stack: ExitStack, mail_port: int) -> None:
        self._folder = folder
        self._stack = stack
        self._authority = Authority("CA")
        self.scanned: list = []
        self.redis = stack.enter_context(RedisServer())
        engine = stack.enter_context(FakeServer(clamd(self.scanned)))
        self.port, self.web, *ports = free_ports(8)
        self._numbers = {name: ports[3 * at : 3 * at + 3] for at, name in enumerate(NAMES)}
        self._places = dict(self._common(engine.port, mail_port))
        for number, name in zip((11, 12), NAMES):
            self._places |= self._own(f"192.0.2.{number}", *self._numbers[name])
        self.proxies = [self._proxy(name) for name in NAMES]
        self.seen = [Monitored(folder / name, self._numbers[name][1]) for name in NAMES]
        made = self.run("kernun-fwpasswd -c /etc/imap4-proxy/passwd alice", f"{PASSWORD}\n" * 2)
        assert made.returncode == 0, made.stderr
        self.pages = [self._page(name) for name in NAMES]
        self._balance()

    # --- the files ---------------------------------------------------------------------------

    def _common(self, engine: int, mail: int) -> Iterator[tuple[str, str]]:
        yield "0.0.0.0:143", f"{HOST}:{self.port}"
        yield "0.0.0.0:443", f"{HOST}:{self.web}"
        yield "[192.0.2.30] : 6379", f"[{HOST}] : {self.redis.port}"
        yield "[127.0.0.1] : 3310", f"[{HOST}] : {engine}"
        yield "imap.example.org : 143", f"[{HOST}] : {mail}"
        yield "192.0.2.10", HOST
        yield "/var/spool/imap4-proxy", str(self._folder)
        files = self._authority.issue(HOST, ips=[HOST]).write(self._folder)
        yield "/etc/imap4-proxy/proxy.pem", files.cert
        yield "/etc/imap4-proxy/proxy.key", files.key
        yield "/etc/imap4-proxy/passwd", str(self._folder / "passwd")

    @staticmethod
    def _own(address: str, proxy: int, http: int, page: int) -> Dict[str, str]:
        return {
            f"[{address}] port 143": f"[{HOST}] port {proxy}",
            f"[{address}] : 9143": f"[{HOST}] : {http}",
            f"[{address}] : 8443": f"[{HOST}] : {page}",
            f"{address}:143 check port 9143": f"{HOST}:{proxy} check port {http}",
            f"{address}:8443": f"{HOST}:{page}",
        }

    def _here(self, text: str) -> str:
        for old, new in self._places.items():
            text = text.replace(old, new)
        return text

    def _text(self, name: str) -> str:
        text = self._here((SAMPLES / name).read_text())
        text = text.replace("log-debug { facility mail; }", "nodaemon; log-debug { level full; }")
        return re.sub("log-stats {.*}", "tcpserver { init-children 10; max-idle 40; }", text)

    # --- the programs ------------------------------------------------------------------------

    def _proxy(self, name: str) -> Proxy:
        (self._folder / name).mkdir()
        proxy = Proxy(self._folder / name, configuration=self._text(f"{name}.cfg"))
        proxy.port = self._numbers[name][0]
        self._places[f"{name}.cfg"] = str(proxy.path)
        return self._stack.enter_context(proxy)

    def _page(self, name: str) -> Process:
        words = self._words(f"kernun-oob -d 7 -f {name}.cfg DESK")
        page = Process(words, self._folder / name / "page.log", _ENVIRONMENT)
        self._stack.enter_context(page).wait_for_port(self._numbers[name][2])
        return page

    def _balance(self) -> None:
        path = self._folder / "haproxy.cfg"
        path.write_text(self._text("haproxy.cfg"))
        self._places["haproxy.cfg"] = str(path)
        command = ["haproxy", "-f", path]
        haproxy = self._stack.enter_context(Process(command, self._folder / "haproxy"))
        haproxy.wait_for_port(self.port)
        haproxy.wait_for_port(self.web)
        for seen in self.seen:
            wait_until(lambda: seen.get("/healthz")[0] == 200, "a proxy that serves")

    def run(self, command: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Without a terminal: what it asks is answered by `given`."""
        return subprocess.run(
            self._words(command),
            input=given,
            capture_output=True,
            text=True,
            env=_ENVIRONMENT,
            start_new_session=True,
        )

    def _words(self, command: str) -> List[str]:
        program, *words = shlex.split(self._here(command))
        start = [sys.executable, "-m", MODULES[program]] if program in MODULES else [program]
        return [*start, *words]

    # --- clients -----------------------------------------------------------------------------

    def visitor(self, source: str = CLIENT) -> Visitor:
        return Visitor(self.web, source, tls=client_context(self._authority))

    def connect(self, source: str = CLIENT) -> Peer:
        return connect(self.port, source=source)

    def session(self) -> Peer:
        client = self.connect()
        assert client.line().startswith(b"* OK")
        assert b"x OK" in client.command(b"LOGIN alice secret")
        assert b"x OK" in client.command(b"SELECT INBOX")
        return client

    # --- what has been logged ----------------------------------------------------------------

    def sessions(self) -> List[int]:
        """How many each proxy has been given."""
        return [len(proxy.logged("IMAP-701")) for proxy in self.proxies]

    def users(self, source: str = CLIENT) -> List[List[str]]:
        """Whose sessions each proxy took them for that came from there."""
        pattern = rf"FROM=\[{re.escape(source)}\].* USER=(\S+) "
        logs = ("\n".join(proxy.logged("IMAP-720")) for proxy in self.proxies)
        return [re.findall(pattern, log) for log in logs]

    def told(self, identification: str) -> List[List[str]]:
        """Lines of this message in the log of each page."""
        pattern = rf"^[^\]]+\]: ({identification}-[A-Z] .*)"
        return [re.findall(pattern, page.output, re.M) for page in self.pages]
