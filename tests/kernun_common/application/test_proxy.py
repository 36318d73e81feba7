"""proxy: opened all or not at all; renewed with as much of the old as there is."""

from dataclasses import replace

import pytest

from kernun_common.application.proxy import Proxy, Start
from kernun_common.application.reading import read_proxies
from kernun_common.configuration.result import ConfigurationErrors
from tests.support.belongings import belongings
from tests.support.echo import PROGRAM
from tests.support.lines import Lines
from tests.support.ports import free_ports, is_listening

TEXT = """
version ECHO-1_0-RELEASE;
echo A {{
    listen-on {{ {rows} }}
    {items}
}}
"""
LOG = 'log-debug { file "%s"; }'


class Scene:
    """A proxy of this process that is opened and renewed, but has no children."""

    def __init__(self, folder):
        self._file = folder / "echo.cfg"
        self.ports = free_ports(3)
        self.services = []

    def write(self, ports, items="", text=TEXT):
        rows = "".join(f"non-transparent [127.0.0.1] port {port};\n" for port in ports)
        self._file.write_text(text.format(rows=rows, items=items))

    def open(self, ports, items="", program=PROGRAM):
        self.write(ports, items)
        proxies, _ = read_proxies(program, str(self._file))
        start = Start(program, str(self._file), True, frozenset("A"))
        self.proxy = Proxy(proxies[0], start)
        return self._keep(self.proxy.open())

    def renew(self, service, ports, items="", **parts):
        self.write(ports, items, **parts)
        return self._keep(self.proxy.renew(service))

    def _keep(self, service):
        self.services.append(service)
        return service

    @property
    def listening(self):
        return [is_listening(port) for port in self.ports]

    def close(self):
        for service in self.services:
            for listener in service.listeners:
                listener.sock.close()


@pytest.fixture
def scene(tmp_path):
    one = Scene(tmp_path)
    yield one
    one.close()


def test_open(scene):
    service = scene.open(scene.ports[:2], "tcpserver { max-idle 9; }")
    assert scene.listening == [True, True, False]
    assert (service.name, service.limits.max_idle) == ("A", 9)


def test_renew(scene):
    one, two, three = scene.ports
    old = scene.open([one, two], LOG % "log")
    new = scene.renew(old, [two, three], LOG % "log" + "tcpserver { max-idle 9; }")
    assert new.listeners[0].sock is old.listeners[1].sock
    assert new.log is old.log and new.limits.max_idle == 9
    assert scene.listening == [True, True, True]  # it is the parent that closes the first
    newer = scene.renew(new, [two], LOG % "other")
    assert newer.log is not new.log
    assert scene.proxy.renew(newer).log is newer.log


LIFE = {"nodaemon;": True, "singleproc;": True, 'pid-file "pid";': True}


@pytest.mark.parametrize("items", LIFE)
def test_what_counts_as_it_was_at_the_start_is_no_error(scene, items):
    old = scene.open(scene.ports[:1])
    assert scene.renew(old, scene.ports[:1], items).listeners[0].sock is old.listeners[0].sock


OTHER = "version ECHO-1_0-RELEASE; echo B {{ listen-on {{ {rows} }} {items} }}"
BOTH = TEXT + "echo B {{ listen-on {{ non-transparent [127.0.0.2] port 9; }} }}"

BAD = [
    # items, ports of the three, text, words of the complaint
    ("nonsense;", [0, 1], TEXT, "nonsense"),
    ("greeting wrong;", [0, 1], TEXT, "this greeting cannot be had"),
    (LOG % "/no/such/log", [0, 1], TEXT, "/no/such/log"),
    (LOG % "other", [0, 1, 1], TEXT, "already"),
    ("", [0, 1], OTHER, "restart"),
    ("", [0, 1], BOTH, "restart"),
]


@pytest.mark.parametrize("items, ports, text, words", BAD)
def test_a_bad_renewal_changes_nothing(scene, items, ports, text, words):
    old = scene.open(scene.ports[:1])
    before = belongings()
    with pytest.raises(ConfigurationErrors) as caught:
        scene.renew(old, [scene.ports[number] for number in ports], items, text=text)
    assert words in str(caught.value)
    assert scene.listening == [True, False, False]
    assert belongings() <= before
    assert scene.renew(old, scene.ports[:1]).listeners[0].sock is old.listeners[0].sock


def test_a_renewal_that_cannot_listen_closes_its_log(scene):
    old = scene.open(scene.ports[:1])
    before = belongings()
    rows = TEXT.replace("{rows}", "{rows} non-transparent [192.0.2.1] port 9;")
    with pytest.raises(ConfigurationErrors):
        scene.renew(old, scene.ports[:2], LOG % "other", text=rows)
    assert scene.listening == [True, False, False]
    assert belongings() <= before


def test_a_pid_file_that_cannot_be_had(scene):
    with pytest.raises(ConfigurationErrors) as caught:
        scene.open(scene.ports[:1], 'pid-file "/no/such/folder/pid";')
    assert "/no/such/folder" in str(caught.value) and not any(scene.listening)


def test_a_pid_file_that_vanished_before_it_was_written(scene, tmp_path):
    out = Lines()
    (tmp_path / "run").mkdir()
    service = scene.open(scene.ports[:1], 'pid-file "run/pid";')
    (tmp_path / "run").rmdir()
    assert scene.proxy.live(replace(service, log=out.log), None) == 1
    assert out.lines[0].startswith("APPL-641-E PID-FILE")
