"""log_file: append, put aside, reopen; on a full disk no half lines."""

import os

import pytest

from kernun_common.log.log_file import LogFile, Rotation


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


ROTATIONS = [
    # size, count, lines written one by one, files afterwards
    (10, 2, [b"aaaa\n", b"bbbb\n"], {"log": b"aaaa\nbbbb\n"}),
    (10, 2, [b"aaaa\n", b"bbbb\n", b"c\n"], {"log": b"c\n", "log.1": b"aaaa\nbbbb\n"}),
    (5, 2, [b"1\n2\n", b"3\n", b"444\n"], {"log": b"444\n", "log.1": b"3\n", "log.2": b"1\n2\n"}),
    (2, 2, [b"1\n", b"2\n", b"3\n", b"4\n"], {"log": b"4\n", "log.1": b"3\n", "log.2": b"2\n"}),
    (2, 1, [b"1\n", b"2\n", b"3\n"], {"log": b"3\n", "log.1": b"2\n"}),
    (2, 1, [b"longer than the file may be\n"], {"log": b"longer than the file may be\n"}),
]


@pytest.mark.parametrize("size, count, lines, files", ROTATIONS)
def test_rotation(tmp_path, size, count, lines, files):
    file = LogFile(str(tmp_path / "log"), Rotation(size, count))
    for line in lines:
        file.write(line)
    file.close()
    assert contents(tmp_path) == files


def test_what_was_there_counts(tmp_path):
    (tmp_path / "log").write_bytes(b"old\n")
    file = LogFile(str(tmp_path / "log"), Rotation(6, 1))
    file.write(b"new\n")
    file.close()
    assert contents(tmp_path) == {"log": b"new\n", "log.1": b"old\n"}


def test_without_rotation(tmp_path):
    file = LogFile(str(tmp_path / "log"))
    for _ in range(3):
        file.write(b"line\n")
    file.close()
    assert contents(tmp_path) == {"log": b"line\n" * 3}
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600


def test_reopen_after_it_was_moved(tmp_path):
    file = LogFile(str(tmp_path / "log"))
    file.write(b"1\n")
    os.rename(tmp_path / "log", tmp_path / "moved")
    file.write(b"2\n")
    file.reopen()
    file.write(b"3\n")
    file.close()
    assert contents(tmp_path) == {"moved": b"1\n2\n", "log": b"3\n"}


def test_goes_on_where_it_cannot_be_put_aside(tmp_path):
    (tmp_path / "log.1").mkdir()
    file = LogFile(str(tmp_path / "log"), Rotation(2, 1))
    file.write(b"1\n")
    file.write(b"2\n")
    file.close()
    assert (tmp_path / "log").read_bytes() == b"1\n2\n"


def test_goes_on_where_it_cannot_be_reopened(tmp_path):
    (tmp_path / "logs").mkdir()
    file = LogFile(str(tmp_path / "logs" / "log"))
    os.rename(tmp_path / "logs", tmp_path / "gone")
    with pytest.raises(OSError):
        file.reopen()
    file.write(b"1\n")
    file.close()
    assert (tmp_path / "gone" / "log").read_bytes() == b"1\n"


def test_full_disk_leaves_no_half_line(tmp_path, monkeypatch):
    file = LogFile(str(tmp_path / "log"))
    file.write(b"whole\n")
    real, room = os.write, [3]

    def write(fd, octets):
        if not room:
            raise OSError(28, "No space left on device")
        return real(fd, octets[: room.pop()])

    monkeypatch.setattr(os, "write", write)
    with pytest.raises(OSError):
        file.write(b"not whole\n")
    monkeypatch.undo()
    file.write(b"next\n")
    file.close()
    assert contents(tmp_path) == {"log": b"whole\nnext\n"}


def test_a_device_is_never_put_aside():
    file = LogFile("/dev/null", Rotation(1, 1))
    file.write(b"1\n")
    file.write(b"2\n")
    file.close()
    assert not os.path.exists("/dev/null.1")


def test_no_such_folder(tmp_path):
    with pytest.raises(FileNotFoundError):
        LogFile(str(tmp_path / "missing" / "log"))


def test_close_and_open(tmp_path):
    file = LogFile(str(tmp_path / "log"))
    assert file.is_open
    file.close()
    file.close()
    assert not file.is_open
    file.open()
    file.write(b"1\n")
    file.close()
    assert contents(tmp_path) == {"log": b"1\n"}
