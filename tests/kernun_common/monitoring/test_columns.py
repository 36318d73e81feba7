"""columns: every one of them tells what it says, in few characters."""

import pytest

from kernun_common.monitoring.columns import COLUMNS, Row, columns, duration, moment, size
from kernun_common.monitoring.record import Live
from kernun_common.monitoring.speed import Speed
from tests.support.sightings import NOW, session, status

ROW = Row(
    status(name="MAIL"),
    session(
        42,
        3723.0,
        Live(from_client=1, to_client=2000, from_server=3, to_server=4, commands=5),
        Speed(6.5, 70_000.0),
        client="[192.0.2.7]:40312",
        server="[192.0.2.44]:143",
        host="imap.example.org",
        user="alice",
        state="selected",
        command="FETCH",
        data="INBOX",
        client_tls="TLSv1.3 TLS_AES_256_GCM_SHA384",
        acls=("STAFF", "ADMINS"),
    ),
)
TEXTS = {
    "proxy": "MAIL",
    "pid": "42",
    "since": moment(NOW - 3723),
    "time": "1:02:03",
    "client": "[192.0.2.7]:40312",
    "server": "imap.example.org:143",
    "address": "[192.0.2.44]:143",
    "user": "alice",
    "state": "selected",
    "command": "FETCH",
    "doing": "FETCH",
    "data": "INBOX",
    "in": "2.0K",
    "out": "1",
    "speed-in": "6",
    "speed-out": "68K",
    "speed": "68K",
    "server-in": "3",
    "server-out": "4",
    "commands": "5",
    "tls": "1.3 / -",
    "client-tls": "TLSv1.3 TLS_AES_256_GCM_SHA384",
    "server-tls": "-",
    "acl": "STAFF/ADMINS",
}


def test_there_is_a_text_for_every_column():
    assert {name: column.text(ROW) for name, column in COLUMNS.items()} == TEXTS


def test_a_session_without_anything():
    row = Row(status(), session(state="handshake"))
    assert {column.text(row) for column in COLUMNS.values()} == {
        "", "-", "- / -", "0", "7", "1:00", "MAIL", "handshake", moment(NOW - 60)
    }


def test_numbers_from_the_greatest_texts_from_the_beginning():
    rows = [Row(status(), session(pid, live=Live(0, pid), user=str(9 - pid))) for pid in (1, 3, 2)]
    for name, order in (("in", [3, 2, 1]), ("user", [3, 2, 1]), ("pid", [3, 2, 1])):
        assert [row.session.pid for row in sorted(rows, key=COLUMNS[name].order)] == order


SIZES = [
    (0, "0"), (0.9, "0"), (999, "999"), (1000, "1.0K"), (1024, "1.0K"), (10188, "9.9K"),
    (10189, "10K"), (123_456, "121K"), (1_023_999, "1.0M"), (5 << 30, "5.0G"), (7e12, "6.4T"),
    (9e15, "8.0P"), (5e18, "4.3E"), (5e22, "43368E"),
]  # fmt: skip


@pytest.mark.parametrize("octets, text", SIZES)
def test_size(octets, text):
    assert size(octets) == text


DURATIONS = [
    (0, "0:00"), (9.9, "0:09"), (65, "1:05"), (600, "10:00"), (3599, "59:59"), (3600, "1:00:00"),
    (86399, "23:59:59"), (86400, "1d00h"), (1e7, "115d17h"),
]  # fmt: skip


@pytest.mark.parametrize("seconds, text", DURATIONS)
def test_duration(seconds, text):
    assert duration(seconds) == text


def test_a_clock_that_was_set_back_shows_no_negative_time():
    assert Row(status(), session(age=-5.0)).seconds == 0


def test_columns():
    assert [column.name for column in columns("in,pid,in")] == ["in", "pid", "in"]
    for names in ("", "in,", "IN", "in,bytes"):
        with pytest.raises(ValueError, match="no such column"):
            columns(names)
