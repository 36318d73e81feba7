"""process: a process has a parent, by both ways of asking; one that is gone has none."""

import os
import shutil
import subprocess
import sys

import pytest

from kernun_common.monitoring import process
from kernun_common.monitoring.process import parent_of

SLEEPER = [sys.executable, "-c", "input()"]
WAYS = [True] + [False] * bool(shutil.which("ps"))


@pytest.mark.parametrize("by_proc", WAYS)
def test_parent_of(monkeypatch, tmp_path, by_proc):
    if not by_proc:
        monkeypatch.setattr(process, "_PROC", tmp_path / "nowhere")
    assert parent_of(os.getpid()) == os.getppid()
    child = subprocess.Popen(SLEEPER, stdin=subprocess.PIPE)
    try:
        assert parent_of(child.pid) == os.getpid()
    finally:
        child.communicate(b"\n")
    assert parent_of(child.pid) is None
    assert parent_of(999_999_999) is None


def test_a_name_that_looks_like_the_words_behind_it(tmp_path):
    odd = tmp_path / "a) R 77 (b"
    odd.symlink_to(shutil.which("cat"))
    child = subprocess.Popen([odd], stdin=subprocess.PIPE)
    try:
        assert parent_of(child.pid) == os.getpid()
    finally:
        child.communicate()
