"""report: the text as a whole."""

import pytest

from kernun_common.monitoring.columns import columns, moment
from kernun_common.monitoring.record import Live
from kernun_common.monitoring.report import condition, lines, sessions, summary
from kernun_common.monitoring.speed import Speed
from kernun_common.monitoring.view import View
from tests.support.sightings import NOW, session, status

VIEW = View(columns("pid,user,in,doing"))
MAIL = status(
    session(7, 60.0, Live(0, 5000), Speed(2048.0, 10.0), user="alice", command="FETCH"),
    session(1234, 90.0, Live(0, 3), Speed(0.0, 5.0), user="bob", state="authenticated"),
)
LAB = status(name="LAB", parent=6, ending=True, children={"starting": 0})


def report(*statuses, view=VIEW, width=None):
    return list(lines(statuses, view, NOW + 2, width))


def test_one_proxy():
    assert report(MAIL) == [
        moment(NOW + 2),
        "imap4-proxy MAIL[5]: serving for 1:32; 2 sessions; children: 2 idle, 2 busy;"
        " in 2.0K/s, out 15/s",
        "",
        " PID  USER     IN  DOING",
        "   7  alice  4.9K  FETCH",
        "1234  bob       3  authenticated",
    ]


def test_two_proxies():
    assert report(LAB, MAIL)[1:] == [
        "imap4-proxy LAB[6]: ending; 0 sessions; children: none; in 0/s, out 0/s",
        summary(MAIL, NOW + 2),
        "",
        "PROXY   PID  USER     IN  DOING",
        "MAIL      7  alice  4.9K  FETCH",
        "MAIL   1234  bob       3  authenticated",
    ]
    assert report(LAB, MAIL, view=View(columns("user,proxy")))[-1] == "bob    MAIL"


def test_nobody():
    empty = [moment(NOW + 2), "No proxy is running.", "", "PID  USER  IN  DOING"]
    assert report() == empty
    assert report(MAIL, view=View(VIEW.columns, proxies=frozenset({"OTHER"}))) == empty


def test_a_terminal_cuts_lines():
    assert report(MAIL, width=20)[-1] == "1234  bob       3  a"


CONDITIONS = [
    # parts of the status, seconds later, what is told
    ({}, 0, "serving for 1:30"),
    ({}, 15, "serving for 1:45"),
    ({}, 16, "silent for 0:16"),
    ({"interval": 60.0}, 16, "serving for 1:46"),
    ({"ending": True}, 1, "ending"),
    ({"ending": True}, 100, "silent for 1:40"),
]


@pytest.mark.parametrize("parts, later, told", CONDITIONS)
def test_condition(parts, later, told):
    assert condition(status(**parts), NOW + later) == told


def test_sessions():
    assert [sessions(number) for number in (0, 1, 2)] == ["0 sessions", "1 session", "2 sessions"]
