"""service: what it keeps open, and closing it in a process that does not use it."""

import socket
from types import SimpleNamespace

from kernun_common.sockaddr import Sockaddr
from kernun_common.tcpserver.listen_on import Listener
from kernun_common.tcpserver.section import TcpServer
from kernun_common.tcpserver.service import Service
from tests.support.ports import is_listening


def test_descriptors_and_close():
    closed = []
    log = SimpleNamespace(fds=[7, 8], close=lambda: closed.append(True))
    with socket.create_server(("127.0.0.1", 0)) as listening, listening.dup() as other:
        name = listening.getsockname()
        listener = Listener(Sockaddr.of(name), False, listening)
        rules = SimpleNamespace(fds=[9])
        service = Service("", TcpServer(), (listener,), None, log, None, rules=rules)
        assert service.fds == [7, 8, listening.fileno(), 9]
        service.close()
        assert closed and listening.fileno() == -1
        assert is_listening(name[1]) and other.fileno() >= 0  # other processes have it still
