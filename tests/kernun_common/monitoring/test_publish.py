"""publish: a file that is whole or not there, of its owner alone, and through no link."""

import os
import stat
import threading

import pytest

from kernun_common.monitoring import publish
from kernun_common.monitoring.publish import Owner, Publication, make_folder, published, sweep
from tests.support.sightings import session, status

PID = os.getpid()
NOBODY_LIVES = 999_999_999  # larger than any pid of a system
OWN = status(session(user="alice"), parent=PID)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def read_all(folder):
    unread = []
    found = list(published(str(folder), lambda path, reason: unread.append((path, reason))))
    return found, unread


def test_the_life_of_a_file(tmp_path):
    file = Publication(str(tmp_path), "MAIL", PID)
    path = tmp_path / f"monitor.MAIL.{PID}"
    assert file.path == str(path)
    for text in ("first", OWN.write()):
        file.write(text)
        assert path.read_text() == text and mode(path) == 0o600
        assert list(tmp_path.iterdir()) == [path]
    assert read_all(tmp_path) == ([OWN], [])
    file.remove()
    file.remove()
    assert not list(tmp_path.iterdir())


NAMES = [
    # of a proxy, within the name of its file
    ("MAIL", "MAIL"),
    ("../../etc/x", "..%2F..%2Fetc%2Fx"),
    ("a.7", "a.7"),
    ("ž b", "%C5%BE%20b"),
]


@pytest.mark.parametrize("name, written", NAMES)
def test_a_name_leaves_no_folder(tmp_path, name, written):
    file = Publication(str(tmp_path), name, PID)
    file.write(status(name=name, parent=PID).write())
    assert [path.name for path in tmp_path.iterdir()] == [f"monitor.{written}.{PID}"]
    [found], _ = read_all(tmp_path)
    assert found.name == name


def test_a_link_in_the_way_is_replaced_and_not_followed(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("precious")
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / f"monitor.MAIL.{PID}"
    path.symlink_to(victim)
    assert read_all(folder)[1][0][0] == str(path)  # a link is not read either
    Publication(str(folder), "MAIL", PID).write(OWN.write())
    assert victim.read_text() == "precious" and not path.is_symlink()


def test_what_cannot_be_written_leaves_the_old_file(tmp_path, monkeypatch):
    file = Publication(str(tmp_path), "MAIL", PID)
    file.write("old")

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", full)
    with pytest.raises(OSError):
        file.write("new")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_readers_find_the_old_or_the_new(tmp_path):
    file = Publication(str(tmp_path), "MAIL", PID)
    versions = [status(*[session(pid)] * 40, parent=PID) for pid in range(60)]
    file.write(versions[0].write())
    writer = threading.Thread(target=lambda: [file.write(one.write()) for one in versions])
    writer.start()
    while writer.is_alive():
        found, unread = read_all(tmp_path)
        assert len(found) <= 1 and not unread and all(one in versions for one in found)
    writer.join()


def test_what_dead_parents_left_says_nothing_and_is_swept(tmp_path):
    Publication(str(tmp_path), "OLD", NOBODY_LIVES).write(status(parent=NOBODY_LIVES).write())
    (tmp_path / f".monitor.OLD.{NOBODY_LIVES}.0123456789abcdef").write_text("half")
    (tmp_path / f".monitor.MAIL.{PID}.0123456789abcdef").write_text("of a living one")
    (tmp_path / "monitor.txt").write_text("somebody's")
    (tmp_path / "imap4-proxy.7").write_text("somebody's")
    Publication(str(tmp_path), "MAIL", PID).write(OWN.write())
    assert read_all(tmp_path) == ([OWN], [])
    sweep(str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f".monitor.MAIL.{PID}.0123456789abcdef",
        "imap4-proxy.7",
        f"monitor.MAIL.{PID}",
        "monitor.txt",
    ]


UNREAD = [
    # what stands in the file of a living process, a part of the reason
    ("", "not of a proxy"),
    ("{}", "is missing"),
    ("[" * 100_000, "not of a proxy"),
    (status(parent=1).write(), "another process"),
    (b"\xff", "not of a proxy"),
]


@pytest.mark.parametrize("content, reason", UNREAD)
def test_what_is_no_file_of_a_proxy_is_passed_over(tmp_path, content, reason):
    path = tmp_path / f"monitor.ODD.{PID}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    Publication(str(tmp_path), "MAIL", PID).write(OWN.write())
    found, [(where, why)] = read_all(tmp_path)
    assert found == [OWN] and where == str(path) and reason in why


def test_pipes_and_folders_hold_nobody_up(tmp_path):
    os.mkfifo(tmp_path / f"monitor.PIPE.{PID}")
    (tmp_path / f"monitor.FOLDER.{PID}").mkdir()
    found, unread = read_all(tmp_path)
    assert found == [] and len(unread) == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_strangers_file_where_anybody_may_make_one(tmp_path):
    file = Publication(str(tmp_path), "MAIL", PID)
    file.write(OWN.write())
    os.chown(file.path, 65534, 65534)
    assert read_all(tmp_path)[0] == [OWN]  # only the folder's owner can have let it in
    tmp_path.chmod(0o1777)
    found, [(_, reason)] = read_all(tmp_path)
    assert found == [] and "somebody else's" in reason
    os.chown(tmp_path, 65534, 65534)
    assert read_all(tmp_path)[0] == [OWN]


def test_make_folder(tmp_path):
    path = tmp_path / "monitor"
    before = os.umask(0o077)
    try:
        make_folder(str(path))
    finally:
        os.umask(before)
    assert mode(path) == 0o755
    path.chmod(0o700)
    make_folder(str(path))  # there already: nothing changes
    assert mode(path) == 0o700


NO_FOLDERS = [
    # what is there, the class of the error
    (lambda path: None, FileNotFoundError),  # nor the one above it
    (lambda path: path.parent.write_text("a file"), NotADirectoryError),
    (lambda path: (path.parent.mkdir(), path.write_text("a file")), NotADirectoryError),
]


@pytest.mark.parametrize("prepare, error", NO_FOLDERS)
def test_a_folder_that_cannot_be_had(tmp_path, prepare, error):
    path = tmp_path / "above" / "monitor"
    prepare(path)
    with pytest.raises(error):
        make_folder(str(path))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes folders for others")
def test_a_folder_for_another_user(tmp_path):
    owner = Owner(65534, (65534, 100))
    path = tmp_path / "monitor"
    make_folder(str(path), owner)
    assert (path.stat().st_uid, path.stat().st_gid, mode(path)) == (65534, 65534, 0o755)


MAY_WRITE = [
    # the folder's user, group and mode; may user 65534 of the groups 65534 and 100 make files?
    (0, 0, 0o755, False),
    (0, 0, 0o777, True),
    (0, 100, 0o775, True),
    (0, 100, 0o757, False),
    (65534, 0, 0o700, True),
    (65534, 0, 0o577, False),
]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes folders for others")
@pytest.mark.parametrize("user, group, bits, may", MAY_WRITE)
def test_a_folder_that_is_there_must_let_the_other_user_in(tmp_path, user, group, bits, may):
    path = tmp_path / "monitor"
    path.mkdir()
    os.chown(path, user, group)
    path.chmod(bits)
    owner = Owner(65534, (65534, 100))
    if may:
        make_folder(str(path), owner)
    else:
        with pytest.raises(PermissionError):
            make_folder(str(path), owner)
    assert mode(path) == bits


def test_lives():
    assert publish.lives(PID) and publish.lives(1)
    assert not publish.lives(NOBODY_LIVES) and not publish.lives(0)
