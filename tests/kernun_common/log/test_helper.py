"""helper: real processes; lines of many children arrive whole, none is lost on the way."""

import os
import re
import signal
import time

import pytest

from kernun_common.log.helper import Helper, Scribe
from kernun_common.log.log_file import LogFile, Rotation


def lost_line(count):
    return b"LOST %d\n" % count


@pytest.fixture
def files(tmp_path):
    return [LogFile(str(tmp_path / "debug")), LogFile(str(tmp_path / "stats"))]


def wait_for(path, octets):
    """Until the file holds just that; pytest's own time limit ends what never does."""
    while not path.exists() or path.read_bytes() != octets:
        time.sleep(0.002)


def in_child(work):
    """Run `work` in a child of its own; its pid."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid


def wait(*pids):
    for pid in pids:
        assert os.waitpid(pid, 0)[1] == 0


def test_many_children(tmp_path, files):
    helper = Helper(files, lost_line)
    helper.start()

    def work(child):
        for n in range(200):
            while not helper.send(n % 2, b"%d %d %s\n" % (child, n, b"x" * 100)):
                pass

    wait(*[in_child(lambda child=child: work(child)) for child in range(5)])
    helper.close()
    debug = (tmp_path / "debug").read_bytes().splitlines()
    stats = (tmp_path / "stats").read_bytes().splitlines()
    assert len(debug) == len(stats) == 500
    assert all(re.fullmatch(rb"\d+ \d+ x{100}", line) for line in debug + stats)
    for child in range(5):
        mine = [int(line.split()[1]) for line in debug if int(line.split()[0]) == child]
        assert mine == list(range(0, 200, 2))


def test_signals_for_the_proxy_do_not_end_it(tmp_path, files):
    helper = Helper(files, lost_line)
    pid = helper.start()
    helper.send(0, b"before\n")
    wait_for(tmp_path / "debug", b"before\n")  # it reads only when its handlers are set
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP, signal.SIGUSR1):
        os.kill(pid, number)
    helper.send(0, b"after\n")
    helper.close()
    assert (tmp_path / "debug").read_bytes() == b"before\nafter\n"


def test_successor_of_one_that_was_killed(tmp_path, files):
    helper = Helper(files, lost_line)
    pid = helper.start()
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert helper.send(0, b"meanwhile\n")
    helper.start()
    assert helper.send(1, b"then\n")
    helper.close()
    assert (tmp_path / "debug").read_bytes() == b"meanwhile\n"
    assert (tmp_path / "stats").read_bytes() == b"then\n"


def test_successor_writes_to_the_new_file(tmp_path):
    helper = Helper([LogFile(str(tmp_path / "log"), Rotation(2, 1))], lost_line)
    pid = helper.start()
    for line in (b"1\n", b"2\n"):
        helper.send(0, line)
        wait_for(tmp_path / "log", line)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    helper.start()
    helper.send(0, b"3\n")
    helper.close()
    assert (tmp_path / "log").read_bytes() == b"3\n"
    assert (tmp_path / "log.1").read_bytes() == b"2\n"


def test_never_started(tmp_path, files):
    helper = Helper(files, lost_line)
    helper.send(0, b"a line\n")
    helper.close()
    assert (tmp_path / "debug").read_bytes() == b"a line\n"


def test_reopen_is_in_order(tmp_path, files):
    helper = Helper(files, lost_line)
    helper.send(0, b"old\n")
    os.rename(tmp_path / "debug", tmp_path / "moved")
    helper.reopen()
    helper.send(0, b"new\n")
    helper.start()
    helper.close()
    assert (tmp_path / "moved").read_bytes() == b"old\n"
    assert (tmp_path / "debug").read_bytes() == b"new\n"


def test_a_full_queue_loses_lines_and_blocks_nobody(tmp_path, files):
    helper = Helper(files, lost_line)  # not started: nobody reads
    sent = 0
    while helper.send(0, b"%d\n" % sent):
        sent += 1
    assert not helper.send(0, b"lost\n")
    helper.close()
    lines = (tmp_path / "debug").read_bytes().splitlines()
    assert lines == [b"%d" % n for n in range(sent)] and sent > 100


def test_it_holds_nothing_else_open(tmp_path, files):
    reader, writer = os.pipe()
    helper = Helper(files, lost_line)
    pid = helper.start()
    helper.send(0, b"1\n")
    wait_for(tmp_path / "debug", b"1\n")
    held = {os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")}
    mine = os.readlink(f"/proc/self/fd/{reader}")
    helper.close()
    os.close(reader)
    os.close(writer)
    assert mine not in held


class Disk:
    """A file on a disk that is full as long as `full` is set."""

    def __init__(self):
        self.full = False
        self.octets = b""

    def write(self, octets):
        if self.full:
            raise OSError(28, "No space left on device")
        self.octets += octets


class Reader:
    """A socket that gives packets one by one, then ends."""

    def __init__(self, steps):
        self._steps = steps

    def recv(self, size, flags=0):
        if flags:
            raise BlockingIOError
        step = next(self._steps, b"")
        return step


def test_a_full_disk_is_told_of_when_it_is_over():
    disk = Disk()

    def steps():
        yield b"\x00one\n"
        disk.full = True
        yield b"\x00two\n"
        yield b"\x00three\n"
        disk.full = False
        yield b"\x00four\n"
        yield b"\x00five\n"

    Scribe(Reader(steps()), [disk], lost_line).work()
    assert disk.octets == b"one\nLOST 2\nfour\nfive\n"
