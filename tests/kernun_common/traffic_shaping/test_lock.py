"""lock: taken and given back; what becomes of waiting, and of a system without /proc."""

import fcntl
import os
import threading

import pytest

from kernun_common import commands
from kernun_common.errors import Unavailable
from kernun_common.traffic_shaping import lock
from kernun_common.traffic_shaping.lock import locked


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "net"
    path.touch()
    return str(path)


def test_one_after_another(file):
    with locked(file):
        assert is_locked(file)
    assert not is_locked(file)


def is_locked(path):
    fd = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


def test_it_waits_a_while(file, monkeypatch):
    """Until the other one is ready."""
    paused = threading.Event()
    monkeypatch.setattr(lock.time, "sleep", lambda seconds: paused.set())
    other = locked(file)
    other.__enter__()
    ends = threading.Thread(target=lambda: paused.wait(60) and other.__exit__(None, None, None))
    ends.start()
    with locked(file):
        assert paused.is_set()
    ends.join()


def test_it_waits_no_longer(file, monkeypatch):
    monkeypatch.setattr(commands, "PATIENCE", 0.2)
    with locked(file):
        with pytest.raises(Unavailable, match=r"another program has had the lock of .* for 0\.2 s"):
            with locked(file):
                pass
    with locked(file):
        pass


def test_there_is_no_proc(tmp_path):
    with pytest.raises(Unavailable, match="net cannot be locked: No such file"):
        with locked(str(tmp_path / "proc" / "net")):
            pass


def test_no_locks_are_to_be_had(file, monkeypatch):
    def fail(fd, how):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(lock.fcntl, "flock", fail)
    with pytest.raises(Unavailable, match="net cannot be locked: No locks available"):
        with locked(file):
            pass


def test_what_fails_within_stays_what_it_is(file):
    with pytest.raises(OSError, match="within"):
        with locked(file):
            raise OSError("within")
    assert not is_locked(file)
