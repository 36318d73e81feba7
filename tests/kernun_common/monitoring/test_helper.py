"""helper: a real process that looks, publishes, answers, and goes with its parent."""

import os
import signal
import socket
import time
import urllib.error
import urllib.request
from collections import Counter

import pytest

from kernun_common.monitoring.facility import Subject, open_facility
from kernun_common.monitoring.helper import KEEP, Origin, Watch
from kernun_common.monitoring.publish import lives
from kernun_common.monitoring.record import Live, Record
from kernun_common.monitoring.status import read
from tests.support.configurations import proxy
from tests.support.lines import Lines
from tests.support.ports import free_ports
from tests.support.waiting import wait_until


class Scene:
    """A helper of this process; `of` is the set of clients."""

    def __init__(self, folder, of="", past=None):
        self.port = free_ports(1)[0]
        self.folder = folder
        text = f'interval 1; comm-dir "{folder}"; http [127.0.0.1] : {self.port} {of};'
        self.out = Lines()
        section = proxy(f"monitoring {{ {text} }}").monitoring
        subject = Subject("imap4-proxy", "MAIL", 4)
        self.facility = open_facility(section, subject, self.out.log)
        self.board = self.facility.board
        self.watch = Watch(
            self.facility,
            Origin(os.getpid(), time.time()),
            [self.board],
            lambda: {"idle": 2},
            past or Counter(),
            self.out.log,
        )
        self.path = folder / f"monitor.MAIL.{os.getpid()}"
        self.pid = None

    def start(self):
        self.line, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                self.watch.detach(theirs)
                self.watch.work(theirs)
                status = 0
            finally:
                os._exit(status)
        theirs.close()
        wait_until(self.path.exists, "the file")

    def published(self):
        return read(self.path.read_text())

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as found:
                return found.status, found.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def stop(self, word=b""):
        self.line.send(word)
        self.line.close()
        return os.waitpid(self.pid, 0)[1]

    def close(self):
        self.facility.close()


@pytest.fixture
def scene(tmp_path):
    made = []

    def make(**parts):
        made.append(Scene(tmp_path / "monitor", **parts))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_it_publishes_what_the_board_shows(scene):
    stage = scene()
    seat = stage.facility.seat
    seat.take(0)
    seat.begin("[192.0.2.7]:1025")
    stage.start()
    [session] = stage.published().sessions
    assert (session.pid, session.record.client) == (os.getpid(), "[192.0.2.7]:1025")
    seat.show(Record("[192.0.2.7]:1025", user="alice"), Live(0, 5_000_000))
    wait_until(lambda: stage.published().sessions[0].record.user, "the next interval")
    status = stage.published()
    assert status.sessions[0].speed.download > 100_000 and status.sessions[0].speed.upload == 0
    assert (status.name, status.parent, status.children) == ("MAIL", os.getpid(), {"idle": 2})
    assert (status.interval, status.ending) == (1.0, False)
    assert stage.path.stat().st_mode & 0o777 == 0o600
    assert stage.stop() == 0


def test_it_answers(scene):
    stage = scene(past=Counter({("sessions", "ACCEPTED"): 40}))
    stage.facility.seat.take(1)
    stage.start()
    stage.facility.seat.begin("a")
    stage.facility.seat.end("ACCEPTED")
    code, text = stage.get("/metrics")
    assert code == 200 and 'imap4_proxy_sessions_total{result="ACCEPTED"} 41.0' in text
    assert stage.get("/healthz") == (200, "serving\n")
    stage.board.ending = True
    assert stage.get("/healthz") == (503, "ending\n")
    code, text = stage.get("/")
    assert code == 200 and "MAIL" in text
    assert stage.get("/nowhere")[0] == 404
    assert stage.stop() == 0


def test_others_are_told_403(scene):
    stage = scene(of="from [192.0.2.1]")
    stage.start()
    assert stage.get("/healthz")[0] == 403
    assert stage.stop() == 0


def test_silent_clients_do_not_hold_it_up(scene):
    stage = scene()
    stage.start()
    silent = [socket.create_connection(("127.0.0.1", stage.port)) for _ in range(40)]
    silent[-1].sendall(b"GET /")
    before = stage.published().at
    wait_until(lambda: stage.published().at > before, "the next interval")
    assert stage.get("/healthz") == (200, "serving\n")
    for sock in silent:
        sock.close()
    assert stage.stop() == 0


SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGUSR1)


def test_signals_for_the_proxy_do_not_end_it(scene):
    stage = scene()
    stage.start()
    for number in SIGNALS:
        os.kill(stage.pid, number)
    before = stage.published().at
    wait_until(lambda: stage.published().at > before, "the next interval")
    assert stage.stop() == 0


@pytest.mark.parametrize("word, stays", [(b"", False), (KEEP, True)])
def test_the_file_goes_with_the_helper_unless_another_one_takes_it_over(scene, word, stays):
    stage = scene()
    stage.start()
    assert stage.stop(word) == 0 and stage.path.exists() is stays


def test_a_helper_whose_parent_was_killed_takes_the_file_with_it(scene):
    """This process is the grandparent: it forks a parent, which forks the helper."""
    stage = scene()
    tell, told = os.pipe()
    parent = os.fork()
    if parent == 0:
        stage.watch._parent = Origin(os.getpid(), 0.0)
        stage.watch.file = stage.watch._publication(stage.facility.folder)
        stage.path = stage.folder / f"monitor.MAIL.{os.getpid()}"
        stage.start()
        os.write(told, b"%d" % stage.pid)
        signal.pause()
    helper = int(os.read(tell, 20))
    assert (stage.folder / f"monitor.MAIL.{parent}").exists()
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    wait_until(lambda: not lives(helper), "the end of the helper")
    assert not list(stage.folder.iterdir())


def test_what_others_left_is_swept(scene):
    stage = scene()
    left = stage.folder / "monitor.OLD.999999999"
    left.write_text("{}")
    stage.start()
    assert not left.exists()
    assert stage.stop() == 0


def test_a_folder_that_went_away(scene):
    """Told once; published again when the folder is back."""
    stage = scene()
    stage.watch._log = stage.out.log
    file = stage.watch.file
    for _ in range(3):
        stage.watch._publish(file)
        stage.path.unlink()
        stage.folder.rmdir()
        stage.watch._publish(file)
        stage.watch._publish(file)
        stage.folder.mkdir()
    assert [line[:24] for line in stage.out.lines] == ["MNTR-811-W NOT-PUBLISHED"] * 3
