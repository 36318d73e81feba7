"""view: which sessions, in which order, and what a form may change."""

import pytest

from kernun_common.monitoring.columns import COLUMNS, columns
from kernun_common.monitoring.record import Live
from kernun_common.monitoring.view import PAGE, TEXT, View, number
from tests.support.sightings import session, status

VIEW = View(columns("pid,in"))
FIVE = [
    session(pid, age=float(age), live=Live(0, octets), user=user)
    for pid, age, octets, user in (
        (1, 10, 500, "e"), (2, 50, 900, "d"), (3, 30, 100, "c"), (4, 20, 900, "b"), (5, 40, 0, "a"),
    )
]  # fmt: skip


def pids(view, *statuses):
    return [row.session.pid for row in view.rows(statuses or (status(*FIVE),))]


ORDERS = [
    # query, the sessions in their order
    ("", [2, 5, 3, 4, 1]),  # all as fast: the oldest first
    ("s=in", [2, 4, 1, 3, 5]),
    ("s=user", [5, 4, 3, 2, 1]),
    ("s=time", [2, 5, 3, 4, 1]),
    ("t=2&T=in", [2, 4]),
    ("t=2&T=in&s=user", [4, 2]),
    ("t=3&T=time&s=in", [2, 3, 5]),
    ("t=0", []),
    ("t=99", [2, 5, 3, 4, 1]),
]


@pytest.mark.parametrize("query, order", ORDERS)
def test_rows(query, order):
    assert pids(VIEW.asked(query)) == order


def test_sessions_of_several_proxies_stand_in_one_order():
    statuses = (status(*FIVE[:2], name="A"), status(*FIVE[2:], name="B"))
    assert pids(VIEW.asked("s=in"), *statuses) == [2, 4, 1, 3, 5]


def test_proxies():
    statuses = tuple(status(name=name) for name in "ABC")
    assert VIEW.statuses(statuses) == statuses
    assert [one.name for one in VIEW.asked("p=C&p=A&p=X").statuses(statuses)] == ["A", "C"]


def test_columns_of_a_form():
    assert VIEW.asked("c=user&c=in,out&s=out").columns == columns("user,in,out")
    assert VIEW.asked("c=user&s=out").sort is COLUMNS["out"]


PASSED_OVER = [
    "s=nothing", "c=nothing", "T=nothing", "t=-1", "t=x", "t=%C2%B2", "t=99999999999", "c=", "z=1",
    "&".join("c=in" for _ in range(200)), "%ff=%00", "=", "s", "t=" + "1" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("query", PASSED_OVER)
def test_what_makes_no_sense_is_passed_over(query):
    assert VIEW.asked(query) == VIEW


def test_number():
    assert number("17") == 17
    for text in ("", "-1", "1.5", "²", "1" * 10):
        with pytest.raises(ValueError):
            number(text)


def test_the_usual_columns_exist():
    assert columns(TEXT) and columns(PAGE)
