"""machine: what is told before a start, at which place; and that nothing is made."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Callable, Iterator

import pytest

from kernun_common.application.machine import complaints
from kernun_common.application.reading import read_proxies
from kernun_common.errors import Unavailable
from kernun_common.transparency import redirect
from tests.support.echo import PROGRAM

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change its user")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a file and two folders, the jail for everybody."""
    (tmp_path / "file").touch()
    for name in ("jail", "jail/mine"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o755)
    return tmp_path


def told(folder: Path, items: str, rows: str = "") -> list[tuple[int, str]]:
    """Line and text of each; rows of listen-on, or else items, stand from line 2 on."""
    path, newline = folder / "echo.cfg", "\n"
    path.write_text(
        "version ECHO-1_0-RELEASE; echo A { listen-on { non-transparent [127.0.0.1] port 1;"
        f"{rows and newline}{rows} }}\n{items} }}"
    )
    [proxy], _ = read_proxies(PROGRAM, str(path))
    before = sorted(everything(folder))
    found = [(error.where.line, error.text) for error in complaints(proxy)]
    assert sorted(everything(folder)) == before
    return found


def everything(folder: Path) -> Iterator[tuple[str, int]]:
    for path in folder.rglob("*"):
        yield str(path), stat.S_IMODE(path.stat().st_mode)


GOOD = [
    "",
    'log-debug { file "new"; } log-stats { file "file"; }',
    'pid-file "jail/pid";',
    'monitoring { comm-dir "jail/new"; }',
    'monitoring { disabled; comm-dir "no/such"; }',
]


@pytest.mark.parametrize("items", GOOD)
def test_good(folder: Path, items: str) -> None:
    assert told(folder, items) == []


BAD = [
    # items, lines and words of the complaints
    ("\napp-user no-such-user;", [(3, "there is no user no-such-user")]),
    ("\napp-user root group no-such-group;", [(3, "there is no group no-such-group")]),
    ('\nchroot-dir "no-such";', [(3, "there is no folder")]),
    ('\nlog-debug { file "no/such"; }', [(3, "there is no folder")]),
    ('\nlog-stats {\nfile "jail"; }', [(4, "it is a folder")]),
    ('\npid-file "no/such";', [(3, "there is no folder")]),
    ('\nmonitoring {\ncomm-dir "no/such"; }', [(4, "No such file or directory")]),
    ('\nmonitoring {\ncomm-dir "file"; }', [(4, "Not a directory")]),
    (
        '\napp-user no-such-user;\nchroot-dir "no-such"; pid-file "no/such";',
        [(3, "no user"), (4, "no folder"), (4, "no folder")],
    ),
]


@pytest.mark.parametrize("missing", ["nft", None])
def test_programs_and_devices(folder: Path, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setattr(redirect, "find", finder(missing))
    rows = "transparent [0.0.0.0] port 2143;\ntransparent [192.0.2.77] port 2 redirect { 9 };"
    expected = [(3, "no device has the address [192.0.2.77]")]
    if missing is not None:
        expected.append((2, "the program nft is not installed"))
    check(folder, "", expected, rows)


def finder(missing: str | None) -> Callable[[str], None]:
    def find(program: str) -> None:
        if program == missing:
            raise Unavailable(f"the program {program} is not installed")

    return find


BAD_FOR_ROOT = [
    ('chroot-dir "jail";\nmonitoring { comm-dir "else"; }', [(3, "it is not below")]),
    ('chroot-dir "jail";\nmonitoring { comm-dir "jail/../else"; }', [(3, "it is not below")]),
    ('app-user nobody;\nmonitoring { comm-dir "jail/mine"; }', [(3, "Permission denied")]),
]


def check(
    folder: Path, items: str, expected: list[tuple[int, str]], rows: str = ""
) -> None:
    found = told(folder, items, rows)
    assert len(found) == len(expected)
    for (line, text), (place, words) in zip(found, expected):
        assert line == place and words in text


@pytest.mark.parametrize("items, expected", BAD)
def test_bad(folder: Path, items: str, expected: list[tuple[int, str]]) -> None:
    check(folder, items, expected)


@needs_root
@pytest.mark.parametrize("items, expected", BAD_FOR_ROOT)
def test_bad_where_children_have_less(
    folder: Path, items: str, expected: list[tuple[int, str]]
) -> None:
    check(folder, items, expected)


NO_WRITING = [
    # items, what is not allowed
    ('log-debug { file "file"; }', "it cannot be written"),
    ('log-debug { file "new"; }', "no file can be made in"),
    ('pid-file "new";', "no file can be made in"),
    ('monitoring { comm-dir "jail"; }', "Permission denied"),
    ('monitoring { comm-dir "new"; }', "Permission denied"),
]


@pytest.mark.parametrize("items, words", NO_WRITING)
def test_permissions(
    folder: Path, monkeypatch: pytest.MonkeyPatch, items: str, words: str
) -> None:
    """As the system answers a user who may not write; root may everywhere."""
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    check(folder, items, [(2, words)])
