"""ldap: a real directory; what users write, groups, TLS, and servers that cannot be had."""

import pytest

from kernun_common.auth.ldap import LdapClient
from kernun_common.auth.section import (
    BindInfo,
    LdapGroups,
    LdapSection,
    LdapServer,
    LdapTls,
    LdapUsers,
)
from kernun_common.auth.user import Denied, User
from kernun_common.configuration.types import Host
from kernun_common.errors import Unavailable
from kernun_common.secret import Secret
from kernun_common.tls.section import SslParams
from tests.support.checking import at
from tests.support.directories import GROUPS, PEOPLE, READER, READER_PASSWORD
from tests.support.ports import free_ports

LOOPBACK = at(1).host
READS = BindInfo(READER, Secret(READER_PASSWORD.encode()))


def client(*ports, host=LOOPBACK, users=LdapUsers(PEOPLE), bindinfo=READS, **items):
    servers = tuple(LdapServer(host, port) for port in ports)
    items = {"timeout": 60.0, **items}
    return LdapClient(LdapSection(server=servers, users=users, bindinfo=bindinfo, **items))


def check(backend, name, password, resolution={}):
    return backend.check(name, Secret(password), resolution)


VERDICTS = [
    ("alice", b"wonderland", User("alice")),
    ("alice", b"Wonderland", Denied("wrong password")),
    ("alice", b"", Denied("no name or no password")),
    ("", b"wonderland", Denied("no name or no password")),
    ("nobody", b"x", Denied("no such user")),
    ("*", b"wonderland", Denied("no such user")),
    ("Alice", b"wonderland", User("alice")),
    (" ALICE  ", b"wonderland", User("alice")),
    ("mary", b"lamb", User("Mary")),
    ("MARY.ANN", b"lamb", User("mary.ann")),
    ("b*b", b"star", User("b*b")),
    ("b*b", b"builder", Denied("wrong password")),
    ("alice)(uid=*", b"wonderland", Denied("no such user")),
    ("alice\0", b"wonderland", Denied("no such user")),
    ("twin", b"twin", Denied("several such users")),
    ("alice", b"\xff\xfe", Denied("a password that LDAP cannot carry")),
    ("alice", b"\x07", Denied("a password that LDAP cannot carry")),
    ("alice", "\u00ad".encode(), Denied("a password that LDAP cannot carry")),
    ("alice", "wonderländ".encode(), Denied("wrong password")),
]


@pytest.mark.parametrize("name, password, verdict", VERDICTS)
def test_verdicts(ldap, name, password, verdict):
    assert check(client(ldap.port), name, password) == verdict


GROUP_ROWS = [
    (None, ()),
    (LdapGroups(GROUPS), ("staff",)),
    (LdapGroups(GROUPS, member="memberUid", by="user"), ("sales",)),
    (LdapGroups(GROUPS, attribute="gidNumber", member="memberUid", by="user"), ("1",)),
    (LdapGroups(GROUPS, filter="(cn=other)"), ()),
    (LdapGroups(GROUPS, attribute="commonName"), ("staff",)),
]


@pytest.mark.parametrize("written", ["alice", "ALICE"])
@pytest.mark.parametrize("groups, names", GROUP_ROWS)
def test_groups(ldap, groups, names, written):
    """memberUid tells names of different case apart, uid does not."""
    assert check(client(ldap.port, groups=groups), written, b"wonderland") == User("alice", names)


@pytest.mark.parametrize(
    "users, name, verdict",
    [
        (LdapUsers(PEOPLE, filter="(employeeType=full)"), "twin", User("twin")),
        (LdapUsers(PEOPLE, filter="(employeeType=none)"), "twin", Denied("no such user")),
        (LdapUsers(PEOPLE, attribute="cn"), "Twin 1", User("Twin 1")),
        (LdapUsers(PEOPLE, attribute="commonName"), "twin  1", User("Twin 1")),
    ],
)
def test_users(ldap, users, name, verdict):
    assert check(client(ldap.port, users=users), name, b"twin") == verdict


def tls(ldap, mode, **items):
    params = SslParams(name="T", ca_file=ldap.ca, **items)
    return {"ssl": LdapTls(params, mode)}


@pytest.mark.parametrize("mode, attribute", [("session", "tls_port"), ("command", "port")])
def test_tls(ldap, mode, attribute):
    backend = client(getattr(ldap, attribute), **tls(ldap, mode))
    assert check(backend, "alice", b"wonderland") == User("alice")


@pytest.mark.parametrize("mode, attribute", [("session", "tls_port"), ("command", "port")])
def test_a_server_of_another_name(ldap, mode, attribute):
    named = Host(name="ldap.example")
    backend = client(getattr(ldap, attribute), host=named, **tls(ldap, mode))
    with pytest.raises(Unavailable, match="certificate"):
        check(backend, "alice", b"wonderland", {"ldap.example": (LOOPBACK.address,)})


def test_the_next_server_is_asked(ldap):
    assert check(client(free_ports(1)[0], ldap.port), "alice", b"wonderland") == User("alice")


UNAVAILABLE = [
    ({"bindinfo": BindInfo(READER, Secret(b"wrong"))}, "bindinfo: invalidCredentials"),
    ({"bindinfo": None}, "noSuchObject|insufficientAccess"),
    ({"users": LdapUsers("ou=nowhere,dc=example,dc=org")}, "noSuchObject"),
    ({"users": LdapUsers(PEOPLE, filter="((")}, "filter"),
]


@pytest.mark.parametrize("items, words", UNAVAILABLE)
def test_unavailable(ldap, items, words):
    with pytest.raises(Unavailable, match=words):
        check(client(ldap.port, **items), "alice", b"wonderland")


def test_a_name_that_cannot_be_read(ldap):
    with pytest.raises(Unavailable, match="cn=Ghost,.*: its name cannot be read"):
        check(client(ldap.port), "ghost", b"boo")


def test_nobody_there():
    with pytest.raises(Unavailable, match="127.0.0.1"):
        check(client(free_ports(1)[0]), "alice", b"wonderland")
    with pytest.raises(Unavailable, match="no address"):
        check(client(389, host=Host(name="ldap.example")), "alice", b"wonderland")


def test_it_asks_nothing(ldap):
    assert isinstance(client(ldap.port).respond("alice", Secret(b"x"), b"", {}), Denied)
