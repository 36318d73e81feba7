"""engine: a real clamd in every way in which it can be asked, and what cannot be asked."""

import os
import time
from itertools import count

import pytest

from kernun_common.antivirus.engine import Engine
from kernun_common.antivirus.section import Antivirus, Connection
from kernun_common.antivirus.status import FREE, SKIPPED, Status, Verdict
from kernun_common.configuration.types import Host, Sock
from kernun_common.content import Content
from kernun_common.errors import ConfigurationError, Unavailable
from kernun_common.netio.section import SockOpt
from kernun_common.steps import Together
from tests.support.checking import at, result
from tests.support.children import in_child
from tests.support.engines import EICAR, EICAR_NAME, Clamd
from tests.support.peers import PATIENCE, FakeServer
from tests.support.ports import free_ports
from tests.support.waiting import wait_until

SOON = 0.05
FOUND = Verdict(Status.FOUND, EICAR_NAME, content="mail")
LARGE = b"Subject: large\r\n\r\n" + b"x" * (3 << 20)

WAYS = {
    "INSTREAM, TCP": lambda clamd, folder: (Connection(clamav=at(clamd.port)), None),
    "INSTREAM, unix": lambda clamd, folder: (Connection(clamav=clamd.path), None),
    "FILDES": lambda clamd, folder: (Connection(clamav_file=clamd.path), None),
    "SCAN, unix": lambda clamd, folder: (Connection(clamav_file=clamd.path), str(folder)),
    "SCAN, TCP": lambda clamd, folder: (Connection(clamav_file=at(clamd.port)), str(folder)),
}
CONTENTS = [
    (b"Subject: clean\r\n\r\nhello\r\n", FREE),
    (b"", FREE),
    (EICAR, FOUND),
    (LARGE, FREE),
]


def engine(connection, comm_dir=None, root=None, **items):
    section = Antivirus(name="A", connection=connection, comm_dir=comm_dir, **items)
    return Engine(section, root)


def check(engine, *octets, limit=None):
    names = (f"part {number}" if number else "mail" for number in count())
    contents = [Content.of(name, each) for name, each in zip(names, octets)]
    return result(engine.check(contents, limit, {}))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("octets, status", [(b"", Status.ERROR), (EICAR, Status.FOUND)])
def test_what_is_missing_may_hold_anything(clamd, tmp_path, way, octets, status):
    contents = [Content.missing("part 1", "too deep"), Content.of("mail", octets)]
    verdict = result(engine(*WAYS[way](clamd, tmp_path)).check(contents, None, {}))
    assert verdict.status is status
    assert verdict.reason == ("part 1: too deep" if status is Status.ERROR else None)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("octets, verdict", CONTENTS, ids=["clean", "empty", "eicar", "large"])
def test_clamd(clamd, tmp_path, way, octets, verdict):
    asked = engine(*WAYS[way](clamd, tmp_path))
    assert check(asked, octets) == verdict
    assert result(asked.version({})).startswith(b"ClamAV ")
    assert os.listdir(tmp_path) == []


SERVICES = [(None, FOUND), ("avscan", FOUND), ("echo", FREE)]


@pytest.mark.parametrize("service, of_eicar", SERVICES)
def test_c_icap(c_icap, service, of_eicar):
    asked = engine(Connection(icap=at(c_icap.port), service=service))
    assert check(asked, EICAR) == of_eicar
    for octets in (b"", b"x", b"x" * 1024, b"x" * 1025, bytes(range(256)) * 20_000):
        assert check(asked, octets) == FREE
    assert result(asked.version({})).startswith(b"CI0001-")


def test_c_icap_gets_a_stream(c_icap):
    asked = engine(Connection(icap=at(c_icap.port)), max_checked_size=2000)
    for pieces, verdict in (
        ([EICAR[:10], EICAR[10:]], FOUND),
        ([bytes(1500), bytes(500)], FREE),
        ([bytes(1500), bytes(501)], SKIPPED),
    ):
        content = Content("mail", lambda: iter(pieces))
        assert result(asked.check([content], None, {})) == verdict


def test_a_service_that_c_icap_does_not_know(c_icap):
    asked = engine(Connection(icap=at(c_icap.port), service="nosuch"))
    verdict = check(asked, EICAR)
    assert (verdict.status, "404" in verdict.reason) == (Status.ERROR, True)
    with pytest.raises(Unavailable):
        result(asked.version({}))


