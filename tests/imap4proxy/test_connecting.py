"""What a session waits for: a server that cannot be had, and TLS on either side."""

import errno
import os

import pytest

from imap4proxy import connecting
from imap4proxy.engine import actions, events
from imap4proxy.engine.actions import Arm
from imap4proxy.engine.events import Timer
from kernun_common.errors import Side
from tests.support.session_stage import (
    LARGE,
    Engine,
    in_thread,
    make_pki,
    of_type,
    securing,
    stages,
)
from tests.support.streams import received
from tests.support.tls import client_context, server_context, talking


@pytest.fixture
def make(monkeypatch):
    with stages(monkeypatch) as stage:
        yield stage


def test_a_connection_to_the_server_that_cannot_be_set_up(make, monkeypatch):
    """The system says that of a server that has gone."""

    class Lost(Engine):
        def accepted(self, event):
            monkeypatch.setattr(connecting, "Conn", fail)
            return super().accepted(event)

    def fail(sock, *arguments):
        socks.append(sock)
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    socks = []
    stage = make(Lost)
    stage.end()
    assert of_type(stage, events.Unreachable)[0].reason.endswith(os.strerror(errno.EINVAL))
    assert [sock.fileno() for sock in socks] == [-1]


def test_nobody_to_connect_to(make):
    class Lost(Engine):
        def accepted(self, event):
            self.stage.listener.close()
            return super().accepted(event)

    stage = make(Lost)
    stage.end()
    assert "Connection refused" in of_type(stage, events.Unreachable)[0].reason
    assert any("CONNECT-FAILED" in text for _, text in stage.log.written)
    assert received(stage.client) == b""


@pytest.fixture(scope="module")
def pki(tmp_path_factory):
    return make_pki(tmp_path_factory.mktemp("pki"))


@pytest.mark.parametrize("side", Side)
def test_tls_on_both_sides(make, pki, side):
    stage = make(securing(pki), contexts=pki.contexts)
    with talking(stage.client, client_context()) as client:
        pass
    with talking(stage.accept(), server_context(pki.files)) as server:
        pass
    sender, taker = (client, server) if side is Side.CLIENT else (server, client)
    whole = (b"{1000000}" + LARGE[:1_000_000] + b")\r\n") * 2
    taking = in_thread(received, taker.sock, len(whole))
    sender.sock.sendall(whole)
    taking.join()
    assert taking.results == [whole]
    secured = of_type(stage, events.Secured)
    assert [event.side for event in secured] == [Side.CLIENT, Side.SERVER]
    assert secured[0].certificate is None
    assert "CN=proxy" in secured[1].certificate.subjects
    for peer in (client, server):
        peer.sock.close()


def test_a_server_that_cannot_be_trusted(make, pki):
    stage = make(securing(pki), contexts=pki.contexts)
    with talking(stage.client, client_context()):
        pass
    with talking(stage.accept(), server_context(pki.other)):
        pass
    stage.end()
    assert "issuer" in of_type(stage, events.Insecure)[0].reason


def test_a_handshake_is_bounded_by_idle_timeout(make, pki):
    class Hasty(securing(pki)):
        def accepted(self, event):
            return [Arm(Timer.IDLE, 0.05), actions.Secure(Side.CLIENT, pki.inside)]

    stage = make(Hasty, contexts=pki.contexts)
    stage.end()
    assert "idle-timeout" in of_type(stage, events.Insecure)[0].reason
