"""daemon: the pid file, here; leaving the terminal, with a real program in test_run.py."""

import os
import subprocess
import sys

import pytest

from kernun_common.application.daemon import pid_file, pid_file_complaint


def ended_pid():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return pid


CONTENTS = [
    # what the file holds, may it be replaced
    (None, True),
    (lambda: "", True),
    (lambda: "nonsense\n", True),
    (lambda: "0\n", True),
    (lambda: "-1\n", True),
    (lambda: f"{ended_pid()}\n", True),
    (lambda: f"{os.getppid()}\n", False),
    (lambda: "1\n", False),
]


@pytest.mark.parametrize("content, free", CONTENTS)
def test_pid_file(tmp_path, content, free):
    path = tmp_path / "pid"
    if content is not None:
        path.write_text(content())
    assert (pid_file_complaint(str(path)) is None) is free
    if free:
        with pid_file(str(path)):
            assert path.read_text() == f"{os.getpid()}\n"
        assert not path.exists()
    else:
        before = path.read_text()
        with pytest.raises(OSError):
            with pid_file(str(path)):
                pass
        assert path.read_text() == before


def test_no_folder(tmp_path):
    path = str(tmp_path / "no" / "pid")
    assert str(tmp_path / "no") in pid_file_complaint(path)
    with pytest.raises(OSError):
        with pid_file(path):
            pass


def test_somebody_else_has_replaced_it(tmp_path):
    path = tmp_path / "pid"
    with pid_file(str(path)):
        path.write_text("1\n")
    assert path.read_text() == "1\n"
    path.unlink()
    with pid_file(str(path)):
        path.unlink()


def test_secure():
    code = (
        "import os, resource; from kernun_common.application.daemon import secure; secure();"
        "print(os.umask(0), *resource.getrlimit(resource.RLIMIT_CORE))"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert output.split() == [b"63", b"0", b"0"]  # 63 is 077