@pytest.mark.parametrize("way", WAYS)
def test_a_stream_whose_size_nobody_knows(clamd, tmp_path, way):
    asked = engine(*WAYS[way](clamd, tmp_path), max_checked_size=1000)
    for octets, verdict in ((EICAR, FOUND), (bytes(1001), SKIPPED)):
        content = Content("mail", lambda: iter([octets[:10], octets[10:]]))
        assert result(asked.check([content], None, {})) == verdict


def test_readings(clamd):
    asked = engine(Connection(clamav=at(clamd.port)))
    assert check(asked, b"clean", b"clean too") == FREE
    assert check(asked, b"clean", EICAR, b"clean too") == FOUND._replace(content="part 1")


def test_readings_are_combined_strictly(clamd):
    asked = engine(Connection(clamav=at(clamd.port)), max_checked_size=1000)
    assert check(asked, b"clean", bytes(1001)) == SKIPPED
    assert check(asked, bytes(1001), EICAR) == SKIPPED  # of a mail that is too large, no part


SIZES = [(99, None, FREE), (100, None, FREE), (101, None, SKIPPED), (50, 50, FREE),
         (51, 50, SKIPPED), (101, 200, SKIPPED)]


@pytest.mark.parametrize("size, limit, verdict", SIZES)
def test_the_smaller_size_counts(clamd, size, limit, verdict):
    asked = engine(Connection(clamav=at(clamd.port)), max_checked_size=100)
    assert check(asked, bytes(size), limit=limit) == verdict


def test_a_larger_mail_is_not_even_sent():
    [port] = free_ports(1)  # nobody listens, and nobody notices
    assert check(engine(Connection(clamav=at(port)), max_checked_size=1), b"ab") == SKIPPED


def test_more_than_clamd_takes():
    with Clamd(most="1M") as small:
        verdict = check(engine(Connection(clamav=at(small.port))), LARGE)
    assert verdict == Verdict(Status.UNKNOWN, reason="larger than the engine takes")


def test_clamd_that_stops_and_comes_back():
    with Clamd() as own:
        asked = engine(Connection(clamav=at(own.port)))
        assert check(asked, EICAR) == FOUND
        own.stop()
        assert check(asked, EICAR).status is Status.ERROR
        own.start()
        assert check(asked, EICAR) == FOUND


def test_clamd_that_is_killed_while_it_reads():
    with Clamd() as own:
        asked = engine(Connection(clamav=at(own.port)))
        under_way = Together()

        def pieces():
            yield LARGE
            own.process.popen.kill()
            own.process.popen.wait()
            while True:
                yield LARGE

        content = Content("mail", pieces)
        under_way.start("mail", lambda: asked.check([content], None, {}))
        [(_, verdict)] = under_way.wait(time.monotonic() + PATIENCE)
        assert verdict.status is Status.ERROR
        own.start()
        assert check(asked, EICAR) == FOUND


def hanging(peer):
    peer.until(b"never")


BROKEN = [
    (lambda peer: None, "closed the connection"),
    (hanging, "recv-timeout"),
    (lambda peer: peer.send(b"stream: FREE\0"), "it answered b'stream: FREE'"),
    (lambda peer: peer.send(b"220 mail.example.org ESMTP\r\n"), "closed the connection"),
]


@pytest.mark.parametrize("script, words", BROKEN)
def test_an_engine_that_is_broken(script, words):
    options = SockOpt(recv_timeout=SOON if words == "recv-timeout" else 60.0)
    with FakeServer(script) as server:
        asked = engine(Connection(clamav=at(server.port)), sock_opt=options)
        verdict = check(asked, b"clean")
        assert verdict.status is Status.ERROR and words in verdict.reason
        with pytest.raises(Unavailable):
            result(asked.version({}))


def test_an_engine_that_hangs_is_asked_once():
    """However many readings there are; one that only fails is asked for each."""
    for script, asked in ((lambda peer: peer.rest(), 1), (lambda peer: peer.send(b"no\0"), 3)):
        timeout = SOON if asked == 1 else PATIENCE
        with FakeServer(script) as server:
            clamd = Connection(clamav=at(server.port))
            broken = engine(clamd, sock_opt=SockOpt(recv_timeout=timeout))
            assert check(broken, b"mail", b"reading", b"reading").status is Status.ERROR
            wait_until(lambda: len(server.peers) >= asked, "all connections to be accepted")
        assert len(server.peers) == asked


