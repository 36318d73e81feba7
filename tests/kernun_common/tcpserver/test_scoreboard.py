"""scoreboard: slots, and what another process sees of them."""

import os

from kernun_common.tcpserver.scoreboard import Scoreboard
from kernun_common.tcpserver.state import Counts, State


def test_slots_are_taken_and_freed():
    board = Scoreboard(3)
    assert [board.take() for _ in range(4)] == [0, 1, 2, None]
    board.free(1)
    assert board.take() == 1
    assert board.counts() == Counts(starting=3)


def test_counts():
    board = Scoreboard(6)
    for state in (State.IDLE, State.IDLE, State.BUSY, State.ENDING):
        board.enter(board.take(), state)
    board.take()
    assert board.counts() == Counts(starting=1, idle=2, busy=1, ending=1)


def test_a_slot_begins_anew():
    board = Scoreboard(1)
    slot = board.take()
    for number in range(300):  # more than an octet holds
        assert board.sessions(slot) == number
        board.begin_session(slot)
    assert board.state(slot) is State.BUSY
    board.free(slot)
    board.take()
    assert (board.sessions(slot), board.state(slot)) == (0, State.STARTING)


def test_a_child_writes_and_the_parent_reads():
    board = Scoreboard(2)
    board.take()
    slot = board.take()
    pid = os.fork()
    if pid == 0:
        board.begin_session(slot)
        os._exit(0)
    os.waitpid(pid, 0)
    assert board.counts() == Counts(starting=1, busy=1)
    assert (board.sessions(0), board.sessions(slot)) == (0, 1)
