"""TLS of a session, by the same means as in test_session.py."""

import socket
from types import SimpleNamespace

import pytest

from imap4proxy.engine import actions, events
from imap4proxy.engine.actions import (
    Arm,
    Finish,
    Result,
)
from imap4proxy.engine.events import Connected, Timer
from kernun_common.errors import Side
from kernun_common.tls.context import Contexts, Role
from kernun_common.tls.section import KeyFile, SslParams
from tests.support.certificates import Authority, write
from tests.support.session_stage import (
    FAR,
    LARGE,
    Literals,
    in_thread,
    of_type,
    stages,
)
from tests.support.streams import received
from tests.support.tls import client_context, server_context, talking


@pytest.fixture
def make(monkeypatch):
    with stages(monkeypatch) as stage:
        yield stage


@pytest.fixture(scope="module")
def pki(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pki")
    authority = Authority("Example CA")
    files = authority.issue("proxy", ips=["127.0.0.1"]).write(folder)
    inside = SslParams(name="IN", cert_file=files.cert, key_file=KeyFile(files.key, None))
    outside = SslParams(name="OUT", ca_file=write(folder / "ca.pem", authority.pem))
    contexts = Contexts()
    contexts.add(inside, Role.SERVER)
    contexts.add(outside, Role.CLIENT)
    other = Authority("Other CA").issue("mail", ips=["127.0.0.1"]).write(folder)
    return SimpleNamespace(
        inside=inside, outside=outside, contexts=contexts, files=files, other=other
    )


def securing(pki):
    class Securing(Literals):
        def accepted(self, event):
            return [Arm(Timer.IDLE, FAR), actions.Secure(Side.CLIENT, pki.inside)]

        def feed(self, event, now):
            todo = super().feed(event, now)
            if type(event) is events.Secured and event.side is Side.CLIENT:
                return Literals.accepted(self, event)
            if type(event) is Connected:
                return [actions.Secure(Side.SERVER, pki.outside, event.host)]
            if type(event) is events.Insecure:
                return [Finish(Result.FAILED, event.reason)]
            return todo

    return Securing


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


def test_octets_that_break_tls_end_that_side(make, pki):
    stage = make(securing(pki), contexts=pki.contexts)
    with talking(stage.client, client_context()) as client:
        pass
    with talking(stage.accept(), server_context(pki.files)) as server:
        pass
    below = socket.socket(fileno=client.sock.detach())
    below.sendall(b"a NOOP\r\n" * 5000)
    stage.end()
    assert stage.engine.seen[-1].side is Side.CLIENT and server.sock is not None
    assert any("TLS-BROKEN" in text for _, text in stage.log.written)
