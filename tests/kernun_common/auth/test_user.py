"""user: logins as octets, and what is none."""

import pytest

from kernun_common.auth.user import Login, User, folded
from kernun_common.sockaddr import address

LOGINS = [
    Login("a1", address("192.0.2.7"), User("alice", ("staff", "sales")), 1.5),
    Login("b2", address("2001:db8::1"), User('žofie, "x"'), 0.0),
]


@pytest.mark.parametrize("login", LOGINS)
def test_there_and_back(login):
    assert Login.read(login.write()) == login
    assert Login.read(login.write().encode()) == login


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '["a", "192.0.2.7", "alice", [], 1.0, 2]',
        '["a", "here", "alice", [], 1.0]',
        '["a", "192.0.2.7", 5, [], 1.0]',
        '["a", "192.0.2.7", "alice", "staff", 1.0]',
        '["a", "192.0.2.7", "alice", [1], 1.0]',
        '["a", "192.0.2.7", "alice", [], "1.0"]',
        b"\xff\xfe",
    ],
)
def test_none(text):
    with pytest.raises(ValueError):
        Login.read(text)


FOLDED = [
    ("alice", "alice"),
    (" Alice  von\tX ", "alice von x"),
    ("STRASSE", "strasse"),
    ("Straße", "strasse"),
    ("\uff21lice", "alice"),
    ("ŽOFIE", "žofie"),
    ("Z\u030cofie", "žofie"),
    ("alice bob", "alice bob"),
    ("", ""),
]


@pytest.mark.parametrize("name, same", FOLDED)
def test_folded(name, same):
    assert folded(name) == same == folded(same)
