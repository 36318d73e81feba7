"""Hosts, ports, sockets and members of host sets."""

from ipaddress import ip_address, ip_network

import pytest

from kernun_common.configuration.hosts import host_name
from kernun_common.configuration.kind import Context
from kernun_common.configuration.kinds import find
from kernun_common.configuration.reading import value
from kernun_common.configuration.types import Glob, Host, HostSet, Name, Range, Regex, Sock
from kernun_common.errors import ConfigurationError

CONTEXT = Context(service={"imaps": 993, "http-alt": 8080}.get)


def addressed(text):
    return Host(address=ip_address(text))


GOOD = [
    ("host", "[10.1.2.3]", addressed("10.1.2.3"), "[10.1.2.3]"),
    ("host", "[2001:DB8::1]", addressed("2001:db8::1"), "[2001:db8::1]"),
    ("host", "[::ffff:10.1.2.3]", addressed("10.1.2.3"), "[10.1.2.3]"),
    ("host", "Mail.Example.ORG", Host(name="mail.example.org"), "mail.example.org"),
    ("host", '"mail"', Host(name="mail"), "mail"),
    ("port", "imaps", 993, "993"),
    ("port", "0", 0, "0"),
    ("sock", "[10.1.2.3]:143", Sock(addressed("10.1.2.3"), 143), "[10.1.2.3] : 143"),
    ("sock", "[::1] : imaps", Sock(addressed("::1"), 993), "[::1] : 993"),
    ("sock", "mail:143", Sock(Host(name="mail"), 143), "mail : 143"),
]


@pytest.mark.parametrize("kind, text, expected, canonical", GOOD)
def test_good(kind, text, expected, canonical):
    assert value(kind, text, context=CONTEXT) == expected
    assert find(kind).write(expected) == canonical
    assert value(kind, canonical) == expected
    assert isinstance(expected, find(kind).of)


BAD = [
    ("host", "10.1.2.3", "expected an address in brackets or a host name"),
    ("host", "[10.1.2]", "'10.1.2' is no address"),
    ("host", "[010.1.2.3]", "'010.1.2.3' is no address"),
    ("host", "[fe80::1%eth0]", "an address has no zone here"),
    ("host", "[10.0.0.0/8]", "'10.0.0.0/8' is no address"),
    ("host", "[::1]-[::2]", "expected an address in brackets or a host name"),
    ("host", "a..b", "host name"),
    ("host", "-a.b", "host name"),
    ("host", "müller.de", "host name"),
    ("host", "a" * 64, "host name"),
    ("host", ".".join(["a"] * 128), "host name"),
    ("host", "mail.example.org.", "host name"),
    ("port", "65536", "a port from 0 to 65535"),
    ("port", "nosuch", "the name of a service"),
    ("port", "-1", "a port"),
    ("sock", "mail", "expected host : port, not `mail`"),
    ("sock", "mail : nosuch", "a port from 0 to 65535"),
    ("sock", '"mail" : "143"', "a port from 0 to 65535"),
    ("sock", "10.1.2.3:143", "an address in brackets"),
]


@pytest.mark.parametrize("kind, text, complaint", BAD)
def test_bad(kind, text, complaint):
    with pytest.raises(ConfigurationError) as error:
        value(kind, text, context=CONTEXT)
    assert complaint in error.value.text


MEMBERS = [
    ("[10.1.2.3]", ip_address("10.1.2.3")),
    ("[10.0.0.0/8]", ip_network("10.0.0.0/8")),
    ("[2001:db8::/32]", ip_network("2001:db8::/32")),
    ("[10.0.0.1]-[10.0.0.9]", Range(ip_address("10.0.0.1"), ip_address("10.0.0.9"))),
    ("[::1]-[::1]", Range(ip_address("::1"), ip_address("::1"))),
    ("Mail.example.org", Name("mail.example.org")),
    ("*.Example.org", Glob("*.example.org")),
    ('~"^a\\\\."', Regex(r"^a\.")),
    ('~i"x"', Regex("x", True)),
]


@pytest.mark.parametrize("text, member", MEMBERS)
def test_members(text, member):
    assert value("host-set", f"{{ {text} }}") == HostSet((member,))
    assert value("host-set", f"! {text}") == HostSet((member,), negated=True)
    written = find("host-set").write(HostSet((member,)))
    assert value("host-set", written) == HostSet((member,))


BAD_MEMBERS = [
    ("[10.1.2.3/8]", "the network is [10.0.0.0/8]"),
    ("[10.0.0.0/255.0.0.0]", "a network is written address/prefix"),
    ("[10.0.0.0/33]", "is no network"),
    ("[10.0.0.0/]", "is no network"),
    ("[10.0.0.9]-[10.0.0.1]", "a range goes up"),
    ("[10.0.0.1]-[::9]", "within one family"),
    ("[10.0.0.1]-[x]", "'x' is no address"),
    ("10.0.0.0/8", "expected an address"),
    ('"*.example.org"', "expected an address"),
    ('~"("', "missing )"),
    ("a : b", "expected an address"),
]


@pytest.mark.parametrize("text, complaint", BAD_MEMBERS)
def test_bad_members(text, complaint):
    with pytest.raises(ConfigurationError) as error:
        value("host-set", f"{{ [::1], {text} }}")
    assert complaint in error.value.text
    assert error.value.where.column == len("value { [::1], ") + 1


@pytest.mark.parametrize(
    "text, name", [("A_b.c", "a_b.c"), ("1.2.3.4", None), ("4", None), ("4a", "4a"), ("", None)]
)
def test_host_name(text, name):
    assert host_name(text) == name
