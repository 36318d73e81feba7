"""Monitoring through the real program: its file, kernun-monitor, HTTP, a browser."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Callable, Iterator

import psutil
import pytest

from tests.support.daemons import below, title
from tests.support.monitored import Monitored
from tests.support.peers import FakeServer, Peer, connect
from tests.support.ports import HOST, free_ports, is_listening
from tests.support.process import Process
from tests.support.proxy import Proxy
from tests.support.tls import client_context, server_context
from tests.support.waiting import wait_until
from tests.support.world import NAME, World, own

FEW = "tcpserver { init-children 2; min-idle 1; max-idle 3; }"
MEGABYTE = 1 << 20

Start = Callable[..., tuple[Proxy, Monitored]]


def generous(peer: Peer) -> None:
    """Says what everybody says, and one mail of a megabyte."""
    mail = b"* 1 FETCH (BODY[] {%d}\r\n%b)\r\n" % (MEGABYTE, b"x" * MEGABYTE)
    capability = b"CAPABILITY IMAP4rev1 IDLE LITERAL+"
    answers = {
        b"CAPABILITY": b"* " + capability + b"\r\n",
        b"FETCH": mail,
        b"SELECT": b"* 1 EXISTS\r\n",
    }
    peer.send(b"* OK [" + capability + b"] ready\r\n")
    while True:
        tag, name = peer.line().split()[:2]
        if name == b"IDLE":
            peer.send(b"+ idling\r\n")
            peer.line()
        peer.send(answers.get(name, b"") + tag + b" OK done\r\n")


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(generous) as server:
        yield server


@pytest.fixture
def start(tmp_path: Path, server: FakeServer) -> Iterator[Start]:
    """Start a proxy with these items of monitoring; it publishes every second."""
    with ExitStack() as stack:

        def make(
            monitoring: str = "",
            http: str = "",
            interval: str = "interval 1;",
            plug_to: int = server.port,
            **parts: str,
        ) -> tuple[Proxy, Monitored]:
            seen = Monitored(tmp_path / "mon", free_ports(1)[0])
            usual = f'comm-dir "mon"; {interval} http [{HOST}] : {seen.port} {http};'
            items = f"{FEW} monitoring {{ {usual} {monitoring} }}"
            proxy = stack.enter_context(Proxy(tmp_path, plug_to, items=items, **parts))
            return proxy, seen

        yield make


def login(proxy: Proxy, user: bytes, *commands: bytes) -> Peer:
    client = connect(proxy.port)
    client.line()
    for command in (b"LOGIN %b secret" % user, *commands):
        assert b"x OK" in client.command(command)
    return client


# --- what is shown of a session --------------------------------------------------------------


def test_a_record(start: Start, server: FakeServer) -> None:
    proxy, seen = start()
    with login(proxy, b"alice", b"SELECT Archive/2024") as client:
        session = seen.session("alice", lambda one: one.record.data != "")
        record, live = session.record, session.live
        assert record.client == "[%s]:%d" % client.socket.getsockname()
        assert (record.host, record.server) == (HOST, f"[{HOST}]:{server.port}")
        assert (record.state, record.command) == ("selected", "")
        assert (record.data, record.acls) == ("Archive/2024", ("ALL", "ALL"))
        sent = b"x LOGIN alice secret\r\nx SELECT Archive/2024\r\n"
        assert (live.commands, live.from_client) == (2, len(sent))
        assert live.to_client == len(client.received)
        [child] = [it for it in below(proxy.pid) if it.pid == session.pid]
        assert "alice selected" in title(child)
        client.send(b"x IDLE\r\n")
        assert seen.session("alice", lambda one: one.record.command == "IDLE")
    wait_until(lambda: not seen.sessions, "the end of the session")
    assert "IN=" in proxy.wait_for("IMAP-702")[0]


def test_octets_and_speed(start: Start) -> None:
    proxy, seen = start()
    with login(proxy, b"alice", b"SELECT INBOX") as client:

        def moving() -> bool:  # a speed is shown for one interval: fetch until one is seen
            assert b"x OK" in client.command(b"FETCH 1 BODY[]")
            return any(one.speed.download > 10_000 for one in seen.sessions)

        wait_until(moving, "a session that moves")
        session = seen.session("alice", lambda one: one.speed.download == 0)
        assert session.live.from_server > MEGABYTE and session.live.to_client > MEGABYTE
        assert session.live.to_server < session.live.from_server / 1000
        client.command(b"LOGOUT")


def test_tls(start: Start, tmp_path: Path) -> None:
    world = World(tmp_path)
    ours = f'ssl-params IN {{ {own(world.proxy)} }} ssl-params OUT {{ ca-file "{world.ca}"; }}'

    def secured(peer: Peer) -> None:
        peer.start_tls(server_context(world.proxy))
        generous(peer)

    with FakeServer(secured) as server:
        proxy, seen = start(
            sections=ours,
            plug_to=server.port,
            session="client-ssl-params IN session;",
            command="server-ssl-params OUT session;",
        )
        _see_tls(proxy, seen, world)


def _see_tls(proxy: Proxy, seen: Monitored, world: World) -> None:
    with connect(proxy.port) as client:
        assert seen.session("", lambda one: one.record.state == "handshake")
        client.start_tls(client_context(world.root), NAME)
        client.line()
        assert b"x OK" in client.command(b"LOGIN alice secret")
        record = seen.session("alice").record
        for words in (record.client_tls, record.server_tls):
            assert re.fullmatch(r"TLSv1\.3 TLS_\w+", words)
        assert "1.3 / 1.3" in seen.program("-c", "tls").stdout
        client.command(b"LOGOUT")


def test_user_and_data(start: Start) -> None:
    proxy, seen = start("user 4; data 12 tail 4;")
    with login(proxy, b"catherine", b"SELECT Archive/2024/May"):
        assert seen.session("cat+", lambda one: one.record.data == "Archi.../May")


def test_interval(start: Start) -> None:
    proxy, seen = start(interval="interval 3600;")
    published = wait_until(seen.status, "the file")
    with login(proxy, b"alice"):
        wait_until(lambda: seen.metric("imap4_proxy_active_sessions") == 1, "the session")
        assert seen.status() == published and published.interval == 3600
        assert '"refresh" content="3600"' in seen.get("/")[1]


def test_disabled(start: Start) -> None:
    proxy, seen = start("disabled;")
    with login(proxy, b"alice") as client:
        assert not seen.folder.exists() and not is_listening(seen.port)
        assert not [it for it in below(proxy.pid) if "monitor" in title(it)]
        client.command(b"LOGOUT")


# --- where it is published -------------------------------------------------------------------


def test_comm_dir(start: Start) -> None:
    proxy, seen = start()
    [path] = wait_until(lambda: list(seen.folder.glob("monitor.*")), "the file")
    assert path.name == f"monitor.TEST.{proxy.pid}" and path.stat().st_mode & 0o777 == 0o600
    assert seen.folder.stat().st_mode & 0o777 == 0o755
    proxy.stop()
    assert list(seen.folder.iterdir()) == []


BAD = [
    # items of monitoring, what is told
    ('comm-dir "/no/such/folder";', "/no/such/folder: No such file or directory"),
    ('comm-dir "/dev/null";', "/dev/null: Not a directory"),
    ("http [192.0.2.1] : 80;", "http needs `from`"),
    ("http [192.0.2.1] : 80 from *;", "cannot listen on [192.0.2.1]:80"),
]


@pytest.mark.parametrize("items, told", BAD)
def test_what_cannot_be_had(tmp_path: Path, items: str, told: str) -> None:
    proxy = Proxy(tmp_path, 143, items=f"\nmonitoring {{ {items} }}")
    with pytest.raises(RuntimeError, match="it ended with 1") as ended:
        proxy.start()
    place = re.escape(str(proxy.path)) + r":\d+:\d+: "
    assert re.search(place + ".*" + re.escape(told), str(ended.value))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can change its user and root")
def test_another_user_in_another_root(server: FakeServer, tmp_path: Path) -> None:
    jail = Path(tempfile.mkdtemp())
    jail.chmod(0o755)
    nobody = pwd.getpwnam("nobody").pw_uid
    seen = Monitored(jail / "mon", free_ports(1)[0])
    monitoring = f'comm-dir "{seen.folder}"; interval 1; http [{HOST}] : {seen.port};'
    items = f'{FEW} app-user nobody; chroot-dir "{jail}"; monitoring {{ {monitoring} }}'
    try:
        with Proxy(tmp_path, server.port, items=items) as proxy, login(proxy, b"alice"):
            seen.session("alice")
            [helper] = [it for it in below(proxy.pid) if "TEST: monitor" in title(it)]
            assert set(helper.uids()) == {nobody} and seen.folder.stat().st_uid == nobody
            assert os.stat(f"/proc/{helper.pid}/root").st_ino == jail.stat().st_ino
            assert seen.get("/healthz")[0] == 200 and "alice" in seen.get("/")[1]
            proxy.stop()
            assert list(seen.folder.iterdir()) == []
        outside = items.replace(str(seen.folder), str(tmp_path))
        with pytest.raises(RuntimeError, match="it is not below"):
            Proxy(tmp_path, server.port, items=outside).start()
    finally:
        shutil.rmtree(jail)


# --- the program -----------------------------------------------------------------------------


def test_the_program(start: Start) -> None:
    proxy, seen = start()
    wait_until(seen.status, "the file")
    with login(proxy, b"alice", b"SELECT INBOX"), login(proxy, b"bob"):
        seen.session("bob")
        seen.session("alice", lambda one: one.record.state == "selected")
        done = seen.program("-c", "user,doing,data", "-s", "user")
        assert (done.returncode, done.stderr) == (0, "")
        head, table = done.stdout.split("\n\n")
        assert f"imap4-proxy TEST[{proxy.pid}]: serving for" in head and "2 sessions" in head
        assert table.splitlines() == [
            "USER   DOING          DATA",
            "alice  selected       INBOX",
            "bob    authenticated",
        ]
        assert seen.program("-c", "user", "OTHER").stdout.endswith("\nUSER\n")


def test_what_a_client_chose_is_harmless(start: Start) -> None:
    proxy, seen = start("user 100;")
    name = b'<script>alert(1)</script>\x1b[2J"'
    with connect(proxy.port) as client:
        client.line()
        client.send(b"x LOGIN {%d+}\r\n%b secret\r\n" % (len(name), name))
        assert client.line() == b"x OK done\r\n"
        seen.session('<script>alert(1)</script>?[2J"')
        assert "\x1b" not in seen.program().stdout
        for page in (seen.get("/")[1], seen.program("-g").stdout):
            assert "&lt;script&gt;alert(1)&lt;/script&gt;?[2J&quot;" in page
            assert "<script" not in page and "\x1b" not in page


def test_one_session_is_ended(start: Start) -> None:
    proxy, seen = start()
    with login(proxy, b"alice") as alice, login(proxy, b"bob") as bob:
        victim = seen.session("alice").pid
        seen.session("bob")
        done = seen.program("-k", victim)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert alice.line().startswith(b"* BYE ") and alice.rest() == b""
        assert b"x OK" in bob.command(b"NOOP")
        wait_until(lambda: not psutil.pid_exists(victim), "the end of the child")
        wait_until(lambda: len(seen.sessions) == 1, "the end of the session")
        with login(proxy, b"carol"):
            assert seen.session("carol").pid != victim
        again = seen.program("-k", victim)
        assert again.returncode == 1 and f"process {victim} serves no session" in again.stderr
    assert not proxy.logged("TCPS-640")


# --- HTTP ------------------------------------------------------------------------------------


def test_http(start: Start) -> None:
    proxy, seen = start()
    with login(proxy, b"alice"):
        seen.session("alice")
        code, page = seen.get("/")
        assert code == 200 and ">alice</td>" in page and "<script" not in page
        assert seen.get("/healthz") == (200, "serving\n")
        assert seen.get("/nothing")[0] == 404
    assert "STATUS=404" in proxy.wait_for("MNTR-740", 3)[-1]


def test_http_from(start: Start) -> None:
    proxy, seen = start(http="from [192.0.2.1]")
    for path in ("/", "/metrics", "/healthz"):
        assert seen.get(path) == (403, "Forbidden\n")
    assert len(proxy.logged("MNTR-812")) == 3


def test_metrics_are_as_prometheus_wants_them(start: Start) -> None:
    proxy, seen = start(session="from [127.0.0.0/8];")
    with login(proxy, b"alice", b"SELECT INBOX"):
        pass
    proxy.wait_for("IMAP-702")
    with login(proxy, b"bob"):
        wait_until(lambda: seen.metric("imap4_proxy_active_sessions") == 1, "the session")
        text = seen.get("/metrics")[1]
        done = subprocess.run(
            ["promtool", "check", "metrics"], input=text, capture_output=True, text=True
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert seen.metric('imap4_proxy_sessions_total{result="ACCEPTED"}') == 1
        wait_until(lambda: seen.metric("imap4_proxy_commands_total") == 3, "the commands")
        assert seen.metric('imap4_proxy_acl_selections_total{acl="ALL",layer="session-acl"}') == 2
        assert seen.metric('imap4_proxy_children{state="busy"}') == 1
        octets = seen.metric('imap4_proxy_transferred_bytes_total{direction="from",peer="client"}')
        assert octets > len(b"x LOGIN alice secret\r\n" b"x SELECT INBOX\r\n")


def test_warnings_are_counted(start: Start) -> None:
    """The server is not there: whatever that is called, it is counted by its number."""
    proxy, seen = start(command="max-bytes-out 40;")
    with login(proxy, b"alice") as client:
        client.send(b"x NOOP\r\n" * 4)
        assert b"* BYE" in client.rest()
    proxy.wait_for("IMAP-702")
    logged = re.findall(r": ([A-Z]{4}-\d{3})-[WEC] ", proxy.log)
    assert logged
    for identification in set(logged):
        counted = seen.metric(f'imap4_proxy_log_messages_total{{id="{identification}"')
        assert counted == logged.count(identification)


def test_health_from_the_graceful_end_on(start: Start) -> None:
    proxy, seen = start()
    with login(proxy, b"alice") as client:
        assert seen.get("/healthz") == (200, "serving\n")
        proxy.process.signal(signal.SIGQUIT)
        proxy.wait_for("TCPS-710")
        assert seen.get("/healthz") == (503, "ending\n")
        wait_until(lambda: "ending;" in seen.program().stdout, "the report to tell so")
        assert b"x OK" in client.command(b"NOOP")
        client.command(b"LOGOUT")
    assert proxy.process.wait() == 0 and not is_listening(seen.port)


def test_hostile_clients_hold_nobody_up(start: Start) -> None:
    proxy, seen = start()
    wait_until(seen.status, "the file")
    with ExitStack() as stack:
        for octets in (b"", b"GET / HT", b"x" * 9000, b"GET / HTTP/1.1\r\n\r\n") * 15:
            stack.enter_context(connect(seen.port)).socket.sendall(octets)
        before = seen.status()
        wait_until(lambda: seen.status() != before, "the next interval")
        assert seen.get("/healthz") == (200, "serving\n")
        with login(proxy, b"alice"):
            seen.session("alice")
    assert not proxy.logged("MNTR-680")


# --- a browser -------------------------------------------------------------------------------

BROWSER = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"]
QUIET = ["--no-first-run", "--disable-background-networking", "--disable-component-update"]


def test_a_browser_shows_the_page_and_renews_it(start: Start, tmp_path: Path) -> None:
    """What it reads is what was sent, its policy is kept, and it comes again by itself."""
    proxy, seen = start()
    command = [*BROWSER, *QUIET, "--disable-sync", "--enable-logging=stderr"]
    url = f"http://{HOST}:{seen.port}/"

    def asked() -> int:
        return proxy.log.count("TARGET=/ STATUS=200")

    with login(proxy, b"<b>alice"):
        seen.session("<b>alice")
        dump = [*command, f"--user-data-dir={tmp_path}/one", "--dump-dom", url]
        done = subprocess.run(dump, capture_output=True, text=True)
        assert 'data-label="USER">&lt;b&gt;alice</td>' in done.stdout
        assert "Security Policy" not in done.stderr
        before = asked()
        stay = [*command, f"--user-data-dir={tmp_path}/two", "--remote-debugging-port=0", url]
        with Process(stay, tmp_path / "browser.log"):
            wait_until(lambda: asked() >= before + 3, "the page to be asked for again")
