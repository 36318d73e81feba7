from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernun_common.acl.time_matching import (
    Dates,
    Hours,
    Time,
    Weekdays,
    time,
    time_spec,
)
from kernun_common.configuration.types import NumberSet, Range

SUNDAY = datetime(2026, 11, 22)


def at(day_after_sunday=0, hour=0, minute=0, second=0):
    return SUNDAY + timedelta(
        days=day_after_sunday, hours=hour, minutes=minute, seconds=second
    )


def numbers(*ends):
    return NumberSet(tuple(Range(low, high) for low, high in ends))


def hours(low, high):
    """As the configuration reads `low-high`: up to the minute before `high`."""
    return numbers((low, (high - 1) % 1440))


OFFICE = Time(weekdays=numbers((1, 5)), hours=hours(8 * 60, 16 * 60 + 30))

ROWS = [
    # row, when, does it hold
    (Time(), at(), True),
    (OFFICE, at(1, 8), True),
    (OFFICE, at(1, 16, 29, 59), True),
    (OFFICE, at(1, 16, 30), False),
    (OFFICE, at(1, 7, 59, 59), False),
    (OFFICE, at(0, 12), False),
    (OFFICE, at(5, 12), True),
    (OFFICE, at(6, 12), False),
    (Time(weekdays=numbers((5, 1))), at(0), True),
    (Time(weekdays=numbers((5, 1))), at(2), False),
    (Time(hours=hours(22 * 60, 6 * 60)), at(0, 23), True),
    (Time(hours=hours(22 * 60, 6 * 60)), at(0, 5, 59), True),
    (Time(hours=hours(22 * 60, 6 * 60)), at(0, 6), False),
    (Time(hours=hours(8 * 60, 8 * 60)), at(0, 3), True),
    (Time(day=numbers((22, 22))), at(0), True),
    (Time(day=numbers((22, 22))), at(1), False),
    (Time(month=numbers((11, 2))), at(0), True),
    (Time(month=numbers((12, 2))), at(0), False),
    (Time(day=numbers((22, 22)), month=numbers((12, 12))), at(0), False),
    # one moment for the whole row: the small hours of Saturday are not Friday's night
    (Time(weekdays=numbers((5, 5)), hours=hours(22 * 60, 6 * 60)), at(6, 3), False),
    (Time(weekdays=numbers((5, 5)), hours=hours(22 * 60, 6 * 60)), at(5, 3), True),
]


@pytest.mark.parametrize("row, when, holds", ROWS)
def test_time(row, when, holds):
    assert time(row, when) is holds


def spec(dates=(), weekdays=(), hours=()):
    return SimpleNamespace(dates=dates, weekdays=weekdays, hours=hours)


YEAREND = Dates(24, 12, 1, 1)

SPECS = [
    (spec(), at(), True),
    (spec([YEAREND]), datetime(2026, 12, 24), True),
    (spec([YEAREND]), datetime(2026, 12, 23, 23, 59), False),
    (spec([YEAREND]), datetime(2027, 1, 1, 23, 59), True),
    (spec([YEAREND]), datetime(2027, 1, 2), False),
    (spec([Dates(1, 6, 31, 8)]), datetime(2026, 8, 31, 23), True),
    (spec([Dates(1, 6, 31, 8)]), datetime(2026, 9, 1), False),
    (spec([Dates(1, 6, 1, 6), YEAREND]), datetime(2026, 12, 31), True),
    (spec(weekdays=[Weekdays(6, 0)]), at(0), True),
    (spec(weekdays=[Weekdays(6, 0)]), at(6), True),
    (spec(weekdays=[Weekdays(6, 0)]), at(1), False),
    (spec(hours=[Hours(18 * 60, 8 * 60)]), at(0, 7, 59, 59), True),
    (spec(hours=[Hours(18 * 60, 8 * 60)]), at(0, 8), False),
    (spec(hours=[Hours(0, 1440)]), at(0, 13), True),
    (spec([YEAREND], [Weekdays(1, 5)]), datetime(2026, 12, 26), False),
    (spec([YEAREND], [Weekdays(1, 5)]), datetime(2026, 12, 25), True),
]


@pytest.mark.parametrize("row, when, holds", SPECS)
def test_time_spec(row, when, holds):
    assert time_spec(row, when) is holds


def walk(low, high, cycle):
    """Every number from low to high, walking forward and around; the slow reference."""
    number = low
    yield number
    while number != high:
        number = (number + 1) % cycle
        yield number


WEEKDAY, MINUTE = st.integers(0, 6), st.integers(0, 1439)
MOMENT = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31))


@settings(deadline=None)
@given(WEEKDAY, WEEKDAY, MOMENT)
def test_weekdays_against_walking(low, high, when):
    expected = (when.weekday() + 1) % 7 in set(walk(low, high, 7))
    assert time_spec(spec(weekdays=[Weekdays(low, high)]), when) is expected
    assert time(Time(weekdays=numbers((low, high))), when) is expected


@settings(deadline=None)
@given(MINUTE, MINUTE, MOMENT)
def test_hours_against_walking(low, high, when):
    expected = when.hour * 60 + when.minute in set(walk(low, (high - 1) % 1440, 1440))
    assert time_spec(spec(hours=[Hours(low, high)]), when) is expected
    assert time(Time(hours=hours(low, high)), when) is expected


@settings(deadline=None)
@given(st.dates(), st.dates(), MOMENT)
def test_dates_against_walking(low, high, when):
    leap_year = [(SUNDAY.replace(2024, 1, 1) + timedelta(days=n)) for n in range(366)]
    days = [(date.month, date.day) for date in leap_year]
    ends = days.index((low.month, low.day)), days.index((high.month, high.day))
    expected = days.index((when.month, when.day)) in set(walk(*ends, 366))
    row = Dates(low.day, low.month, high.day, high.month)
    assert time_spec(spec([row]), when) is expected
