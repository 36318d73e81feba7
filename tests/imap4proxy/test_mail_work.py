import mmap
import os
from base64 import b64encode
from pathlib import Path

import pytest

from imap4proxy.engine.actions import Check, Quarantine, Reserve, Save, Store
from imap4proxy.engine.events import Quarantined, Reserved
from imap4proxy.mail_check import MailChecker
from imap4proxy.mail_work import MailWork
from imap4proxy.quarantine import Folders
from imap4proxy.section.checks import Checks, UseAntivirus
from imap4proxy.section.mail_pool import MailPoolSection
from imap4proxy.spool import MailPool
from kernun_common.antivirus.section import Antivirus, Connection
from kernun_common.antivirus.status import Status
from kernun_common.errors import PeerClosed, Side, Unavailable
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse
from kernun_common.netio.conn import Conn
from kernun_common.netio.section import ServerConn
from tests.support.checking import at
from tests.support.peers import FakeServer, Peer
from tests.support.streams import tcp_pair
from tests.support.waiting import wait_until


def opened(path):
    folders = Folders()
    folders.open(path)
    return folders


def made(path, checker):
    pool = MailPool(MailPoolSection(dir=str(path), memory=100, free=0))
    return MailWork(pool, checker, opened(str(path)), {})


@pytest.fixture
def work(tmp_path):
    work = made(tmp_path, MailChecker((), (), None))
    yield work
    work.close()


@pytest.fixture
def pair():
    ours, theirs = tcp_pair()
    conn = Conn(ours, Side.SERVER, ServerConn())
    yield conn, theirs
    conn.close()
    theirs.close()


def test_all_of_it_has_come(work, pair):
    stored = work.store(Store(Side.SERVER, b"hello", 0), pair[0])
    assert stored.mail.octets == b"hello" and work.storing is None


@pytest.mark.parametrize("size", [10, 100, 500_000])
def test_the_rest_comes(work, pair, size):
    conn, theirs = pair
    assert work.store(Store(Side.SERVER, b"hello", size), conn) is None
    octets = bytes(number % 251 for number in range(size)) + b"behind"

    def through():
        nonlocal octets
        octets = octets[theirs.send(octets):] if octets else octets
        work.storing.step()
        return not work.storing.left

    wait_until(through, "octets")
    stored = work.stored()
    assert len(stored.mail) == size + 5
    assert stored.mail.octets[5:] == bytes(number % 251 for number in range(size))
    wait_until(lambda: conn.ahead or conn.receive(), "octets behind it")


def test_the_source_goes_away(work, pair):
    conn, theirs = pair
    work.store(Store(Side.SERVER, b"", 10), conn)
    theirs.close()
    with pytest.raises(PeerClosed):
        wait_until(lambda: work.storing.step(), "octets")


def test_reserved_room_is_used(work, pair):
    assert work.reserve(Reserve(60)) == Reserved()
    assert isinstance(work.store(Store(Side.CLIENT, b"x" * 60, 0), pair[0]).mail.octets, bytes)
    assert not isinstance(work.store(Store(Side.CLIENT, b"x" * 60, 0), pair[0]).mail.octets, bytes)


@pytest.fixture
def full(tmp_path):
    pool = MailPool(MailPoolSection(dir=str(tmp_path), memory=0, free=1 << 60))
    made = MailWork(pool, None, Folders(), {})
    yield made
    made.close()


def test_no_room(full, pair):
    assert "stay free" in full.reserve(Reserve(60)).reason
    assert "stay free" in full.save(Save(1, [b"x"])).reason


def test_what_has_no_room_is_read_all_the_same(full, pair):
    conn, theirs = pair
    assert full.store(Store(Side.SERVER, b"hello", 10), conn) is None
    theirs.send(b"0123456789behind")
    wait_until(lambda: full.storing.step() and not full.storing.left, "octets")
    stored = full.stored()
    assert stored.mail is None and "stay free" in stored.reason
    assert conn.receive() == b"behind"


def test_a_disk_that_is_full(work, pair, monkeypatch):
    def write(fd, octets):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "write", write)
    stored = work.store(Store(Side.SERVER, b"x" * 200, 0), pair[0])
    assert stored.mail is None and stored.reason == os.strerror(28)


def test_a_mail_that_cannot_be_mapped_leaves_no_descriptor(work, monkeypatch):
    def no_map(*args):
        raise OSError(12, os.strerror(12))

    monkeypatch.setattr(mmap, "mmap", no_map)
    before = os.listdir("/proc/self/fd")
    stored = work.save(Save(200, [b"x" * 200]))
    assert stored.mail is None and stored.reason == os.strerror(12)
    assert os.listdir("/proc/self/fd") == before


def short():
    """Chunks for which there is no memory."""
    yield b"x"
    raise MemoryError


def test_memory_is_short_for_what_is_saved(work):
    before = os.listdir("/proc/self/fd")
    stored = work.save(Save(200, short()))
    assert stored.mail is None and stored.reason == "memory is short"
    assert os.listdir("/proc/self/fd") == before


@pytest.mark.parametrize("place", ["write", "mail"])
def test_memory_is_short_for_what_comes(work, pair, monkeypatch, place):
    conn, theirs = pair

    def fail(*args):
        raise MemoryError

    assert work.store(Store(Side.SERVER, b"", 5), conn) is None
    monkeypatch.setattr(type(work.storing.writer), place, fail)
    theirs.send(b"hellobehind")
    wait_until(lambda: work.storing.step() and not work.storing.left, "octets")
    stored = work.stored()
    assert stored.mail is None and stored.reason == "memory is short"
    assert conn.receive() == b"behind"


