"""outputs: the line as each receiver wants it; nothing fails, what is lost is counted."""

import os
import re
import socket

import pytest

from kernun_common.log import outputs
from kernun_common.log.helper import Helper
from kernun_common.log.log_file import LogFile
from kernun_common.log.outputs import File, StandardError, Syslog

STAMP = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d"
PID = os.getpid()


@pytest.fixture
def pipe():
    reader, writer = os.pipe()
    yield reader, writer
    os.close(reader)
    os.close(writer)


def read(fd):
    return os.read(fd, 1 << 16).decode("ascii")


def test_standard_error(pipe):
    reader, writer = pipe
    StandardError("imap4-proxy", writer).put(6, "IMAP-701-I", "SESSION-START FROM=x")
    host = re.escape(socket.gethostname().partition(".")[0])
    line = rf"{STAMP} {host} imap4-proxy\[{PID}\]: IMAP-701-I SESSION-START FROM=x\n"
    assert re.fullmatch(line, read(reader))


def test_the_process_is_the_one_that_writes(pipe):
    reader, writer = pipe
    output = StandardError("p", writer)
    output.put(6, "IMAP-701-I", "mine")
    child = os.fork()
    if child == 0:
        output.put(6, "IMAP-701-I", "the child's")
        os._exit(0)
    os.waitpid(child, 0)
    lines = read(reader).splitlines()
    assert [int(re.search(r"\[(\d+)\]", line)[1]) for line in lines] == [PID, child]


def test_time_moves_on(pipe, monkeypatch):
    reader, writer = pipe
    output = StandardError("p", writer)
    for second in (0, 0.9, 1, 86400):
        monkeypatch.setattr(outputs.time, "time", lambda second=second: 1767225600 + second)
        output.put(6, "IMAP-701-I", "x")
    stamps = [line[:15] for line in read(reader).splitlines()]
    assert stamps[0] == stamps[1] != stamps[2]
    assert stamps[3][7:] == stamps[0][7:] and stamps[3] != stamps[0]


def test_standard_error_has_gone():
    reader, writer = os.pipe()
    os.close(reader)
    StandardError("p", writer).put(6, "IMAP-701-I", "nobody reads this")
    os.close(writer)


def test_a_long_line_stays_one_line_in_a_file(tmp_path):
    helper = Helper([LogFile(str(tmp_path / "log"))], lambda count: b"")
    File("p", helper, 0).put(6, "IMAP-888-I", "X " * 20000)
    helper.close()
    assert (tmp_path / "log").read_text().endswith(" IMAP-888-I " + "X " * 20000 + "\n")
    assert (tmp_path / "log").read_text().count("\n") == 1


@pytest.fixture
def syslogd(tmp_path):
    """A socket where syslog packets arrive."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
        daemon.bind(str(tmp_path / "log"))
        yield daemon


def test_syslog(syslogd):
    Syslog("imap4-proxy", "mail", syslogd.getsockname()).put(6, "IMAP-701-I", "SESSION-START")
    packet = rf"<22>{STAMP} imap4-proxy\[{PID}\]: IMAP-701-I SESSION-START"
    assert re.fullmatch(packet, syslogd.recv(2000).decode())


PRIORITIES = [
    ("kern", 2, 2),
    ("mail", 3, 19),
    ("daemon", 6, 30),
    ("local0", 6, 134),
    ("local7", 7, 191),
]


@pytest.mark.parametrize("facility, severity, priority", PRIORITIES)
def test_priority(syslogd, facility, severity, priority):
    Syslog("p", facility, syslogd.getsockname()).put(severity, "IMAP-701-I", "x")
    assert syslogd.recv(2000).startswith(b"<%d>" % priority)


def test_a_long_line_to_syslog_is_continued(syslogd):
    Syslog("p", "mail", syslogd.getsockname()).put(6, "IMAP-888-I", "FIELD=value " * 150)
    first, second = syslogd.recv(9000), syslogd.recv(9000)
    assert len(first) <= 1024 and len(second) <= 1024
    assert first.endswith(b"FIELD=value \\")
    assert b" IMAP-888-I + FIELD=value" in second and not second.endswith(b"\\")


def test_syslogd_restarts(tmp_path):
    path = str(tmp_path / "log")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
        daemon.bind(path)
        output = Syslog("p", "mail", path)
        output.put(6, "IMAP-701-I", "one")
        assert daemon.recv(2000).endswith(b"IMAP-701-I one")
    output.put(6, "IMAP-701-I", "lost")
    os.unlink(path)
    output.put(6, "IMAP-701-I", "lost, too")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
        daemon.bind(path)
        output.put(6, "IMAP-701-I", "two")
        assert daemon.recv(2000).endswith(b"APPL-880-W LOG-LINES-LOST COUNT=2")
        assert daemon.recv(2000).endswith(b"IMAP-701-I two")
        output.put(6, "IMAP-701-I", "three")
        assert daemon.recv(2000).endswith(b"IMAP-701-I three")


def test_no_syslogd(tmp_path):
    Syslog("p", "mail", str(tmp_path / "nothing")).put(6, "IMAP-701-I", "nobody reads this")


def test_syslogd_stands_still(syslogd):
    """Its queue is full: lines are lost, and the program goes on."""
    output = Syslog("p", "mail", syslogd.getsockname())
    syslogd.setblocking(False)
    for _ in range(2000):
        output.put(6, "IMAP-701-I", "x" * 500)
    arrived = 0
    try:
        while syslogd.recv(2000):
            arrived += 1
    except BlockingIOError:
        pass
    output.put(6, "IMAP-701-I", "again")
    assert syslogd.recv(2000).endswith(b"APPL-880-W LOG-LINES-LOST COUNT=%d" % (2000 - arrived))
    assert 0 < arrived < 2000
