"""Who knows the passwords of users: real servers of RADIUS and LDAP, through the real programs."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import Callable, Iterator

import pytest

from tests.support.directories import GROUPS, PEOPLE, READER, READER_PASSWORD, Ldap, Radius
from tests.support.gates import Gates, greeting
from tests.support.oob import Desk, Visitor
from tests.support.ports import HOST, free_ports
from tests.support.proxy import Proxy


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Proxy]]:
    with Gates(tmp_path) as gates:
        yield gates.open


def desk(folder: Path, backend: str, sections: str) -> Desk:
    return Desk(folder, f'auth {backend}; store "{folder}/logins";', sections=sections)


def groups_of(served: Desk, user: str) -> str:
    """As they are logged, of the user's last login."""
    log = "\n".join(served.logged("AUTH-710"))
    return str(re.findall(rf"USER={user} GROUPS=(\S+) .* ACCEPTED$", log, re.M)[-1])


def users(served: Desk) -> list[str]:
    """Who has logged in, as the log calls them."""
    log = "\n".join(served.logged("AUTH-710"))
    return re.findall(r"USER=(\S+) .* ACCEPTED$", log, re.M)


def test_radius(radius: Radius, tmp_path: Path, start: Callable[..., Proxy]) -> None:
    """Groups by an attribute; a challenge; an answer that anybody could have forged."""
    servers = f'server [{HOST}] port {radius.port} "{Radius.SECRET}" 3 1;'
    sections = f"radius-client R {{ {servers} nas gate; groups Class; }}"
    with desk(tmp_path, "radius R", sections) as served:
        proxy = start(served, "user name alice; group gate;")
        visitor = Visitor(served.port)
        assert visitor.log_in("alice", "looking-glass") == 403
        assert visitor.log_in("alice", "wonderland") == 303
        assert greeting(proxy).startswith(b"* OK")
        assert visitor.log_out() == 303
        assert visitor.log_in("Erin", "sky") == 303
        assert users(served)[-1] == "erin"
        assert visitor.log_in("carol", "moon") == 200
        assert "Your &lt;code&gt;?" in visitor.page
        [challenge] = re.findall(r'name="challenge" value="(.*?)"', visitor.page)
        form = {"token": visitor.token, "challenge": challenge, "answer": "123456"}
        assert visitor.ask("POST", "/login", form) == 303
        assert visitor.log_in("dave", "deep") == 503
        results = [line.split()[-1] for line in served.logged("AUTH-710")]
        assert results.count("CHALLENGE") == 1
    sections = f"radius-client R {{ {servers} groups Filter-Id; message-authenticator optional; }}"
    with desk(tmp_path, "radius R", sections) as served:
        assert Visitor(served.port).log_in("dave", "deep") == 303
        assert Visitor(served.port, "127.0.0.2").log_in("alice", "wonderland") == 303
        assert groups_of(served, "alice") == "staff,sales"


def test_radius_that_is_silent(radius: Radius, tmp_path: Path) -> None:
    """It is asked as often as the configuration says; then the next one is."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind((HOST, 0))
        servers = (
            f'server [{HOST}] port {silent.getsockname()[1]} secret 0.1 3;'
            f' server [{HOST}] port {radius.port} "{Radius.SECRET}";'
        )
        with desk(tmp_path, "radius R", f"radius-client R {{ {servers} }}") as served:
            assert Visitor(served.port).log_in("alice", "wonderland") == 303
        silent.setblocking(False)
        assert len({silent.recv(4096) for _ in range(3)}) == 1
        with pytest.raises(BlockingIOError):
            silent.recv(4096)


def test_ldap(ldap: Ldap, tmp_path: Path, start: Callable[..., Proxy]) -> None:
    """StartTLS, both kinds of groups' members, a filter, and names that are no patterns."""
    sections = f"""
        ssl-params OUT {{ ca-file "{ldap.ca}"; }}
        ldap-client-auth L {{
            server [{HOST}] port {free_ports(1)[0]};
            server [{HOST}] port {ldap.port};
            ssl OUT command;
            bindinfo "{READER}" "{READER_PASSWORD}";
            users "{PEOPLE}" filter "(employeeType=full)";
            groups "{GROUPS}";
            timeout 20;
        }}
    """
    with desk(tmp_path, "ldap L", sections) as served:
        proxy = start(served, "user name alice; group staff;")
        visitor = Visitor(served.port)
        assert visitor.log_in("alice", "looking-glass") == 403
        assert visitor.log_in("*", "wonderland") == 403
        assert visitor.log_in("bob", "builder") == 403
        assert greeting(proxy) == b""
        assert visitor.log_in("alice", "wonderland") == 303
        assert greeting(proxy).startswith(b"* OK")
        assert groups_of(served, "alice") == "staff"
        assert visitor.log_in("ALICE", "wonderland") == 303
        assert greeting(proxy).startswith(b"* OK")  # she is alice to its ACLs
        assert users(served) == ["alice", "alice"]
        assert served.logged("AUTH-811") == []


def test_ldap_at_once(ldap: Ldap, tmp_path: Path) -> None:
    """TLS from the first octet; a server that is silent is Unavailable, in bounded time."""
    with socket.create_server((HOST, 0)) as silent:
        rows = f'bindinfo "{READER}" "{READER_PASSWORD}"; users "{PEOPLE}"; timeout 1;'
        sections = f"""
            ssl-params OUT {{ ca-file "{ldap.ca}"; }}
            ldap-client-auth L {{
                server [{HOST}] port {silent.getsockname()[1]};
                server [{HOST}] port {ldap.tls_port};
                ssl OUT; {rows} groups "{GROUPS}" member memberUid by user;
            }}
            ldap-client-auth SILENT {{ server [{HOST}] port {silent.getsockname()[1]}; {rows} }}
        """
        with desk(tmp_path, "ldap L", sections) as served:
            assert Visitor(served.port).log_in("Alice", "wonderland") == 303
            assert groups_of(served, "alice") == "sales"
        with desk(tmp_path, "ldap SILENT", sections) as served:
            assert Visitor(served.port).log_in("alice", "wonderland") == 503
            assert served.logged("AUTH-811")
