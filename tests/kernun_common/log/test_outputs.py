"""outputs: the line as each receiver wants it; nothing fails, what is lost is counted."""

import json
import os
import re
import socket

import pytest

from kernun_common.log import outputs
from kernun_common.log.helper import Helper
from kernun_common.log.log_file import LogFile
from kernun_common.log.message import DATA_LIMIT, Message, Severity
from kernun_common.log.outputs import File, StandardError, Syslog

STAMP = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d"
PID = os.getpid()
ROW = Message("IMAP-701", Severity.STATISTIC, "SAID WHAT=%(what)s", "A row for the test.")
LONG = Message("IMAP-888", Severity.STATISTIC, "FIELD=value " * 150, "A row for the test.")


def put(output, what):
    output.put(ROW, {"what": what}, DATA_LIMIT)


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
    put(StandardError("imap4-proxy", fd=writer), "x y")
    host = re.escape(socket.gethostname().partition(".")[0])
    line = rf'{STAMP} {host} imap4-proxy\[{PID}\]: IMAP-701-I SAID WHAT="x y"\n'
    assert re.fullmatch(line, read(reader))


def test_the_process_is_the_one_that_writes(pipe):
    reader, writer = pipe
    output = StandardError("p", fd=writer)
    put(output, "mine")
    child = os.fork()
    if child == 0:
        put(output, "the child's")
        os._exit(0)
    os.waitpid(child, 0)
    lines = read(reader).splitlines()
    assert [int(re.search(r"\[(\d+)\]", line)[1]) for line in lines] == [PID, child]


def test_time_moves_on(pipe, monkeypatch):
    reader, writer = pipe
    output = StandardError("p", fd=writer)
    for second in (0, 0.9, 1, 86400):
        monkeypatch.setattr(outputs.time, "time", lambda second=second: 1767225600 + second)
        put(output, "x")
    stamps = [line[:15] for line in read(reader).splitlines()]
    assert stamps[0] == stamps[1] != stamps[2]
    assert stamps[3][7:] == stamps[0][7:] and stamps[3] != stamps[0]


def test_standard_error_has_gone():
    reader, writer = os.pipe()
    os.close(reader)
    put(StandardError("p", fd=writer), "nobody reads this")
    os.close(writer)


def test_json(pipe, monkeypatch):
    reader, writer = pipe
    monkeypatch.setattr(outputs.time, "time", lambda: 1767225600.5)
    put(StandardError("p", json=True, fd=writer), "x\r\ny")
    line = read(reader)
    assert line.count("\n") == 1 and line.endswith("\n")
    said = json.loads(line)
    assert re.fullmatch(r"202[56]-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", said.pop("time"))
    assert said == {
        "host": socket.gethostname().partition(".")[0],
        "program": "p",
        "pid": PID,
        "id": "IMAP-701",
        "severity": "I",
        "text": r'SAID WHAT="x\x0d\x0ay"',
        "fields": {"what": "x\r\ny"},
    }