def test_an_engine_that_is_not_there(tmp_path):
    [port] = free_ports(1)
    for connection in (Connection(clamav=at(port)), Connection(clamav="/nowhere/sock")):
        assert check(engine(connection), b"clean").status is Status.ERROR
    (tmp_path / "lost").mkdir()
    lost = engine(Connection(clamav_file=at(port)), comm_dir=str(tmp_path / "lost"))
    (tmp_path / "lost").rmdir()
    verdict = check(lost, b"clean")
    assert verdict.status is Status.ERROR
    assert verdict.reason.startswith(f"{tmp_path}/lost/mail-")


def test_the_version_is_remembered_for_a_while(monkeypatch):
    versions = (b"ClamAV %d\0" % number for number in count(1))

    with FakeServer(lambda peer: (peer.until(b"\0"), peer.send(next(versions)))) as server:
        asked = engine(Connection(clamav=at(server.port)))
        assert [result(asked.version({})) for _ in range(2)] == [b"ClamAV 1", b"ClamAV 1"]
        monkeypatch.setattr("kernun_common.antivirus.engine.VERSION_SECONDS", -1.0)
        asked = engine(Connection(clamav=at(server.port)))
        assert [result(asked.version({})) for _ in range(2)] == [b"ClamAV 2", b"ClamAV 3"]


def test_paths_below_the_childrens_root(tmp_path):
    """Clamd is told of the path outside; the child opens the one inside."""
    jail = tmp_path / "jail"
    (jail / "comm").mkdir(parents=True)
    jailed = engine(Connection(clamav_file=at(1)), str(jail / "comm"), str(jail))
    assert (jailed._folder, jailed._inside) == (str(jail / "comm"), "/comm")
    jailed = engine(Connection(clamav=str(jail / "sock")), root=str(jail))
    assert jailed._place == "/sock"


JAILED = {
    "INSTREAM, unix": lambda clamd: (Connection(clamav=clamd.path), None),
    "INSTREAM, TCP": lambda clamd: (
        Connection(clamav=Sock(Host(name="clamd.example"), clamd.port)), None
    ),
    "FILDES": lambda clamd: (Connection(clamav_file=clamd.path), None),
    "SCAN": lambda clamd: (Connection(clamav_file=clamd.path), str(clamd.folder / "comm")),
}


@pytest.mark.parametrize("way", JAILED)
def test_in_a_jail(clamd, way):
    """A process that sees nothing but the folder of clamd's socket."""
    (clamd.folder / "comm").mkdir(exist_ok=True)
    jailed = engine(*JAILED[way](clamd), str(clamd.folder))
    names = {"clamd.example": (at(1).host.address,)}

    def child():
        os.chroot(clamd.folder)
        for octets, verdict in ((EICAR, FOUND), (b"clean", FREE)):
            assert result(jailed.check([Content.of("mail", octets)], None, names)) == verdict

    assert in_child(child) == 0


@pytest.mark.parametrize("name", ["clamav", "comm-dir"])
def test_paths_outside_the_childrens_root(tmp_path, name):
    sections = {
        "clamav": (Connection(clamav="/run/clamd.sock"), None),
        "comm-dir": (Connection(clamav_file=at(1)), "/run"),
    }
    with pytest.raises(ConfigurationError) as error:
        engine(*sections[name], root=str(tmp_path))
    assert "is not below chroot-dir" in error.value.text


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(ConfigurationError) as error:
        engine(Connection(clamav_file=at(1)), comm_dir=str(tmp_path / "no"))
    assert error.value.text == f"there is no folder {tmp_path}/no"


def test_identity_tells_engines_apart():
    connections = [
        Connection(clamav=at(1)),
        Connection(clamav=at(2)),
        Connection(clamav="/run/sock"),
        Connection(clamav_file="/run/sock"),
        Connection(icap=at(1)),
        Connection(icap=at(1), service="other"),
    ]
    assert len({engine(connection).identity for connection in connections}) == len(connections)
