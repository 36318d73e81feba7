from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from imap4proxy.data_log import DataLog
from imap4proxy.engine.actions import Arm, Relay, SendToClient, SendToServer
from imap4proxy.engine.events import Closed, Received, Timer
from imap4proxy.engine.states import State
from kernun_common.errors import Side
from kernun_common.log.message import LEVELS
from kernun_common.log.sinks import Log
from tests.support.lines import Lines

OUT, IN, SELECTED = State.NOT_AUTHENTICATED, State.AUTHENTICATED, State.SELECTED
ACTIONS = [
    SendToServer(b"a NOOP"),
    Arm(Timer.IDLE, 1.0),
    SendToClient(memoryview(b"* OK then")),
    Relay(Side.SERVER, 1000),
    Relay(Side.CLIENT, 20),
]


class SomeEngine:
    """In one state before the event, in another behind it."""

    def __init__(self, before, after):
        self.conversation = SimpleNamespace(state=before)
        self._after = after

    def feed(self, event, now):
        self.conversation.state = self._after
        return ACTIONS


def told(before, after, event, client=None, server=None):
    conn = SimpleNamespace
    proxy = SimpleNamespace(client_conn=conn(log_limit=client), server_conn=conn(log_limit=server))
    lines = Lines()
    log = Log(lines, Lines(), level=LEVELS["full"], data_limit=8)
    engine = SomeEngine(before, after)
    assert DataLog(engine, proxy, log).feed(event, 1.0) is ACTIONS
    assert all(re.match("NETL-91[012]-F DATA ", line) for line in lines.lines)
    return [line.partition(" DATA ")[2] for line in lines.lines]


RELAYED = ["TO=CLIENT SIZE=1000 DATA=<NULL>", "TO=SERVER SIZE=20 DATA=<NULL>"]
FROM_SERVER = Received(Side.SERVER, b"* 1 EXISTS")


def test_shown():
    assert told(IN, SELECTED, FROM_SERVER) == [
        'FROM=SERVER SIZE=10 DATA="* 1 EXIS"...',
        'TO=SERVER SIZE=6 DATA="a NOOP"',
        'TO=CLIENT SIZE=9 DATA="* OK the"...',
        *RELAYED,
    ]


def test_limits():
    assert told(SELECTED, State.LOGOUT, FROM_SERVER, client=9, server=2) == [
        'FROM=SERVER SIZE=10 DATA="* "...',
        'TO=SERVER SIZE=6 DATA="a "...',
        'TO=CLIENT SIZE=9 DATA="* OK then"',
        *RELAYED,
    ]


@pytest.mark.parametrize("before, after", [(OUT, OUT), (OUT, IN), (OUT, State.LOGOUT), (IN, OUT)])
def test_hidden(before, after):
    assert told(before, after, FROM_SERVER) == [
        "FROM=SERVER SIZE=*** DATA=***",
        "TO=SERVER SIZE=*** DATA=***",
        "TO=CLIENT SIZE=*** DATA=***",
        *RELAYED,
    ]


@pytest.mark.parametrize("event", [Received(Side.CLIENT, b"a LOGIN b c"), Closed(Side.SERVER)])
def test_nothing_of_the_client(event):
    assert [line.split()[0] for line in told(IN, IN, event)] == [
        "TO=SERVER", "TO=CLIENT", "TO=CLIENT", "TO=SERVER",
    ]  # fmt: skip
