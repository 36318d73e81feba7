"""What the program makes of a section: something that serves one session on a socket."""

from __future__ import annotations

import errno
import math
import os
import socket
import threading
from contextlib import AbstractContextManager, nullcontext
from types import SimpleNamespace
from typing import Any, Iterator

import pytest

from imap4proxy.main import prepare
from kernun_common.application.naming import Naming
from kernun_common.application.program import Means
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.monitoring.facility import disabled
from kernun_common.sockaddr import Sockaddr
from kernun_common.tcpserver.arrival import Arrival
from tests.support.configurations import proxy
from tests.support.obliging import Obliging, script
from tests.support.peers import FakeServer, Peer
from tests.support.streams import tcp_pair

ACLS = """
session-acl ALL {{ plug-to [127.0.0.1] : {port}; {session} accept; }}
command-acl ALL {{ no-mail-scanning; greeting hello; accept; }}
"""


class Log:
    """Keeps the numbers of the messages."""

    level = 7  # debug

    due = math.inf

    def __init__(self) -> None:
        self.numbers: list[str] = []

    def gathering(self) -> AbstractContextManager[None]:
        return nullcontext()

    def flush(self) -> None:
        pass

    def write(self, message: Any, **fields: Any) -> None:
        self.write_fields(message, fields)

    def write_fields(self, message: Any, fields: Any) -> None:
        message.render(fields)
        self.numbers.append(message.identification)

    stats = write_fields


def means(section: Any, log: Any) -> Means:
    title: Any = SimpleNamespace(show=lambda text: None)
    return Means(log, title, disabled().seat, Naming.of(section, log))


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(lambda peer: script(Obliging(), peer)) as server:
        yield server


def test_one_session(server: FakeServer) -> None:
    log = Log()
    section = proxy(ACLS.format(port=server.port, session=""))
    serve = prepare(section, means(section, log))
    ours, theirs = tcp_pair()
    arrival = Arrival(Sockaddr.of(ours.getpeername()), Sockaddr.of(ours.getsockname()))
    line, parent = socket.socketpair()
    stopping = SimpleNamespace(fd=line.fileno(), wakeup=None)
    thread = threading.Thread(target=serve, args=(ours, arrival, stopping))
    with line, parent, Peer(theirs) as client:
        thread.start()
        assert client.line().endswith(b" hello\r\n")
        assert client.command(b"LOGIN alice secret").endswith(b"x OK LOGIN done\r\n")
        assert client.command(b"LOGOUT").endswith(b"x OK LOGOUT done\r\n")
        assert client.rest() == b""
        client.close()
        thread.join()
    assert ours.fileno() == -1
    assert server.peers[0].received.startswith(b"p1 LOGIN alice secret\r\n")
    session = [number for number in log.numbers if number.startswith("IMAP")]
    assert session[0] == "IMAP-701" and session[-2:] == ["IMAP-702", "IMAP-888"]


def test_a_client_whose_connection_cannot_be_set_up(server: FakeServer) -> None:
    """The system says that of one who has gone; nobody is connected to for him."""
    log = Log()
    section = proxy(ACLS.format(port=server.port, session=""))
    serve = prepare(section, means(section, log))
    ours, theirs = tcp_pair()
    arrival = Arrival(Sockaddr.of(ours.getpeername()), Sockaddr.of(ours.getsockname()))

    class Gone(socket.socket):
        def setsockopt(self, *args: Any) -> None:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    gone = Gone(fileno=ours.detach())
    with gone, theirs:
        serve(gone, arrival, SimpleNamespace(fd=-1, wakeup=None))
    assert log.numbers == ["NETL-813"] and not server.peers


def test_what_does_not_fit_is_told_before(server: FakeServer) -> None:
    """`SERVE` names files that are not there."""
    acls = ACLS.format(port=server.port, session="client-ssl-params SERVE;")
    with pytest.raises(ConfigurationErrors, match="No such file"):
        prepare(proxy(acls), means(proxy(acls), Log()))
