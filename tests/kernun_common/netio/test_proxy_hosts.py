"""proxy_hosts: whose connections begin with headers, and how hosts must not be named."""

import pytest

from kernun_common.configuration.types import Glob, HostSet, Name, Regex
from kernun_common.netio.proxy_hosts import brings_header, complaint
from kernun_common.sockaddr import address

ONE, OTHER = address("192.0.2.10"), address("192.0.2.11")
LOOPBACK = address("127.0.0.1")


def test_who_brings_headers():
    hosts = HostSet((Name("lb.example.org"), LOOPBACK))
    known = {"lb.example.org": (ONE,)}
    assert brings_header(hosts, ONE, lambda: known)
    assert brings_header(hosts, LOOPBACK, dict)
    assert not brings_header(hosts, ONE, dict)
    assert not brings_header(hosts, OTHER, lambda: known)
    assert not brings_header(None, ONE, lambda: known)


@pytest.mark.parametrize("member", [Glob("*.example"), Regex("lb.*")])
def test_complaints(member):
    assert "glob or regex" in complaint(HostSet((LOOPBACK, member)))
    assert complaint(HostSet((LOOPBACK, Name("lb.example.org")))) is None
    assert complaint(None) is None
