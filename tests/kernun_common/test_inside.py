"""inside: a folder of the system with links in it, and paths of each kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernun_common.inside import inside

PATHS = [
    # path, what it is inside of jail
    ("jail", "/"),
    ("jail/run", "/run"),
    ("jail/new/file", "/new/file"),
    ("jail/run/../new", "/new"),
    ("jail2", None),
    ("run", None),
    ("jail/../run", None),
    ("jail/out/x", None),
    ("jail/loop", "/run"),
    ("in/x", "/run/x"),
]


@pytest.mark.parametrize("path, expected", PATHS)
@pytest.mark.parametrize("root", ["jail", "jail/", "link"])
def test_inside(tmp_path: Path, path: str, expected: str | None, root: str) -> None:
    (tmp_path / "jail" / "run").mkdir(parents=True)
    (tmp_path / "run").mkdir()
    (tmp_path / "jail" / "out").symlink_to(tmp_path / "run")
    (tmp_path / "jail" / "loop").symlink_to("run")
    (tmp_path / "in").symlink_to(tmp_path / "jail" / "run")
    (tmp_path / "link").symlink_to("jail")
    assert inside(f"{tmp_path}/{path}", f"{tmp_path}/{root}") == expected


def test_no_other_root(tmp_path: Path) -> None:
    assert inside(str(tmp_path), "/") == str(tmp_path.resolve())
