"""seat: a session from its beginning to its end, and what is written of it when."""

import pytest

from kernun_common.log.message import Message, Severity
from kernun_common.monitoring import seat as seat_module
from kernun_common.monitoring.board import Board
from kernun_common.monitoring.record import Live, Record, encode
from kernun_common.monitoring.seat import Seat
from kernun_common.monitoring.section import Monitoring

LIMITS = Monitoring().limits
KNOWN = Message("TCPS-640", Severity.ERROR, "KNOWN", "Is counted.")
UNKNOWN = Message("TCPS-641", Severity.ERROR, "UNKNOWN", "Is not.")
LAYERS = ("session-acl", "command-acl")
KEYS = tuple(("acls", layer, name) for layer in LAYERS for name in ("STAFF", "none"))


@pytest.fixture
def board():
    return Board(1, (*KEYS, ("messages", "TCPS-640", "E")), LIMITS.octets)


@pytest.fixture
def seat(board):
    made = Seat(board, LIMITS, LAYERS)
    made.take(0)
    return made


def counted(board, *key):
    return board.tally()[key]


def test_a_session(board, seat):
    assert list(board.sessions()) == []
    seat.begin("[192.0.2.7]:1025")
    [shown] = board.sessions()
    assert shown.record == Record("[192.0.2.7]:1025") and shown.live == Live()
    seat.show(Record("[192.0.2.7]:1025", user="alice"), Live(1, 2))
    [shown] = board.sessions()
    assert shown.record.user == "alice" and shown.live == Live(1, 2)
    seat.end("ACCEPTED")
    assert list(board.sessions()) == [] and counted(board, "sessions", "ACCEPTED") == 1


def test_what_is_over_neither_ends_again_nor_shows(board, seat):
    seat.end("FAILED")
    seat.show(Record("ghost"), Live(1))
    seat.phase("ghost")
    seat.begin("a")
    seat.end("REJECTED")
    seat.end("FAILED")
    seat.show(Record("ghost"), Live(1))
    assert list(board.sessions()) == []
    assert +board.tally() == {("sessions", "REJECTED"): 1}


def test_the_next_session_begins_from_nothing(board, seat):
    seat.begin("a")
    seat.show(Record("a", user="alice"), Live(1, 2, 3, 4, 5))
    seat.end("ACCEPTED")
    seat.begin("b")
    [shown] = board.sessions()
    assert shown.record == Record("b") and shown.live == Live()
    assert counted(board, "commands") == 5


def test_words_are_written_where_they_changed(seat, monkeypatch):
    written = []

    def noted(record, limits):
        written.append(record)
        return encode(record, limits)

    monkeypatch.setattr(seat_module, "encode", noted)
    seat.begin("a")
    for octets in range(50):
        seat.show(Record("a", user="alice"), Live(octets))
    seat.show(Record("a", user="alice", command="IDLE"), Live(51))
    assert [record.command for record in written] == ["", "IDLE"]


def test_phases(board, seat):
    seat.begin("a")
    seat.phase("connecting")
    assert [one.record for one in board.sessions()] == [Record("a", state="connecting")]
    seat.show(Record("a", user="alice", acls=("STAFF",)), Live(1))
    seat.phase("handshake")
    [shown] = board.sessions()
    assert shown.record == Record("a", state="handshake") and shown.live == Live(1)
    seat.show(Record("a", user="alice", acls=("STAFF", "")), Live(1))
    [shown] = board.sessions()
    assert shown.record.user == "alice"
    assert counted(board, "acls", "session-acl", "STAFF") == 1
    assert counted(board, "acls", "command-acl", "none") == 1
    seat.end("ACCEPTED", Live(5), ("STAFF", ""))
    assert counted(board, "octets", "from", "client") == 5
    assert counted(board, "acls", "command-acl", "none") == 1


def test_acls_that_were_never_shown_are_counted_at_the_end(board, seat):
    seat.begin("a")
    seat.end("REJECTED", Live(3), ("STAFF",))
    assert counted(board, "acls", "session-acl", "STAFF") == 1
    assert counted(board, "octets", "from", "client") == 3


def test_acls_are_counted_when_they_first_appear(board, seat):
    seat.begin("a")
    for acls in ((), ("STAFF",), ("STAFF",), ("STAFF", ""), ("STAFF", "")):
        seat.show(Record("a", acls=acls), Live())
        seat.show(Record("a", acls=acls, command=str(acls)), Live())
    assert counted(board, "acls", "session-acl", "STAFF") == 1
    assert counted(board, "acls", "command-acl", "none") == 1
    assert counted(board, "acls", "command-acl", "STAFF") == 0


def test_messages(board, seat):
    for message in (KNOWN, UNKNOWN, KNOWN):
        seat.count_message(message)
    assert +board.tally() == {("messages", "TCPS-640", "E"): 2}


def test_what_the_board_does_not_know_is_not_counted(board, seat):
    seat.count(("acls", "session-acl", "NEW"))
    assert not +board.tally()


def test_without_a_board_nothing_happens():
    seat = Seat(None, LIMITS)
    seat.take(0)
    seat.begin("a")
    seat.phase("connecting")
    seat.show(Record("a"), Live(1))
    seat.count_message(KNOWN)
    seat.end("ACCEPTED")


def test_a_seat_that_nobody_has_taken(board):
    seat = Seat(board, LIMITS)
    seat.begin("a")
    seat.show(Record("a"), Live(1))
    seat.count_message(KNOWN)
    seat.end("ACCEPTED")
    assert list(board.sessions()) == [] and not +board.tally()