@pytest.mark.parametrize("place", ["_documents", "_checker", "step"])
def test_memory_is_short_for_a_check(work, monkeypatch, place):
    """Nobody knows what is in the mail."""
    mail = work.save(Save(1, [b"x"])).mail

    class Checking:
        over = False

        def check(self, *args):
            if place == "_checker":
                raise MemoryError
            return self

        def step(self, ready):
            raise MemoryError

        def close(self):
            Checking.over = True

    def documents(action):
        raise MemoryError

    monkeypatch.setattr(work, "_checker", Checking())
    if place == "_documents":
        monkeypatch.setattr(work, "_documents", documents)
    checks = Checks((UseAntivirus(),))
    checked = work.check(Check(mail, parse(mail.octets, Limits()), checks, Limits()))
    if place == "step":
        assert checked is None
        checked = work.step(())
        assert Checking.over and work.step(()) is None
    assert checked.findings.virus_status is Status.ERROR
    assert checked.reason == "memory is short"


def test_save(work):
    assert work.save(Save(300, (b"x" * 100 for _ in range(3)))).mail.octets[:] == b"x" * 300


@pytest.mark.parametrize("passing", [False, True])
def test_what_is_passing_is_not_in_memory(work, passing):
    mail = work.save(Save(3, [b"abc"], passing)).mail
    assert mail.octets[:] == b"abc"
    assert isinstance(mail.octets, bytes) is not passing


def test_quarantine(work, tmp_path):
    mail = work.save(Save(1, [b"x"])).mail
    assert work.quarantine(Quarantine(str(tmp_path), "a@b", mail, {"a": 1})) == Quarantined()
    assert (tmp_path / "a@b.eml").read_bytes() == b"x"


def test_a_quarantine_that_fails(work, tmp_path):
    mail = work.save(Save(1, [b"x"])).mail
    (tmp_path / "a@b.json").mkdir()
    reason = work.quarantine(Quarantine(str(tmp_path), "a@b", mail, {})).reason
    assert reason.startswith(str(tmp_path))


MIME = b"MIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n"


def test_what_is_decoded_is_checked_as_well(work):
    mail = work.save(Save(len(MIME), [MIME])).mail
    action = Check(mail, parse(mail.octets, Limits()), Checks(), Limits())
    assert [b"".join(each.pieces()) for each in work._documents(action)][0] == b"hello"


def test_no_room_for_what_is_decoded(tmp_path):
    pool = MailPool(MailPoolSection(dir=str(tmp_path), memory=1000, free=1 << 60))
    work = MailWork(pool, MailChecker((), (), None), Folders(), {})
    checked = work.check(ambiguous(work))
    assert checked.findings.virus_status is Status.ERROR
    assert "stay free" in checked.reason


# A mail that is decoded as a whole and read like a mail, which is of the same kind.
ENCODED = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
AMBIGUOUS = ENCODED + b64encode(ENCODED + b64encode(b"Subject: x\r\n\r\nhello"))


def ambiguous(work, engine=None):
    mail = work.save(Save(len(AMBIGUOUS), [AMBIGUOUS])).mail
    checks = Checks((UseAntivirus(engine),))
    return Check(mail, parse(mail.octets, Limits()), checks, Limits())


def held(folder):
    """Descriptors and maps of this process that belong to files without a name in the folder."""
    links = [path.readlink() for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    maps = Path("/proc/self/maps").read_text().splitlines()
    return [sum(f"{folder}/#" in str(each) for each in there) for there in (links, maps)]


def test_what_is_decoded_goes_with_its_check(work, tmp_path):
    before = held(tmp_path)
    for _ in range(20):
        action = ambiguous(work)
        assert work.check(action).reason == ""
        action.mail.release()
    assert held(tmp_path) == before


def test_what_is_decoded_stays_for_a_check_under_way(tmp_path):
    """... and no longer than the session."""
    with FakeServer(Peer.rest) as engine:
        section = Antivirus(name="A", connection=Connection(clamav=at(engine.port)))
        work = made(tmp_path, MailChecker([section], (), None))
        before = held(tmp_path)
        action = ambiguous(work, section)
        with_mail = held(tmp_path)
        assert work.check(action) is None
        assert held(tmp_path)[1] > with_mail[1]
        action.mail.release()
        work.close()
        assert held(tmp_path) == before


def test_nothing_stays_of_what_is_decoded_half(work, tmp_path, monkeypatch):
    before, keep, kept = held(tmp_path), work._pool.keep, []

    def failing(chunks):
        if kept:
            raise Unavailable("no room")
        kept.append(True)
        return keep(chunks)

    monkeypatch.setattr(work._pool, "keep", failing)
    action = ambiguous(work)
    assert work.check(action).reason == "no room" and kept
    action.mail.release()
    assert held(tmp_path) == before


def test_no_engine_no_waiting(work):
    mail = work.save(Save(1, [b"x"])).mail
    checked = work.check(Check(mail, parse(mail.octets, Limits()), Checks(), Limits()))
    assert checked.findings.virus_status is Status.SKIPPED
    assert work.wants == [] and work.step(()) is None
