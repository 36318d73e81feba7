import errno
import mmap
import os

import pytest

from imap4proxy.section.mail_pool import MailPoolSection
from imap4proxy.spool import MailPool
from kernun_common.errors import Unavailable


@pytest.fixture
def pool(tmp_path):
    return MailPool(MailPoolSection(dir=str(tmp_path), memory=1000, free=0))


def kept(pool, octets):
    writer = pool.writer(len(octets))
    writer.write(octets[:7])
    writer.write(memoryview(octets)[7:])
    return writer.mail()


@pytest.mark.parametrize("size", [0, 1, 1000, 1001, 100_000])
def test_a_mail_is_what_was_written(pool, size):
    octets = bytes(number % 251 for number in range(size))
    mail = kept(pool, octets)
    assert len(mail) == size
    assert mail.octets[:] == octets
    assert mail.view(3, 10) == octets[3:10]


def test_in_memory_up_to_a_limit_for_all(pool, tmp_path):
    small, other = kept(pool, bytes(600)), kept(pool, bytes(600))
    assert isinstance(small.octets, bytes) and small.fd is None
    assert isinstance(other.octets, mmap.mmap) and os.fstat(other.fd).st_size == 600
    small.release()
    assert isinstance(kept(pool, bytes(600)).octets, bytes)


def test_files_have_no_names(pool, tmp_path):
    mail = kept(pool, bytes(5000))
    assert list(tmp_path.iterdir()) == []
    assert os.fstat(mail.fd).st_nlink == 0


def test_a_view_outlives_its_mail(pool):
    mail = kept(pool, b"x" * 5000)
    view = mail.view(10, 20)
    mail.release()
    assert view == b"x" * 10


@pytest.mark.parametrize("use", [
    lambda pool: kept(pool, bytes(600)), lambda pool: kept(pool, bytes(5000)),
    lambda pool: pool.keep([b"x"]),
])  # fmt: skip
def test_it_is_used(pool, use):
    assert not pool.used
    use(pool)
    pool.empty()
    assert pool.used


def test_release_closes_once(pool):
    mail = kept(pool, bytes(5000))
    descriptor = mail.fd
    mail.release()
    with pytest.raises(OSError):
        os.fstat(descriptor)
    another = kept(pool, bytes(5000))
    mail.release()
    assert os.fstat(another.fd).st_size == 5000


def test_empty_gives_everything_back(pool):
    mails = [kept(pool, bytes(900)), kept(pool, bytes(5000))]
    pool.empty()
    with pytest.raises(OSError):
        os.fstat(mails[1].fd)
    assert isinstance(kept(pool, bytes(900)).octets, bytes)


def test_a_close_that_fails(pool, monkeypatch):
    """The disk has no room for what it took: it was of no use any more."""
    writer = pool.writer(1 << 20)
    writer.write(b"x" * (1 << 20))
    mail, close = writer.mail(), os.close

    def fail(fd):
        close(fd)
        raise OSError(errno.EIO, "it failed")

    monkeypatch.setattr(os, "close", fail)
    mail.release()


def test_abandoned(pool):
    writer = pool.writer(900)
    writer.write(bytes(100))
    writer.abandon()
    assert isinstance(kept(pool, bytes(900)).octets, bytes)


def test_keep(pool, tmp_path):
    mail = pool.keep([b"ab", b"", b"cd" * 5000])
    octets = mail.octets
    assert octets[:] == b"ab" + b"cd" * 5000
    assert pool.keep([]).octets == b""
    mail.release()
    assert octets[:4] == b"abcd"


def test_keep_leaves_nothing_of_what_fails(pool, monkeypatch):
    def no_map(*args):
        raise OSError(12, os.strerror(12))

    monkeypatch.setattr(mmap, "mmap", no_map)
    before = os.listdir("/proc/self/fd")
    with pytest.raises(OSError):
        pool.keep([b"x"])
    assert os.listdir("/proc/self/fd") == before


def test_no_room(tmp_path):
    pool = MailPool(MailPoolSection(dir=str(tmp_path), memory=10, free=1 << 60))
    kept(pool, bytes(10))
    with pytest.raises(Unavailable, match="would stay free"):
        pool.writer(11)


def test_a_folder_that_is_gone(tmp_path):
    folder = tmp_path / "pool"
    folder.mkdir()
    pool = MailPool(MailPoolSection(dir=str(folder), memory=10, free=0))
    folder.rmdir()
    with pytest.raises(Unavailable, match="pool"):
        pool.writer(11)


def test_digest(pool):
    one, same, other = kept(pool, b"a" * 900), kept(pool, b"a" * 900), kept(pool, b"b" * 900)
    assert one.digest == same.digest != other.digest
    assert len(one.digest) == 32
