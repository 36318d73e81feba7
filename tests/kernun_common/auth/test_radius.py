"""radius: a real server; who does not answer, and what cannot be asked."""

import pytest

from kernun_common.auth.radius import RadiusClient
from kernun_common.auth.section import RadiusSection, RadiusServer
from kernun_common.auth.user import Challenge, Denied, User
from kernun_common.configuration.types import Host
from kernun_common.errors import Unavailable
from kernun_common.secret import Secret
from tests.support.checking import at
from tests.support.directories import Radius
from tests.support.ports import free_ports

LOOPBACK = at(1).host


def server(port, secret=Radius.SECRET, host=LOOPBACK, seconds=60.0, tries=1):
    return RadiusServer(host, port, Secret(secret.encode()), seconds, tries)


def client(*servers, **items):
    return RadiusClient(RadiusSection(server=servers, **items))


def check(backend, name, password, resolution={}):
    return backend.check(name, Secret(password), resolution)


VERDICTS = [
    ("alice", b"wonderland", User("alice", ("staff", "sales"))),
    ("alice", b"Wonderland", Denied("Access-Reject")),
    ("nobody", b"wonderland", Denied("Access-Reject")),
    ("Erin", b"sky", User("erin")),
    ("ERIN", b"moon", Denied("Access-Reject")),
    ("carol", b"moon", Challenge("Your <code>?", b"\x0a\x0b")),
    ("alice", b"", Denied("a password that RADIUS cannot carry")),
    ("alice", b"x" * 129, Denied("a password that RADIUS cannot carry")),
    ("", b"x", Denied("a name that RADIUS cannot carry")),
    ("x" * 254, b"x", Denied("a name that RADIUS cannot carry")),
    ("žofie", b"\xff\x00", Denied("Access-Reject")),
]


@pytest.mark.parametrize("name, password, verdict", VERDICTS)
def test_verdicts(radius, name, password, verdict):
    assert check(client(server(radius.port), groups="Filter-Id"), name, password) == verdict


@pytest.mark.parametrize("attribute, groups", [("Class", ("gate",)), (None, ())])
def test_groups(radius, attribute, groups):
    backend = client(server(radius.port), groups=attribute, nas="gate")
    assert check(backend, "alice", b"wonderland").groups == groups


def test_the_answer_to_a_challenge(radius):
    backend = client(server(radius.port))
    state = check(backend, "carol", b"moon").state
    assert backend.respond("carol", Secret(b"123456"), state, {}) == User("carol")
    assert isinstance(backend.respond("carol", Secret(b"moon"), state, {}), Denied)
    assert isinstance(backend.respond("carol", Secret(b"123456"), b"other", {}), Denied)


def test_the_next_server_is_asked(radius):
    silent = server(free_ports(1)[0], seconds=0.05)
    assert check(client(silent, server(radius.port)), "alice", b"wonderland") == User("alice")


def test_names(radius):
    backend = client(server(radius.port, host=Host(name="radius.example")))
    resolution = {"radius.example": (LOOPBACK.address,)}
    assert check(backend, "alice", b"wonderland", resolution) == User("alice")
    with pytest.raises(Unavailable, match="no address"):
        check(backend, "alice", b"wonderland")


def test_no_valid_answer(radius):
    """Of nobody, of one who has another secret, and without Message-Authenticator."""
    silent = client(server(free_ports(1)[0], seconds=0.05, tries=2))
    other = client(server(radius.port, secret="other", seconds=0.3))
    for backend, name, password in (
        (silent, "alice", b"wonderland"),
        (other, "alice", b"wonderland"),
        (client(server(radius.port, seconds=0.3)), "dave", b"deep"),
    ):
        with pytest.raises(Unavailable, match="no valid answer"):
            check(backend, name, password)
    lenient = client(server(radius.port), message_authenticator="optional")
    assert check(lenient, "dave", b"deep") == User("dave")
