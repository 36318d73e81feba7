"""`resolver` through the checker of the echo language: rows, defaults and complaints."""

from ipaddress import ip_address

import pytest

from kernun_common.configuration.check import check
from kernun_common.configuration.kind import Context
from kernun_common.configuration.parser import parse
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.configuration.types import Host
from kernun_common.resolving.section import NameServer, Resolver

TAG = "ECHO-1_0-RELEASE"


def resolver(body):
    parsed = parse(f"version {TAG}; resolver R {{ {body} }}", "f")
    checked = check(parsed.statements, parsed.errors, "f", (Resolver,), TAG, Context())
    (section,) = checked.sections("resolver")
    return section


def test_defaults():
    section = resolver("server [192.0.2.53];")
    assert section == Resolver(
        name="R",
        server=(NameServer(Host(address=ip_address("192.0.2.53"))),),
        search=None,
        conf_timeout=15.0,
        initial_timeout=1.0,
        query_timeout=3.0,
        total_timeout=10.0,
        cache_size=10000,
    )


def test_servers_and_domains():
    section = resolver(
        "server [192.0.2.53]; server [2001:db8::53] port 5353; search { example.org, a.example };"
    )
    assert [(str(server.host), server.port) for server in section.server] == [
        ("[192.0.2.53]", None),
        ("[2001:db8::53]", 5353),
    ]
    assert section.search == ("example.org", "a.example")


BAD = [
    ("search { example.org };", "`server` is missing"),
    ("server ns.example.org;", "must be an address"),
    ("server [192.0.2.53]; search { 'x' };", "search"),
    ("server [192.0.2.53]; search { *.example.org };", "must be a list of domains"),
    ("server [192.0.2.53]; search { -x };", "must be a list of domains"),
    *(
        (f"server [192.0.2.53]; {item} 0;", "must not be zero")
        for item in ("conf-timeout", "initial-timeout", "query-timeout", "total-timeout")
    ),
]


@pytest.mark.parametrize("body, told", BAD)
def test_bad(body, told):
    with pytest.raises(ConfigurationErrors) as errors:
        resolver(body)
    assert told in str(errors.value)
