"""commands: programs that work, fail, hang, and are not there."""

import pytest

from kernun_common import commands
from kernun_common.commands import find, run
from kernun_common.errors import Unavailable


def test_run():
    assert run(["cat"], "some text") == "some text"
    assert run(["sh", "-c", "echo out; exit 3"], must_succeed=False) == "out\n"


def test_also_without_a_path(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert find("ip").endswith("/ip")


BAD = [
    (["no-such-program"], "the program no-such-program is not installed"),
    (["sh", "-c", "echo first >&2; echo second >&2; exit 1"], "sh: first"),
    (["sh", "-c", "exit 4"], "sh: exit status 4"),
]


@pytest.mark.parametrize("command, reason", BAD)
def test_failures(command, reason):
    with pytest.raises(Unavailable) as caught:
        run(command)
    assert caught.value.what == reason


def test_one_that_hangs(monkeypatch):
    monkeypatch.setattr(commands, "PATIENCE", 0.1)
    with pytest.raises(Unavailable, match="sleep: "):
        run(["sleep", "60"])
