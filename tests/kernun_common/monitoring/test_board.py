"""board: what one process writes another one reads, whole; counters only grow."""

import os
import random
import signal
import time

import pytest

from kernun_common.monitoring import board as board_module
from kernun_common.monitoring.board import SEQUENCE, Board
from kernun_common.monitoring.record import Live, Record
from kernun_common.monitoring.seat import Seat
from kernun_common.monitoring.section import Monitoring

LIMITS = Monitoring().limits
KEYS = (("acls", "session-acl", "STAFF"), ("messages", "TCPS-640", "E"))


@pytest.fixture
def board():
    return Board(3, KEYS, LIMITS.octets)


def seat(board, slot):
    made = Seat(board, LIMITS, ("session-acl",))
    made.take(slot)
    return made


def test_empty(board):
    assert list(board.sessions()) == [] and not any(board.tally().values())
    assert not board.ending
    board.ending = True
    assert board.ending


def test_sessions_and_counters(board):
    seats = [seat(board, slot) for slot in range(4)]
    for number, one in enumerate(seats[:3]):
        one.begin(f"client {number}")
        one.show(Record(f"client {number}", acls=("STAFF",)), Live(1, 20, 300, 4000, number))
    seats[1].end("ACCEPTED")
    seats[3].count(("messages", "TCPS-640", "E"), 7)
    shown = list(board.sessions())
    assert [(one.slot, one.pid, one.record.client) for one in shown] == [
        (0, os.getpid(), "client 0"),
        (2, os.getpid(), "client 2"),
    ]
    assert shown[1].live == Live(1, 20, 300, 4000, 2) and abs(shown[0].since - time.time()) < 60
    tally = +board.tally()
    assert tally == {
        ("octets", "from", "client"): 3,
        ("octets", "to", "client"): 60,
        ("octets", "from", "server"): 900,
        ("octets", "to", "server"): 12000,
        ("commands",): 3,
        ("sessions", "ACCEPTED"): 1,
        ("acls", "session-acl", "STAFF"): 3,
        ("messages", "TCPS-640", "E"): 7,
    }


def test_a_slot_goes_on_counting(board):
    for octets in (5, 6):
        one = seat(board, 1)
        one.begin("a")
        one.show(Record("a"), Live(octets))
        one.end("REJECTED")
    assert board.tally()["octets", "from", "client"] == 11
    assert board.tally()["sessions", "REJECTED"] == 2


def in_child(work):
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid


def test_another_process(board):
    def work():
        one = seat(board, 2)
        one.begin("[192.0.2.7]:1025")
        one.show(Record("[192.0.2.7]:1025", user="alice"), Live(1, 2, 3, 4, 5))

    pid = in_child(work)
    os.waitpid(pid, 0)
    [shown] = board.sessions()
    assert (shown.pid, shown.record.user, shown.live) == (pid, "alice", Live(1, 2, 3, 4, 5))
    board.vacate(2)  # it has gone in mid-session
    assert list(board.sessions()) == []
    assert board.tally()["sessions", "FAILED"] == 1 and board.tally()["commands",] == 5


def test_a_slot_that_was_left_in_order_stays_so(board):
    seat(board, 0).count(("acls", "session-acl", "STAFF"))
    before = board.tally()
    board.vacate(0)
    assert board.tally() == before


def test_killed_while_writing(board):
    """The sequence number stays odd for ever, until the parent buries the child."""
    one = seat(board, 0)
    one.begin("a")
    one.show(Record("a"), Live(10))
    [shown] = board.sessions()
    board.words[board.base(0) + SEQUENCE] += 1
    one._words[board.base(0) + board_module.LIVE] = 99  # half of a change
    assert list(board.sessions()) == [shown]  # as it was read the last time
    assert board.tally()["octets", "from", "client"] == 10
    board.vacate(0)
    assert list(board.sessions()) == [] and board.tally()["sessions", "FAILED"] == 1
    assert board.words[board.base(0) + SEQUENCE] % 2 == 0


def test_half_written_and_never_read_before(board, monkeypatch):
    monkeypatch.setattr(board_module, "_PAUSE", 0)
    seat(board, 0)
    board.words[board.base(0) + SEQUENCE] += 1
    assert list(board.sessions()) == [] and not any(board.tally().values())


def test_no_reader_sees_a_half_changed_record(board):
    """A child writes records that agree in themselves, as fast as it can."""

    def work():
        one, number = seat(board, 0), 0
        one.begin("0")
        while True:
            number += 1
            words = str(number) * (number % 40 + 1)
            one.show(Record(words, user=str(number % 10), data=words), Live(*[number] * 5))

    pid = in_child(work)
    seen = set()
    try:
        while len(seen) < 400:
            for shown in board.sessions():
                number = shown.live.commands
                if number:
                    words = str(number) * (number % 40 + 1)
                    assert shown.live == Live(*[number] * 5)
                    assert shown.record.client in (words, words[:99] + "+")
                    assert shown.record.user == str(number % 10)
                    seen.add(number)
            time.sleep(random.random() / 5000)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
