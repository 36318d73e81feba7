"""oob - the real program kernun-oob on loopback, and a browser of a few lines.

    desk = Desk(folder, "auth passwd STAFF; store logins;", sections="passwd-auth STAFF {...}")
    with desk:                                  serves the page
        visitor = Visitor(desk.port)
        visitor.log_in("alice", "secret")       the status of the answer
        visitor.page                            what it says
    desk.command("list")                        subprocess.CompletedProcess
    desk.logged("AUTH-710")

`desk.sections` is what a configuration has to have before its section imap4-proxy, so that
proxies of a test know the same users; `auth oob DESK;` stands in them.  `proxied` stands
behind the address at which the page is served, and `limits` before the program: a command
that starts it.
"""

from __future__ import annotations

import http.client
import os
import re
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Dict, Mapping, Optional, Sequence
from urllib.parse import urlencode

from .ports import HOST, free_ports
from .process import Process
from .program import Logging
from .proxy import ROOT

_PROXY = """
imap4-proxy UNUSED {{
    listen-on {{ non-transparent [{host}] port {port}; }}
    session-acl ALL {{ deny; }}
}}
"""
_FORM = """
{before}
oob-auth DESK {{ method html-form; listen {listen}; {items} }}
"""
_EXTERNAL = "oob-auth DESK {{ method external; {items} }}\n"


class Desk(Logging):
    """See the file's first lines."""

    def __init__(
        self,
        folder: Path,
        items: str,
        *,
        sections: str = "",
        external: bool = False,
        proxied: str = "",
        port: Optional[int] = None,
        limits: Sequence[object] = (),
    ) -> None:
        free, unused = free_ports(2)
        self.port = port or free
        self._limits = limits
        form = _EXTERNAL if external else _FORM
        listen = f"[{HOST}] : {self.port} {proxied}"
        self.sections = form.format(before=sections, listen=listen, items=items)
        self._file = folder / "oob.cfg"
        unused_proxy = _PROXY.format(host=HOST, port=unused)
        self._file.write_text(f"version IMAP4-PROXY-1_0-RELEASE;\n{self.sections}{unused_proxy}")
        self._log_file = folder / "oob.log"

    def start(self) -> None:
        self.process = Process(self._command("-d", "7"), self._log_file, _environment())
        self.process.wait_for_port(self.port)

    def stop(self) -> Optional[int]:
        return self.process.stop() if self.process is not None else None

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*map(str, self._command()), *words], capture_output=True, text=True, env=_environment()
        )

    def _command(self, *options: str) -> list[object]:
        program = [sys.executable, "-m", "imap4proxy.oob", *options]
        return [*self._limits, *program, "-f", self._file, "DESK"]


def _environment() -> Mapping[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


class Visitor:
    """A browser: it keeps the cookie, and the token of the last form; `tls` with TLS.

    `header` goes before each of its connections, as a balancer sends it.  Its `port` may change.
    """

    def __init__(
        self,
        port: int,
        source: str = HOST,
        language: str = "en",
        tls: Optional[ssl.SSLContext] = None,
        header: bytes = b"",
    ) -> None:
        self.port = port
        self._source = source
        self._language = language
        self._tls = tls
        self._header = header
        self.cookie = self.page = ""
        self.headers: Mapping[str, str] = {}

    def ask(
        self, method: str, path: str, form: Optional[Dict[str, str]] = None, **headers: str
    ) -> int:
        """The status."""
        connection = self.connection()
        sent = {"Accept-Language": self._language, **headers}
        if self.cookie:
            sent["Cookie"] = self.cookie
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(form) if form is not None else None
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        self.page = answer.read().decode()
        self.headers = dict(answer.getheaders())
        self.cookie = self.headers.get("Set-Cookie", self.cookie).partition(";")[0]
        connection.close()
        return answer.status

    def connection(self) -> http.client.HTTPConnection:
        """A new one."""
        sock = socket.create_connection((HOST, self.port), 60, (self._source, 0))
        sock.sendall(self._header)
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        connection.sock = self._tls.wrap_socket(sock, server_hostname=HOST) if self._tls else sock
        return connection

    @property
    def token(self) -> str:
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.page)
        return found[1] if found is not None else ""

    def log_in(self, user: str, password: str) -> int:
        self.ask("GET", "/")
        form = {"token": self.token, "user": user, "password": password}
        return self.ask("POST", "/login", form)

    def log_out(self) -> int:
        self.ask("GET", "/")
        return self.ask("POST", "/logout", {"token": self.token})
