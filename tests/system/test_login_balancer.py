"""proxy-protocol of a login page: whose login it is that comes by a balancer's connection."""

from __future__ import annotations

from http.client import RemoteDisconnected
from pathlib import Path
from typing import Callable
from urllib.parse import urlencode

import pytest

from kernun_common.auth.passwd import Entry, hashed
from kernun_common.netio.proxy_protocol import V2_SIGNATURE, encode_v1, encode_v2
from kernun_common.secret import Secret
from kernun_common.sockaddr import Sockaddr, address
from tests.support.certificates import Authority
from tests.support.oob import Desk, Visitor
from tests.support.ports import HOST
from tests.support.tls import client_context

BALANCER = "127.0.0.5"
CLIENT, TO = Sockaddr(address("198.51.100.7"), 4711), Sockaddr(address("192.0.2.1"), 443)
SIX = Sockaddr(address("2001:db8::7"), 4712), Sockaddr(address("2001:db8::1"), 443)
LOCAL = V2_SIGNATURE + b"\x20\x00\x00\x00"

MakeDesk = Callable[..., Desk]


@pytest.fixture
def desk(tmp_path: Path) -> MakeDesk:
    path = tmp_path / "passwd"
    path.write_text(Entry("alice", hashed(Secret(b"wonderland"))).write())

    def made(items: str = "", sections: str = "") -> Desk:
        sections = f'{sections} passwd-auth STAFF {{ file "{path}"; }}'
        items = f'{items} auth passwd STAFF; store "{tmp_path}/logins";'
        proxied = f"proxy-protocol {{ [{BALANCER}] }}"
        return Desk(tmp_path, items, sections=sections, proxied=proxied)

    return made


def logged_in(served: Desk) -> list[str]:
    """The addresses."""
    return [line.split("\t")[0] for line in served.command("list").stdout.splitlines()]


def test_the_client_behind(desk: MakeDesk) -> None:
    """Each is who its header says; failures of one lock that one, and not the balancer."""
    with desk() as served:
        for header in (encode_v1(CLIENT, TO), encode_v2(*SIX), LOCAL):
            visitor = Visitor(served.port, BALANCER, header=header)
            assert visitor.log_in("alice", "wonderland") == 303
        assert logged_in(served) == [BALANCER, "198.51.100.7", "2001:db8::7"]
        guesser = Visitor(served.port, BALANCER, header=encode_v2(CLIENT, TO))
        told = [guesser.log_in(f"user{number}", "x") for number in range(6)]
        assert told == [403] * 5 + [429]
        other = Visitor(served.port, BALANCER, header=encode_v2(*SIX))
        assert (other.log_out(), other.log_in("alice", "wonderland")) == (303, 303)
        assert served.logged("NETL-731") and not served.logged("AUTH-812")


def test_tls_behind_the_header(desk: MakeDesk, tmp_path: Path) -> None:
    authority = Authority("CA")
    files = authority.issue(HOST, ips=[HOST]).write(tmp_path)
    sections = f'ssl-params IN {{ cert-file "{files.cert}"; key-file "{files.key}"; }}'
    with desk("ssl-params IN;", sections) as served:
        tls = client_context(authority)
        visitor = Visitor(served.port, BALANCER, tls=tls, header=encode_v2(CLIENT, TO))
        assert visitor.log_in("alice", "wonderland") == 303
        assert visitor.cookie.startswith("__Host-")
        assert Visitor(served.port, tls=tls).log_in("alice", "wonderland") == 303
        assert logged_in(served) == [HOST, "198.51.100.7"]


def test_a_form_in_pieces(desk: MakeDesk, tmp_path: Path) -> None:
    """By TLS: the server waits for the rest, and serves others meanwhile."""
    authority = Authority("CA")
    files = authority.issue(HOST, ips=[HOST]).write(tmp_path)
    sections = f'ssl-params IN {{ cert-file "{files.cert}"; key-file "{files.key}"; }}'
    with desk("ssl-params IN;", sections) as served:
        visitor = Visitor(served.port, tls=client_context(authority))
        assert visitor.ask("GET", "/") == 200
        form = urlencode({"token": visitor.token, "user": "alice", "password": "wonderland"})
        connection = visitor.connection()
        connection.putrequest("POST", "/login")
        for name, value in (
            ("Cookie", visitor.cookie),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Content-Length", str(len(form))),
        ):
            connection.putheader(name, value)
        connection.endheaders()
        for piece in (form[:9], form[9:]):
            assert Visitor(served.port, tls=client_context(authority)).ask("GET", "/") == 200
            connection.send(piece.encode())
        assert connection.getresponse().status == 303
        connection.close()


def test_headers_that_do_not_count(desk: MakeDesk) -> None:
    """None comes from the balancer; one comes from somebody else."""
    with desk() as served:
        with pytest.raises(RemoteDisconnected):
            Visitor(served.port, BALANCER).ask("GET", "/")
        assert "REASON=" in served.wait_for("NETL-812")[0]
        assert Visitor(served.port, header=encode_v1(CLIENT, TO)).ask("GET", "/") == 400
        assert logged_in(served) == []
