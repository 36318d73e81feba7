"""scoreboard: slots, and what another process sees of them."""

import os
from ipaddress import ip_address

from kernun_common.tcpserver.scoreboard import Scoreboard
from kernun_common.tcpserver.state import Counts, State

V4 = ip_address("192.0.2.7")
V6 = ip_address("2001:db8::7")
AS_V6 = ip_address("::192.0.2.7")  # the same number
OTHER_HALF = ip_address("2001:db9::7")  # the same lower half as V6


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
        board.begin_session(slot, V4, 0)
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
        board.begin_session(slot, V4, 7)
        os._exit(0)
    os.waitpid(pid, 0)
    assert board.counts() == Counts(starting=1, busy=1)
    assert (board.sessions(0), board.sessions(slot)) == (0, 1)
    assert board.sessions_of(V4) == 1 and board.last_token() == 7


def test_sessions_of_a_client():
    board = Scoreboard(9)
    clients = [V4, V4, V6, V4, AS_V6, OTHER_HALF]
    for client in clients:
        board.begin_session(board.take(), client, 0)
    assert [board.sessions_of(it) for it in (V4, V6, AS_V6, OTHER_HALF)] == [3, 1, 1, 1]
    board.end_session(0)
    board.free(1)
    assert board.sessions_of(V4) == 1
    assert board.sessions_of(ip_address("192.0.2.8")) == 0


def test_the_last_token_outlives_its_child():
    board = Scoreboard(3)
    assert board.last_token() == 0
    for token in (5, 7, 6):
        board.begin_session(board.take(), V4, token)
    board.free(1)
    assert board.last_token() == 7
    board.begin_session(board.take(), V4, 0)
    assert board.last_token() == 7
