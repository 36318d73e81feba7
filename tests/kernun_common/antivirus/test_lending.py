"""lending: files with exactly the content, gone afterwards."""

import os
import stat

import pytest

from kernun_common.antivirus.lending import descriptor, file_in
from kernun_common.content import Content, TooLarge
from tests.support.belongings import belongings

OCTETS = bytes(range(256)) * 1000


def content(limit=None):
    return Content("part", lambda: iter([OCTETS[:100_000], OCTETS[100_000:]]))


def test_a_descriptor_that_there_is(tmp_path):
    (tmp_path / "mail").write_bytes(OCTETS)
    with open(tmp_path / "mail", "rb") as file:
        with descriptor(Content.of("mail", OCTETS, file.fileno()), 0) as fd:
            assert fd == file.fileno()
        os.fstat(file.fileno())  # still open


def test_a_descriptor_is_made():
    with descriptor(content(), len(OCTETS)) as fd:
        assert os.pread(fd, len(OCTETS) + 1, 0) == OCTETS
    with pytest.raises(OSError):
        os.fstat(fd)


def test_without_memfd(monkeypatch):
    monkeypatch.delattr(os, "memfd_create", raising=False)
    with descriptor(content(), len(OCTETS)) as fd:
        assert os.pread(fd, len(OCTETS) + 1, 0) == OCTETS


def test_a_file(tmp_path):
    with file_in(str(tmp_path), content(), len(OCTETS)) as name:
        assert (tmp_path / name).read_bytes() == OCTETS
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o640
        with file_in(str(tmp_path), content(), len(OCTETS)) as second:
            assert name != second
    assert os.listdir(tmp_path) == []


def test_too_large(tmp_path):
    before = belongings()
    for lent in (descriptor(content(), 1000), file_in(str(tmp_path), content(), 1000)):
        with pytest.raises(TooLarge), lent:
            raise AssertionError("it was lent")
    assert os.listdir(tmp_path) == []
    assert belongings() <= before


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError), file_in(str(tmp_path / "no"), content(), 1):
        raise AssertionError("it was lent")
