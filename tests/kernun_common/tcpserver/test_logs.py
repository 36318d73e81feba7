"""logs: which are started, helped and closed, with logs that only note it."""

import pytest

from kernun_common.tcpserver.logs import Logs
from kernun_common.tcpserver.title import Title


@pytest.fixture
def title(monkeypatch):
    monkeypatch.setattr("kernun_common.tcpserver.title.setproctitle", lambda text: None)
    return Title("test", "")


class Noting:
    """A log with a helper; the first `failures` starts of it fail."""

    def __init__(self, failures=0):
        self.noted = []
        self.helper_pid = None
        self._failures = failures

    def start_helper(self, title=None):
        if self._failures:
            self._failures -= 1
            raise OSError
        self.helper_pid = 100 + len(self.noted)
        self.noted.append("start")

    def __getattr__(self, name):
        return lambda: self.noted.append(name)


def test_one_that_two_services_share(title):
    logs, log = Logs(), Noting()
    for _ in range(2):
        logs.use(log, title)
    logs.keep([log, log])
    assert log.noted == ["start"]
    logs.keep([])
    assert log.noted == ["start", "close"]
    logs.close()
    assert log.noted == ["start", "close"]


def test_all_are_told(title):
    logs, one, other = Logs(), Noting(), Noting()
    for log in (one, other):
        logs.use(log, title)
    logs.raise_level()
    logs.lower_level()
    logs.reopen()
    logs.close()
    assert one.noted == other.noted == ["start", "raise_level", "lower_level", "reopen", "close"]


def test_a_helper_that_died(title):
    logs, log = Logs(), Noting()
    logs.use(log, title)
    assert not logs.bury(99) and logs.bury(100)
    log._failures = 2
    for _ in range(5):
        logs.cycle()
    assert log.noted == ["start", "start"]
    assert not logs.bury(100) and logs.bury(101)


def test_the_rest_is_helped_when_one_cannot_be(title):
    logs, one, other = Logs(), Noting(), Noting()
    for log in (one, other):
        logs.use(log, title)
        log.helper_pid = 7
    logs.bury(7)
    one._failures = 1
    logs.cycle()
    assert (one.noted, other.noted) == (["start"], ["start", "start"])
