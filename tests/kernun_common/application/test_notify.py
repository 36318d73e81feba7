"""notify: what a service manager hears, and when."""

import os
import socket
import time

import pytest

from kernun_common.application import notify as module
from kernun_common.application.notify import Notify


class Manager:
    """The receiving end."""

    def __init__(self, path, **environment):
        self._sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._sock.bind("\0" + path[1:] if path.startswith("@") else path)
        self._sock.setblocking(False)
        self.environment = {"NOTIFY_SOCKET": path, **environment}

    def heard(self):
        states = []
        try:
            while True:
                states.append(self._sock.recv(1000).decode())
        except BlockingIOError:
            return states

    def close(self):
        self._sock.close()


@pytest.fixture(params=["path", "abstract"])
def make(tmp_path, request):
    path = str(tmp_path / "notify") if request.param == "path" else f"@kernun-test-{os.getpid()}"
    managers = []

    def manager(**environment):
        managers.append(Manager(path, **environment))
        return managers[-1], Notify(managers[-1].environment)

    yield manager
    for one in managers:
        one.close()


@pytest.fixture
def clock(monkeypatch):
    """`clock(seconds)` sets the time."""
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return lambda seconds: now.__setitem__(0, seconds)


def test_states(make):
    manager, notify = make()
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    notify.ready()
    notify.reloading()
    notify.stopping()
    ready, reloading, stopping = manager.heard()
    assert (ready, stopping) == ("READY=1", "STOPPING=1")
    first, second = reloading.split("\n")
    assert first == "RELOADING=1" and int(second.removeprefix("MONOTONIC_USEC=")) >= before


def test_status(make, clock):
    manager, notify = make()
    for now, status in ((10.0, "a"), (10.5, "b"), (11.0, "b"), (12.5, "b"), (13.0, "c")):
        clock(now)
        notify.alive(status)
    assert manager.heard() == ["STATUS=a", "STATUS=b", "STATUS=c"]


WATCHDOGS = [
    # environment, signs of life in four seconds
    ({"WATCHDOG_USEC": "2000000"}, 4),
    ({"WATCHDOG_USEC": "2000000", "WATCHDOG_PID": str(os.getpid())}, 4),
    ({"WATCHDOG_USEC": "2000000", "WATCHDOG_PID": str(os.getppid())}, 0),
    ({"WATCHDOG_USEC": "4000000"}, 2),
    ({}, 0),
]


@pytest.mark.parametrize("environment, signs", WATCHDOGS)
def test_watchdog(make, clock, environment, signs):
    manager, notify = make(**environment)
    for fifth in range(20):
        clock(10 + fifth / 5)
        notify.alive("")
    assert manager.heard() == ["WATCHDOG=1"] * signs


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": "/no/such/socket"}])
def test_nobody_listens(environment):
    notify = Notify(environment)
    notify.ready()
    notify.alive("x")
    notify.stopping()