def test_json_fits_a_packet_to_the_helper(tmp_path):
    """Its values are cut further: an object that is cut would be none."""
    fields = {f"f{n}": b"\x1b" * 4000 for n in range(10)}
    text = " ".join(f"%({name})s" for name in fields)
    row = Message("IMAP-999", Severity.DEBUG, text, "A row for the test.")
    helper = Helper([LogFile(str(tmp_path / "log"))], lambda count: b"")
    File("p", helper, 0, json=True).put(row, fields, DATA_LIMIT)
    helper.close()
    said = json.loads((tmp_path / "log").read_text())
    lengths = {len(value) for value in said["fields"].values()}
    assert lengths == {DATA_LIMIT // 8 + len("...")}


def test_a_long_line_stays_one_line_in_a_file(tmp_path):
    helper = Helper([LogFile(str(tmp_path / "log"))], lambda count: b"")
    File("p", helper, 0).put(LONG, {}, DATA_LIMIT)
    helper.close()
    assert (tmp_path / "log").read_text().endswith(f" IMAP-888-I {LONG.text}\n")


@pytest.fixture
def syslogd(tmp_path):
    """A socket where syslog packets arrive."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
        daemon.bind(str(tmp_path / "log"))
        yield daemon


def syslog(daemon, facility="mail", **options):
    return Syslog("imap4-proxy", facility, path=daemon.getsockname(), **options)


def test_syslog(syslogd):
    put(syslog(syslogd), "it")
    packet = rf"<22>{STAMP} imap4-proxy\[{PID}\]: IMAP-701-I SAID WHAT=it"
    assert re.fullmatch(packet, syslogd.recv(2000).decode())


def test_json_to_syslog(syslogd):
    put(syslog(syslogd, json=True), "x" * 3000)
    found = re.fullmatch(rf"<22>{STAMP} imap4-proxy\[{PID}\]: (.*)", syslogd.recv(9000).decode())
    assert json.loads(found[2])["fields"] == {"what": "x" * 3000}


PRIORITIES = [
    ("kern", Severity.CRITICAL, 2),
    ("mail", Severity.ERROR, 19),
    ("mail", Severity.WARNING, 20),
    ("daemon", Severity.NOTICE, 29),
    ("daemon", Severity.OPERATIONAL, 30),
    ("local0", Severity.STATISTIC, 134),
    ("local7", Severity.FULL, 191),
]


@pytest.mark.parametrize("facility, severity, priority", PRIORITIES)
def test_priority(syslogd, facility, severity, priority):
    row = Message("IMAP-999", severity, "x", "A row for the test.")
    syslog(syslogd, facility).put(row, {}, DATA_LIMIT)
    assert syslogd.recv(2000).startswith(b"<%d>" % priority)


def test_a_long_line_to_syslog_is_continued(syslogd):
    syslog(syslogd).put(LONG, {}, DATA_LIMIT)
    first, second = syslogd.recv(9000), syslogd.recv(9000)
    assert len(first) <= 1024 and len(second) <= 1024
    assert first.endswith(b"FIELD=value \\")
    assert b" IMAP-888-I + FIELD=value" in second and not second.endswith(b"\\")


def test_syslogd_restarts(tmp_path):
    path = str(tmp_path / "log")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
        daemon.bind(path)
        output = Syslog("p", "mail", path=path)
        put(output, "one")
        assert daemon.recv(2000).endswith(b"WHAT=one")
    put(output, "lost")
    os.unlink(path)
    put(output, "lost, too")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
        daemon.bind(path)
        put(output, "two")
        assert daemon.recv(2000).endswith(b"APPL-880-W LOG-LINES-LOST COUNT=2")
        assert daemon.recv(2000).endswith(b"WHAT=two")
        put(output, "three")
        assert daemon.recv(2000).endswith(b"WHAT=three")


def test_no_syslogd(tmp_path):
    output = Syslog("p", "mail", path=str(tmp_path / "nothing"))
    assert not output.connect()
    put(output, "nobody reads this")


def test_failure_is_handed_on(tmp_path, syslogd):
    """To who is there for it, with the message as it was; nothing is counted as lost then."""
    failed = []
    output = syslog(syslogd)
    output.on_failure = lambda *message: failed.append(message)
    put(output, "one")
    assert failed == [] and syslogd.recv(2000).endswith(b"WHAT=one")
    os.rename(tmp_path / "log", tmp_path / "away")
    other = Syslog("p", "mail", path=str(tmp_path / "log"))
    other.on_failure = output.on_failure
    put(other, "two")
    assert failed == [(ROW, {"what": "two"}, DATA_LIMIT)]
    os.rename(tmp_path / "away", tmp_path / "log")
    put(other, "three")
    assert syslogd.recv(2000).endswith(b"WHAT=three") and len(failed) == 1


def test_syslogd_stands_still(syslogd):
    """Its queue is full: lines are lost, and the program goes on."""
    output = syslog(syslogd)
    syslogd.setblocking(False)
    for _ in range(2000):
        put(output, "x" * 500)
    arrived = 0
    try:
        while syslogd.recv(2000):
            arrived += 1
    except BlockingIOError:
        pass
    put(output, "again")
    assert syslogd.recv(2000).endswith(b"APPL-880-W LOG-LINES-LOST COUNT=%d" % (2000 - arrived))
    assert 0 < arrived < 2000


class Packets:
    """In the place of the helper."""

    def __init__(self):
        self.sent = []
        self.open = True

    def send(self, number, lines):
        if self.open:
            self.sent.append([line.rpartition("WHAT=")[2] for line in lines.decode().splitlines()])
        return self.open


@pytest.fixture
def gathered():
    packets = Packets()
    output = File("p", packets, 0)
    assert output.gather()
    return packets, output


def test_gathered_lines_go_together(gathered):
    packets, output = gathered
    for what in "abc":
        put(output, what)
    assert packets.sent == []
    output.flush()
    output.flush()
    assert packets.sent == [["a", "b", "c"]]
    put(output, "d")
    output.stop_gathering()
    put(output, "e")
    assert packets.sent == [["a", "b", "c"], ["d"], ["e"]]


def test_a_gathered_line_has_the_time_of_its_event(gathered, monkeypatch):
    packets, output = gathered
    packets.send = lambda number, lines: packets.sent.append(lines.decode().splitlines()) or True
    for second in (0, 1):
        monkeypatch.setattr(outputs.time, "time", lambda second=second: 1767225600 + second)
        put(output, "x")
    output.flush()
    ((first, second),) = packets.sent
    assert re.match(STAMP, first) and re.match(STAMP, second) and first[:15] != second[:15]


SIZES = [  # octets of values, and how many lines go together
    ([8000, 8000], [1, 1]),
    ([100, 8000, 100], [1, 1, 1]),
    ([4000, 4000, 4000], [2, 1]),
    ([60000, 1, 1], [1, 2]),
]


@pytest.mark.parametrize("sizes, together", SIZES)
def test_a_packet_has_its_size(gathered, sizes, together):
    packets, output = gathered
    for size in sizes:
        output.put(ROW, {"what": "x" * size}, size)
    output.flush()
    assert [len(packet) for packet in packets.sent] == together


def test_gathered_lines_that_are_lost_are_counted(gathered):
    packets, output = gathered
    packets.open = False
    for what in "abc":
        put(output, what)
    output.flush()
    packets.open = True
    put(output, "d")
    output.flush()
    (lost,), rest = packets.sent
    assert lost.endswith("APPL-880-W LOG-LINES-LOST COUNT=3") and rest == ["d"]


@pytest.mark.parametrize("output", [StandardError("p"), Syslog("p", "mail", path="/nonexistent")])
def test_only_files_gather(output):
    assert not output.gather()
