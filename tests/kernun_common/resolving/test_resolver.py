import pytest

from kernun_common.configuration.types import Host
from kernun_common.errors import Unavailable
from kernun_common.resolving.resolver import NO_ADDRESS, addresses_of, look_up, resolver_of
from kernun_common.resolving.section import NameServer, Resolver
from kernun_common.resolving.stub import StubResolver
from kernun_common.resolving.system import SystemResolver
from kernun_common.sockaddr import address
from tests.support.dns_server import DnsServer, failing, silent


def section(server, **items):
    place = NameServer(Host(address=address("127.0.0.1")), server.port)
    return Resolver(server=(place,), **items)


def test_who_is_asked():
    assert isinstance(resolver_of(None), SystemResolver)
    with DnsServer() as server:
        assert isinstance(resolver_of(section(server)), StubResolver)


@pytest.mark.parametrize("row", ["conf_timeout", "total_timeout", "cache_size"])
def test_the_system_resolver_has_the_times_of_a_section_by_default(row):
    assert getattr(resolver_of(None).section, row) == getattr(Resolver(server=()), row)


def test_many_names_whatever_becomes_of_some():
    names = [f"n{number}.example.org" for number in range(100)]
    with DnsServer() as server:
        for number, name in enumerate(names):
            server.add(name, f"192.0.2.{number}")
        server.remove("n7.example.org")
        server.behave(silent, "n8.example.org")
        resolver = resolver_of(section(server, conf_timeout=2))
        results = list(look_up(names, resolver))
    assert sorted(name for name, _ in results) == sorted(names)
    found = dict(results)
    assert isinstance(found.pop("n8.example.org"), Unavailable)
    values = {name: result.values for name, result in found.items()}
    assert values.pop("n7.example.org") == ()
    assert all(values[f"n{n}.example.org"] == (address(f"192.0.2.{n}"),) for n in range(7))


def test_addresses_of_a_name():
    with DnsServer() as server:
        server.add("a.example.org", "192.0.2.1", "192.0.2.2")
        server.behave(failing, "c.example.org")
        resolver = resolver_of(section(server))
        found = addresses_of("a.example.org", resolver)
        assert set(found) == {address("192.0.2.1"), address("192.0.2.2")}
        for name, reason in (("b.example.org", NO_ADDRESS), ("c.example.org", "SERVFAIL")):
            with pytest.raises(Unavailable) as failure:
                addresses_of(name, resolver)
            assert reason in failure.value.what
