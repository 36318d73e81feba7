"""client: a real server, with password and TLS, that goes away and comes back; other processes."""

import os

import pytest

from kernun_common.configuration.types import Host, Sock
from kernun_common.errors import ConfigurationError, Unavailable, Where
from kernun_common.redis_store.client import Client
from kernun_common.redis_store.section import Redis
from kernun_common.sockaddr import address
from kernun_common.tls.section import KeyFile, SslParams
from tests.support.certificates import Authority, write
from tests.support.checking import at
from tests.support.children import in_child
from tests.support.peers import FakeServer
from tests.support.ports import HOST, free_ports
from tests.support.redis_server import RedisServer

WHERE = Where("f", 1, 2)
SECONDS = 10.0
NAME = "redis.example.org"
NAMES = {NAME: (address(HOST),), "two.example": (address("127.0.0.9"), address(HOST))}


def client(place, seconds=SECONDS, **items):
    sock = at(place) if isinstance(place, int) else place
    return Client(Redis(sock, **items), WHERE, seconds)


def ping(asked):
    return asked.call(NAMES, lambda redis: redis.ping())


def failure(asked):
    with pytest.raises(Unavailable) as raised:
        ping(asked)
    return raised.value.what


def test_a_server(redis_server):
    asked = client(redis_server.port, prefix="test_client:")
    asked.call({}, lambda redis: redis.set(asked.key("a"), b"\0\xff"))
    assert redis_server.look().get("test_client:a") == b"\0\xff"
    assert asked.call({}, lambda redis: redis.get(asked.key("a"))) == b"\0\xff"


def test_names(redis_server):
    for name in NAMES:
        assert ping(client(Sock(Host(name=name), redis_server.port)))
    unknown = client(Sock(Host(name="unknown.example"), redis_server.port))
    assert failure(unknown) == "unknown.example: no address is known"


@pytest.fixture
def password_file(tmp_path):
    (tmp_path / "pw").write_bytes("sesamé\nmore\n".encode())
    return str(tmp_path / "pw")


def test_user_and_password(password_file, tmp_path):
    (tmp_path / "wrong").write_text("wrong\n")
    with RedisServer("proxy", "sesamé", "mail:") as server:
        right = client(server.port, user="proxy", password_file=password_file, prefix="mail:")
        assert ping(right)
        assert right.call({}, lambda redis: redis.set(right.key("a"), b"1"))
        with pytest.raises(Unavailable):
            right.call({}, lambda redis: redis.set("other", b"1"))
        wrong = client(server.port, user="proxy", password_file=str(tmp_path / "wrong"))
        assert "invalid username-password pair" in failure(wrong)
        assert failure(client(server.port))


def test_the_password_is_not_shown(password_file):
    assert "sesam" not in repr(vars(client(1, password_file=password_file)))


FILES = [("nowhere", "No such file or directory"), ("latin", "the password is not UTF-8")]


@pytest.mark.parametrize("name, words", FILES)
def test_a_password_that_cannot_be_read(tmp_path, name, words):
    (tmp_path / "latin").write_bytes(b"\xe9\n")
    with pytest.raises(ConfigurationError) as error:
        client(1, password_file=str(tmp_path / name))
    assert (error.value.where, error.value.text) == (WHERE, f"{tmp_path / name}: {words}")


def test_a_server_that_goes_away_and_comes_back():
    with RedisServer() as server:
        asked = client(server.port)
        assert ping(asked)
        server.stop()
        assert failure(asked).startswith(f"[{HOST}]:{server.port}: ")
        server.start()
        assert ping(asked)


BROKEN = [
    lambda peer: None,
    lambda peer: peer.until(b"never"),
    lambda peer: (peer.some(), peer.send(b"* OK IMAP4rev1\r\n"), peer.rest()),
]


@pytest.mark.parametrize("script", BROKEN)
def test_a_server_that_is_broken(script):
    with FakeServer(script) as server:
        assert failure(client(server.port, seconds=0.05))


def test_nobody_listens():
    [port] = free_ports(1)
    assert "refused" in failure(client(port))


def test_a_child_has_a_connection_of_its_own(redis_server, tmp_path):
    """Also with another root, where there are no files."""
    asked = client(Sock(Host(name=NAME), redis_server.port))

    def number():
        return asked.call(NAMES, lambda redis: redis.client_id())

    ours = number()

    def child():
        os.chroot(tmp_path)
        assert number() != ours

    assert in_child(child, child) == 0
    assert number() == ours


def test_another_root(redis_server, tmp_path):
    """Nothing has been done with the library before."""
    asked = client(Sock(Host(name=NAME), redis_server.port), prefix="root:")

    def child():
        os.chroot(tmp_path)
        assert ping(asked)

    assert in_child(child) == 0


# --- TLS -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def secure(tmp_path_factory):
    """A server that wants certificates of its clients; its own shows NAME."""
    folder = tmp_path_factory.mktemp("redis-tls")
    authority = Authority("CA")
    ca = write(folder / "ca.pem", authority.pem)
    files = authority.issue("redis", dns=[NAME]).write(folder)
    with RedisServer(files=files, ca=ca) as server:
        server.ca, server.files = ca, authority.issue("proxy").write(folder)
        server.stranger = write(folder / "stranger.pem", Authority("Stranger").pem)
        yield server


def params(secure, ca=None, own=True, **items):
    if own:
        items |= dict(cert_file=secure.files.cert, key_file=KeyFile(secure.files.key, None))
    return SslParams(name="T", ca_file=ca or secure.ca, **items)


def secured(secure, ssl_params, name=NAME):
    return client(Sock(Host(name=name), secure.tls_port), ssl_params=ssl_params)


def test_tls(secure, tmp_path):
    asked = secured(secure, params(secure))
    large = b"x" * (4 << 20)
    asked.call(NAMES, lambda redis: redis.set("large", large))
    assert asked.call(NAMES, lambda redis: redis.get("large")) == large

    def child():
        os.chroot(tmp_path)
        assert ping(asked)

    assert in_child(child) == 0


def test_tls_by_another_name(secure):
    assert "does not show the name two.example" in failure(
        secured(secure, params(secure), "two.example")
    )
    assert ping(secured(secure, params(secure, match_name=False), "two.example"))
    named = params(secure, server_name=Host(name=NAME))
    assert ping(secured(secure, named, "two.example"))


def test_tls_of_a_stranger(secure):
    assert "TLS: " in failure(secured(secure, params(secure, ca=secure.stranger)))


def test_tls_without_the_certificate_that_it_wants(secure):
    assert failure(secured(secure, params(secure, own=False)))


def test_no_tls_there(secure):
    plain = client(secure.port, ssl_params=params(secure), seconds=0.2)
    assert failure(plain)
