"""engine: what is asked, and an engine that cannot be asked."""

import pytest

from kernun_common.antispam.engine import Engine
from kernun_common.antispam.section import Antispam
from kernun_common.content import Content
from kernun_common.errors import Unavailable
from kernun_common.netio.section import SockOpt
from tests.support.checking import at, result
from tests.support.engines import GTUBE
from tests.support.peers import FakeServer
from tests.support.ports import free_ports

SOON = 0.05
MAIL = b"Subject: hello\r\n\r\nhello\r\n"
ANSWER = b"SPAMD/1.1 0 EX_OK\r\nSpam: False ; 1.5 / 5.0\r\n\r\n"


def engine(port, **items):
    return Engine(Antispam(name="A", connection=at(port), **items))


def check(asked, octets=MAIL, limit=None):
    return result(asked.check(Content.of("mail", octets), limit, {}))


def spamd(peer):
    head = peer.until(b"\r\n\r\n")
    size = int(head.split(b"Content-length: ")[1].split(b"\r\n")[0])
    assert peer.take(size)[-2:] == b"\r\n"
    peer.send(ANSWER)


def test_a_mail_is_sent_whole():
    with FakeServer(spamd) as server:
        assert check(engine(server.port, user="alice")) == 1500
    assert server.received.endswith(b"\r\nUser: alice\r\n\r\n" + MAIL)


@pytest.mark.parametrize("limit, score", [(len(MAIL), 1500), (len(MAIL) - 1, None)])
def test_limit(limit, score):
    with FakeServer(spamd) as server:
        assert check(engine(server.port), limit=limit) == score
    assert len(server.peers) == (0 if score is None else 1)


@pytest.mark.parametrize("name, least", [("spamd", 999_000), ("rspamd", 15_000)])
def test_real_engines(name, least, request):
    port = request.getfixturevalue(name).port
    ham = GTUBE.replace(b"GTUBE", b"HELLO") + b"hello\r\n" * 10_000
    assert check(engine(port), GTUBE) >= least
    assert check(engine(port, user='a "b"\r\n\0%'), ham) < 5000


BROKEN = [
    (lambda peer: None, "closed the connection"),
    (lambda peer: peer.until(b"never"), "recv-timeout"),
    (lambda peer: peer.send(b"SPAMD/1.0 74 EX_IOERR\r\n\r\n"), "it answered"),
]


@pytest.mark.parametrize("script, words", BROKEN)
def test_an_engine_that_is_broken(script, words):
    options = SockOpt(recv_timeout=SOON if words == "recv-timeout" else 60.0)
    with FakeServer(script) as server, pytest.raises(Unavailable) as failure:
        check(engine(server.port, sock_opt=options))
    assert words in failure.value.what


def test_an_engine_that_is_not_there():
    with pytest.raises(Unavailable):
        check(engine(free_ports(1)[0]))


def test_identity_tells_engines_apart():
    engines = [engine(1), engine(2), engine(1, user="a"), engine(1, user="b")]
    assert len({it.identity for it in engines}) == len(engines)
