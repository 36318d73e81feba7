"""time_matching - is it that time?  time-matching(7).

    time(row, when)               one item `time`
    time_spec(spec, when)         one section `time-spec`

`when` is local time and an argument: nothing here asks a clock.  Every part of
a row is compared with the same moment, so the hours after midnight in
`time fri 2200-0600` are those of the Friday.

See also: section.py, where the rows are declared.
"""

from __future__ import annotations

from datetime import datetime
from typing import Iterable, NamedTuple, Protocol, Tuple, TypeVar

from kernun_common.configuration.types import NumberSet

MINUTES_IN_AN_HOUR = 60
MINUTES_IN_A_DAY = 24 * MINUTES_IN_AN_HOUR
DAYS_IN_A_WEEK = 7

T = TypeVar("T", int, Tuple[int, int])  # what has an order


class Time(NamedTuple):
    """The elements of `time`; weekdays count from Sunday, hours are minutes of the day."""

    day: NumberSet | None = None
    month: NumberSet | None = None
    weekdays: NumberSet | None = None
    hours: NumberSet | None = None


class Dates(NamedTuple):
    """Days of the year, both ends included."""

    from_day: int
    from_month: int
    till_day: int
    till_month: int

    @property
    def first(self) -> Tuple[int, int]:
        return (self.from_month, self.from_day)

    @property
    def last(self) -> Tuple[int, int]:
        return (self.till_month, self.till_day)


class Weekdays(NamedTuple):
    """Days of the week, Sunday is 0, both ends included."""

    from_: int
    till: int


class Hours(NamedTuple):
    """Minutes of the day, the end not included."""

    from_: int
    till: int

    @property
    def first(self) -> int:
        return self.from_ % MINUTES_IN_A_DAY

    @property
    def last(self) -> int:
        """The last minute that is included."""
        return (self.till - 1) % MINUTES_IN_A_DAY


class Spec(Protocol):
    """The rows of a `time-spec`; all three wrap around where the end comes before the start."""

    @property
    def dates(self) -> Tuple[Dates, ...]: ...

    @property
    def weekdays(self) -> Tuple[Weekdays, ...]: ...

    @property
    def hours(self) -> Tuple[Hours, ...]: ...


def time(row: Time, when: datetime) -> bool:
    """Does everything that the row gives hold at `when`?"""
    now = (when.day, when.month, _weekday(when), _minute(when))
    return all(part is None or number in part for part, number in zip(row, now))


def time_spec(spec: Spec, when: datetime) -> bool:
    """Does one row of each kind that is there hold at `when`?"""
    date = (when.month, when.day)
    weekday, minute = _weekday(when), _minute(when)
    return (
        _one(_between(row.first, date, row.last) for row in spec.dates)
        and _one(_between(row.from_, weekday, row.till) for row in spec.weekdays)
        and _one(_between(row.first, minute, row.last) for row in spec.hours)
    )


def _one(rows: Iterable[bool]) -> bool:
    """Does one hold, or is there none?"""
    answers = list(rows)
    return any(answers) or not answers


def _between(low: T, moment: T, high: T) -> bool:
    """In the range, both ends included; around the end of the cycle where low is the greater."""
    if low <= high:
        return low <= moment <= high
    return low <= moment or moment <= high


def _weekday(when: datetime) -> int:
    return when.isoweekday() % DAYS_IN_A_WEEK


def _minute(when: datetime) -> int:
    return when.hour * MINUTES_IN_AN_HOUR + when.minute
