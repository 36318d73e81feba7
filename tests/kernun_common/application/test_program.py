"""program: what a daemon is made of is what the pieces of its life get to see."""

from dataclasses import replace
from types import MethodType

from kernun_common.application.naming import Naming
from kernun_common.application.proxy import Proxy, Start
from kernun_common.application.reading import read_proxies
from kernun_common.log.sinks import Log
from kernun_common.monitoring.seat import Seat
from kernun_common.tcpserver.title import Title
from tests.support.echo import PROGRAM, Echo
from tests.support.ports import free_ports

TEXT = "version ECHO-1_0-RELEASE; echo A { nodaemon; listen-on { non-transparent %s port %d; } }"


def test_prepare_gets_its_section_and_makes_what_serves(tmp_path):
    path = tmp_path / "echo.cfg"
    path.write_text(TEXT % ("[127.0.0.1]", free_ports(1)[0]))
    got = []

    def serve(*args):
        """Serves."""

    def prepare(section, means):
        got.extend((section, *means))
        return serve

    program = replace(PROGRAM, prepare=prepare)
    [section], _ = read_proxies(program, str(path))
    proxy = Proxy(section, Start(program, str(path), True, frozenset("A")))
    service = proxy.open()
    assert service.serve is serve and [type(it) for it in got] == [
        Echo, Log, Title, Seat, Naming, MethodType, MethodType
    ]
    assert got[0] is section and got[1] is service.log and got[2] is service.title
    service.close()
