"""reaping: all that have ended, once."""

import os

import pytest

from kernun_common.tcpserver.reaping import cause, dead
from tests.support.waiting import wait_until


def test_dead():
    assert list(dead()) == []
    pids = set()
    for status in range(3):
        pid = os.fork()
        if pid == 0:
            os._exit(status)
        pids.add(pid)
    found = {}
    wait_until(lambda: found.update(dead()) or found.keys() >= pids, "three dead")
    assert sorted(map(os.waitstatus_to_exitcode, found.values())) == [0, 1, 2]
    assert list(dead()) == []


def test_the_living_are_left_alone():
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(write)
        os.read(read, 1)
        os._exit(0)
    assert list(dead()) == []
    os.close(read)
    os.close(write)
    assert os.waitpid(pid, 0) == (pid, 0)


CAUSES = [(-9, "signal 9"), (0, "exit status 0"), (3, "exit status 3")]


@pytest.mark.parametrize("code, text", CAUSES)
def test_cause(code, text):
    assert cause(code) == text
