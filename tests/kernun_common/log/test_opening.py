"""opening: each form of the two sections leads where log(5) says."""

import json
import os
import signal
import socket

import pytest

from kernun_common.log import opening
from kernun_common.log.message import Message, Severity
from kernun_common.log.opening import open_log
from kernun_common.log.section import LogDebug, LogStats, Rotate

ROW = Message("TEST-100", Severity.NOTICE, "A=%(a)s", "A row for the test.")


@pytest.fixture
def syslogd(tmp_path, monkeypatch):
    """A socket where the packets for /dev/log arrive."""
    path = str(tmp_path / "dev-log")
    monkeypatch.setattr(opening, "DEVICE", path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
        daemon.bind(path)
        daemon.setblocking(False)
        yield daemon


def write(debug, stats, foreground=False):
    log = open_log("p", debug, stats, foreground)
    log.write(ROW, a="debug")
    log.stats(ROW, {"a": "stats"})
    log.close()


FACILITIES = [
    # debug, stats, foreground, facility of the packets
    (LogDebug(), LogStats(), False, [3, 3]),
    (LogDebug(facility="mail"), LogStats(), False, [2, 3]),
    (LogDebug(facility="mail"), LogStats(facility="local0"), True, [2, 16]),
    (LogDebug(), LogStats(facility="local1"), True, [17]),
    (LogDebug(), LogStats(), True, []),
]


@pytest.mark.parametrize("debug, stats, foreground, facilities", FACILITIES)
def test_syslog(syslogd, capfd, debug, stats, foreground, facilities):
    write(debug, stats, foreground)
    for facility in facilities:
        assert syslogd.recv(2000).startswith(b"<%d>" % (facility << 3 | 5))
    assert capfd.readouterr().err.count("\n") == 2 - len(facilities)


def test_files(tmp_path):
    debug, stats = str(tmp_path / "debug"), str(tmp_path / "stats")
    write(LogDebug(file=debug), LogStats(file=stats))
    assert (tmp_path / "debug").read_text().endswith(" TEST-100-N A=debug\n")
    assert (tmp_path / "stats").read_text().endswith(" TEST-100-N A=stats\n")


def test_both_in_one_file(tmp_path):
    path = str(tmp_path / "log")
    write(LogDebug(file=path), LogStats(file=path))
    lines = (tmp_path / "log").read_text().splitlines()
    assert [line.split()[-1] for line in lines] == ["A=debug", "A=stats"]


@pytest.mark.parametrize("rotate, kept", [(Rotate(1, 2), 2), (Rotate(1, None), 5)])
def test_rotate(tmp_path, rotate, kept):
    path = str(tmp_path / "log")
    for _ in range(10):
        write(LogDebug(file=path, rotate=rotate), LogStats(file=str(tmp_path / "stats")))
    numbers = {name for name in os.listdir(tmp_path) if name.startswith("log.")}
    assert numbers == {f"log.{number}" for number in range(1, kept + 1)}


def test_levels_and_limits(tmp_path):
    debug, stats = str(tmp_path / "debug"), str(tmp_path / "stats")
    write(LogDebug(file=debug, level=4), LogStats(file=stats, data_limit=2))
    assert (tmp_path / "debug").read_text() == ""
    assert (tmp_path / "stats").read_text().endswith('A="st"...\n')


def test_no_such_folder(tmp_path):
    with pytest.raises(FileNotFoundError):
        open_log("p", LogDebug(file=str(tmp_path / "no" / "log")), LogStats(), False)


def test_json(tmp_path):
    debug = str(tmp_path / "debug")
    write(LogDebug(file=debug, format="json"), LogStats(file=debug))
    first, second = (tmp_path / "debug").read_text().splitlines()
    assert json.loads(first)["fields"] == {"a": "debug"} and second.endswith("A=stats")


def test_syslog_failure_ignore(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "DEVICE", str(tmp_path / "nothing"))
    write(LogDebug(facility="mail"), LogStats())


def test_syslog_failure_file(tmp_path, syslogd):
    path = str(tmp_path / "log")
    log = open_log("p", LogDebug(file=path, syslog_failure="file"), LogStats(), False)
    log.write(ROW, a=1)
    assert syslogd.recv(2000).endswith(b"A=1")
    syslogd.close()
    log.write(ROW, a=2)
    log.close()
    (line,) = (tmp_path / "log").read_text().splitlines()
    assert line.endswith(" p[%d]: TEST-100-N A=2" % os.getpid())


def test_syslog_failure_stop_at_start(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "DEVICE", str(tmp_path / "nothing"))
    with pytest.raises(OSError) as raised:
        open_log("p", LogDebug(syslog_failure="stop"), LogStats(), False)
    assert raised.value.filename == str(tmp_path / "nothing")


def test_syslog_failure_stop(syslogd):
    """It is the parent that is ended, by SIGTERM, whichever process could not write."""
    parent = os.fork()
    if parent == 0:
        try:
            log = open_log("p", LogDebug(syslog_failure="stop"), LogStats(), False)
            log.start_helper()
            if os.fork() == 0:
                syslogd.shutdown(socket.SHUT_RDWR)
                log.write(ROW, a="not written")
                os._exit(0)
            signal.pause()
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(parent, 0)[1]) == -signal.SIGTERM
