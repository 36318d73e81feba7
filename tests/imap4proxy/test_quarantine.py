import errno
import json
import os

import pytest

from imap4proxy.quarantine import Folders, file_name


class Mail:
    def __init__(self, octets):
        self._octets = octets

    def __len__(self):
        return len(self._octets)

    def view(self, start, end):
        return memoryview(self._octets)[start:end]


NAMES = [
    ("<a1@example.org>", "a1@example.org"),
    ("../../etc/passwd", "_.._etc_passwd"),
    ("", "mail"),
    ("...", "mail"),
    ("a b\r\nc\0", "a_b__c_"),
    ("x" * 500, "x" * 120),
    ("ž", "_"),
]


def opened(path):
    folders = Folders()
    folders.open(path)
    return folders


@pytest.fixture
def folder(tmp_path):
    return str(tmp_path)


@pytest.fixture
def folders(folder):
    return opened(folder)


@pytest.mark.parametrize("name, stem", NAMES)
def test_file_name(name, stem):
    assert file_name(name) == stem


def test_keep(folders, folder, tmp_path):
    octets = b"Subject: x\r\n\r\n" + b"y" * 3_000_000
    folders.keep(folder, "<a@b>", Mail(octets), {"virus": "Eicar"})
    assert (tmp_path / "a@b.eml").read_bytes() == octets
    assert json.loads((tmp_path / "a@b.json").read_text()) == {"virus": "Eicar"}
    assert (tmp_path / "a@b.eml").stat().st_mode & 0o777 == 0o600


def test_names_that_are_taken(folders, folder, tmp_path):
    for number in range(3):
        folders.keep(folder, "<a@b>", Mail(b"%d" % number), {"n": number})
    assert sorted(path.name for path in tmp_path.glob("*.eml")) == [
        "a@b-2.eml", "a@b-3.eml", "a@b.eml",
    ]  # fmt: skip
    assert json.loads((tmp_path / "a@b-3.json").read_text()) == {"n": 2}


def test_a_link_is_not_followed(folders, folder, tmp_path):
    (tmp_path / "a@b.eml").symlink_to(tmp_path / "elsewhere")
    folders.keep(folder, "<a@b>", Mail(b"x"), {})
    assert not (tmp_path / "elsewhere").exists()
    assert (tmp_path / "a@b-2.eml").read_bytes() == b"x"


def test_a_close_that_fails(folders, folder, tmp_path, monkeypatch):
    """Both files are on the disk by then."""
    close = os.close

    def fail(fd):
        close(fd)
        raise OSError(errno.EIO, "it failed")

    with monkeypatch.context() as patch:
        patch.setattr(os, "close", fail)
        folders.keep(folder, "a@b", Mail(b"x"), {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a@b.eml", "a@b.json"]


def test_nothing_is_left_of_a_failure(folders, folder, tmp_path):
    (tmp_path / "a@b.json").mkdir()
    with pytest.raises(OSError):
        folders.keep(folder, "<a@b>", Mail(b"x"), {})
    assert [path.name for path in tmp_path.iterdir()] == ["a@b.json"]
