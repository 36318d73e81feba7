"""The demonstration's engines answer as the real ones, to those who ask the real ones."""

import sys

import pytest

from imap4proxy.demo.engines import EICAR, GTUBE
from kernun_common.antispam.engine import Engine as Antispam
from kernun_common.antispam.section import Antispam as AntispamSection
from kernun_common.antivirus.engine import Engine as Antivirus
from kernun_common.antivirus.section import Antivirus as AntivirusSection
from kernun_common.antivirus.section import Connection
from kernun_common.antivirus.status import Status
from kernun_common.content import Content
from tests.support.checking import at, result
from tests.support.ports import free_ports
from tests.support.process import Process


@pytest.fixture(scope="module")
def ports(tmp_path_factory):
    ports = free_ports(2)
    command = [sys.executable, "-m", "imap4proxy.demo.engines", *map(str, ports)]
    with Process(command, tmp_path_factory.mktemp("engines") / "output") as process:
        for port in ports:
            process.wait_for_port(port)
        yield ports


@pytest.mark.parametrize("octets, status", [(EICAR, Status.FOUND), (b"clean", Status.FREE)])
def test_antivirus(ports, octets, status):
    connection = Connection(clamav=at(ports[0]))
    engine = Antivirus(AntivirusSection(name="A", connection=connection))
    assert result(engine.check([Content.of("mail", octets)], None, {})).status is status
    assert result(engine.version({})) == b"ClamAV demonstration"


@pytest.mark.parametrize("octets, score", [(GTUBE, 1_000_000), (b"clean", 0)])
def test_antispam(ports, octets, score):
    engine = Antispam(AntispamSection(name="S", connection=at(ports[1])))
    assert result(engine.check(Content.of("mail", octets), None, {})) == score
