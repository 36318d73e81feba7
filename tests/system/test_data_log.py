"""The full data log of the real program: what passes is in it, up to log-limit, and no password."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from tests.support.fake_imap import CAPABILITIES, obliging, read_command
from tests.support.peers import FakeServer, Peer, connect
from tests.support.proxy import Proxy

DATA = re.compile(r"NETL-91[012]-F DATA (\S+) SIZE=(\S+) DATA=(.*)")
MAILBOX = b"A-mailbox-with-a-long-name"


def data(proxy: Proxy) -> list[tuple[str, str, str]]:
    """Way, size and data of each message."""
    return DATA.findall(proxy.log)


def session(proxy: Proxy, *commands: bytes) -> None:
    done = len(proxy.logged("IMAP-888"))
    with connect(proxy.port) as client:
        client.line()
        for command in (b"LOGIN alice secret", *commands, b"LOGOUT"):
            client.command(command)
        client.rest()
    proxy.wait_for("IMAP-888", done + 1)


LIMITS = [
    # log-debug, client-conn, server-conn, octets told to the client, to the server, at most
    ("", "", "", 4096, 4096),
    ("data-limit 9;", "", "", 9, 9),
    ("data-limit 9;", "log-limit 7;", "log-limit 11;", 7, 11),
    ("data-limit 9;", "", "log-limit 0;", 9, 0),
    ("data-limit 9;", "log-limit 1M;", "", 1 << 20, 9),
]


@pytest.mark.parametrize(
    "log, client, server, to_client, to_server",
    LIMITS,
    ids=["default", "data-limit", "both", "server", "client"],
)
def test_log_limit(
    tmp_path: Path, log: str, client: str, server: str, to_client: int, to_server: int
) -> None:
    items = f"log-debug {{ level full; {log} }} client-conn {{ keepalive yes; {client} }}"
    text = f"""
        version IMAP4-PROXY-1_0-RELEASE;
        imap4-proxy TEST {{
            nodaemon; {items} server-conn {{ keepalive yes; {server} }}
            listen-on {{ non-transparent [127.0.0.1] port {{port}}; }}
            tcpserver {{ init-children 1; min-idle 1; max-idle 2; }}
            session-acl ALL {{ plug-to [127.0.0.1] : PORT; accept; }}
            command-acl ALL {{ no-mail-scanning; accept; }}
        }}"""
    with FakeServer(obliging()) as fake:
        with Proxy(tmp_path, configuration=text.replace("PORT", str(fake.port))) as proxy:
            session(proxy, b"CREATE " + MAILBOX)
            told = data(proxy)
    limits = {"TO=CLIENT": to_client, "TO=SERVER": to_server, "FROM=SERVER": to_server}
    seen = [row for row in told if row[1] != "***"]
    assert {way for way, _, _ in seen} == set(limits)
    for way, size, shown in seen:
        octets = re.sub(r"\\x[0-9a-f]{2}", "?", shown.removesuffix("...").strip('"'))
        assert len(octets) == min(int(size), limits[way])
        assert shown.endswith("...") is (int(size) > limits[way])
    whole = any(MAILBOX.decode() in shown for way, _, shown in seen if way == "TO=SERVER")
    assert whole is (to_server == 4096)


SECRET = b"s3cr3t-Pass_word"


def b64(octets: bytes) -> bytes:
    return base64.b64encode(octets)


PLAIN = b64(b"\0alice\0" + SECRET)
BEARER = b64(b"n,a=alice,\1auth=Bearer " + SECRET + b"\1\1")
OAUTH = b64(b"user=alice\1auth=Bearer " + SECRET + b"\1\1")
EXCHANGES = {
    # mechanism: challenges, and what is answered
    b"PLAIN": [(b"", PLAIN)],
    b"LOGIN": [(b64(b"User Name"), b64(b"alice")), (b64(b"Password"), b64(SECRET))],
    b"CRAM-MD5": [(b64(b"<1896.697170952@example.org>"), b64(b"alice " + b"b913a602" * 4))],
    b"SCRAM-SHA-256": [
        (b"", b64(b"n,,n=alice,r=rOprNGfwEbeRWgbNEkqO")),
        (b64(b"r=rOprNGfwEbeRWgbNEkqO%hvYD,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"),
         b64(b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYD,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgs")),
    ],
    b"XOAUTH2": [(b"", OAUTH)],
    b"OAUTHBEARER": [(b"", BEARER)],
}  # fmt: skip


def challenging(peer: Peer) -> None:
    """A server that goes through every exchange, and says again what it was told."""
    peer.send(b"* OK [CAPABILITY %b] ready\r\n" % OFFERED)
    while True:
        tag, name, command = read_command(peer)
        words = command.split()
        if name == b"LOGOUT":
            peer.send(b"* BYE see you\r\n" + tag + b" OK bye\r\n")
            return
        if name == b"CAPABILITY":
            peer.send(b"* CAPABILITY %b\r\n" % OFFERED)
        if name == b"AUTHENTICATE":
            answers = words[3:]
            for challenge, _ in EXCHANGES[words[2]][len(answers) :]:
                peer.send(b"+ " + challenge + b"\r\n")
                answers.append(peer.line().strip())
            peer.send(b"* OK you said %b\r\n" % b" ".join(answers))
        if name == b"LOGIN":
            peer.send(b"* OK you said %b\r\n" % words[-1])
        peer.send(tag + b" OK " + name + b" completed\r\n")


OFFERED = CAPABILITIES + b"".join(b" AUTH=" + each for each in EXCHANGES if each != b"PLAIN")


def exchange(client: Peer, mechanism: bytes, at_once: bool) -> None:
    """AUTHENTICATE, with an initial response or without."""
    steps = EXCHANGES[mechanism]
    initial = b" " + steps[0][1] if at_once else b""
    client.send(b"x AUTHENTICATE " + mechanism + initial + b"\r\n")
    for _, answer in steps[at_once:]:
        assert client.line().startswith(b"+ ")
        client.send(answer + b"\r\n")
    line = client.line()
    while not line.startswith(b"x "):
        line = client.line()
    assert line.startswith(b"x OK ")


LOGINS = [
    b'x LOGIN alice "%b"\r\n' % SECRET,
    b"x LOGIN alice {%d+}\r\n%b\r\n" % (len(SECRET), SECRET),
    b"x LOGIN alice %b\r\ny LOGIN alice %b\r\n" % (SECRET, SECRET),
    b"x LOGIN alice other\r\ny LOGIN alice %b\r\n" % SECRET,
    b"%b LOGIN alice {3}\r\nx LOGIN %b\r\n" % (SECRET, SECRET),
]


def test_no_password(tmp_path: Path) -> None:
    """Of any mechanism, even where the server says it again; and what follows is told."""
    with FakeServer(challenging) as fake, Proxy(tmp_path, fake.port, level="full") as proxy:
        for mechanism, steps in EXCHANGES.items():
            for at_once in {False, steps[0][0] == b""}:
                with connect(proxy.port) as client:
                    client.line()
                    exchange(client, mechanism, at_once)
                    client.command(b"CREATE " + mechanism)
                    client.command(b"LOGOUT")
        for octets in LOGINS:
            with connect(proxy.port) as client:
                client.line()
                client.send(octets + b"z LOGOUT\r\n")
                client.rest()
        proxy.wait_for("IMAP-888", len(LOGINS))
        told, log = data(proxy), proxy.log
    for steps in EXCHANGES.values():
        for each in (part for step in steps for part in step if part):
            assert each[:-4].decode() not in log
    assert SECRET.decode() not in log
    for mechanism in EXCHANGES:
        assert any(f"CREATE {mechanism.decode()}" in shown for _, _, shown in told)
    assert ("TO=SERVER", "***", "***") in told and ("FROM=SERVER", "***", "***") in told
