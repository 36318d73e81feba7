"""What a proxy knows of names, with a name server of the test's own."""

import os
from dataclasses import replace
from ipaddress import ip_address

import pytest

from kernun_common.application.naming import Naming
from kernun_common.application.privileges import Privileges
from kernun_common.netio.waiting import Waiter
from tests.support.configurations import proxy
from tests.support.dns_server import DnsServer
from tests.support.lines import Lines

BODY = """
    use-resolver R; cfg-resolution refresh 300;
    session-acl A { from pc.example.org; plug-to imap.example.org : 143; accept; }
"""
SERVER, PC = ip_address("192.0.2.1"), ip_address("192.0.2.2")


@pytest.fixture
def server():
    with DnsServer() as server:
        server.add("imap.example.org", str(SERVER))
        server.add("pc.example.org", str(PC))
        server.add_reverse(str(PC), "pc.example.org")
        yield server


def naming(server, body=BODY, former=None):
    section = proxy(body, f"resolver R {{ server [127.0.0.1] port {server.port}; }}")
    return Naming.of(section, Lines().log, former)


def kept(naming):
    """In a helper process, until it has published; what this one reads then."""
    [helper] = naming.helpers(Privileges())
    line, other = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            os.close(other)
            helper.work(line)
        finally:
            os._exit(0)
    os.close(line)
    while not helper.ready():
        assert os.waitpid(pid, os.WNOHANG) == (0, 0)
    os.close(other)
    assert os.waitpid(pid, 0) == (pid, 0)
    return naming.resolution()


def test_the_names_of_the_configuration(server):
    it = naming(server)
    assert it.resolution() == {}
    assert kept(it) == {"imap.example.org": (SERVER,), "pc.example.org": (PC,)}


def test_no_names_are_ready_at_once(server):
    it = naming(server, "use-resolver R; session-acl A { deny; }")
    assert (it.helpers(Privileges()), it.resolution()) == ((), {})
    assert server.asked == []


def test_what_was_known_is_known(server):
    former = naming(server)
    kept(former)
    it = naming(server, BODY.replace("pc.example.org", "other.example.org"), former)
    [helper] = it.helpers(Privileges())
    assert (helper.ready(), it.resolution()) == (False, {"imap.example.org": (SERVER,)})


def test_the_names_of_a_client(server):
    it = naming(server)
    assert it.client_names(PC, Waiter().until) == ("pc.example.org",)
    assert it.client_names(SERVER, Waiter().until) == ()
    assert it.resolution() == {}


INSIDE = Privileges(user=7, group=8, groups=(8,), root="/var/empty")


def test_the_helper_gives_up_what_children_do(server, monkeypatch):
    """But who asks the system needs its files."""
    given_up = []
    monkeypatch.setattr(Privileges, "give_up", lambda self: given_up.append(self))
    for body in (BODY, BODY.replace("use-resolver R;", "")):
        [helper] = naming(server, body).helpers(INSIDE)
        helper.begin()
    assert given_up == [INSIDE, replace(INSIDE, root=None)]
