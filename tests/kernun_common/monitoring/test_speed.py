"""speed: what passed in the last interval, of whom and when."""

import pytest

from kernun_common.monitoring.record import Live, Record, Shown
from kernun_common.monitoring.speed import Meter, Speed


def shown(down, up=0, pid=7, since=0.0, slot=1):
    return Shown(slot, pid, since, Live(from_client=up, to_client=down), Record())


STEPS = [
    # ticks before: (now, down, up); then: now, down, up; the speed
    ([], (10.0, 500, 20), Speed(50.0, 2.0)),  # since its beginning
    ([], (0.1, 500, 20), Speed(500.0, 20.0)),  # a first moment counts as a second
    ([(10.0, 500, 20)], (15.0, 1000, 20), Speed(50.0, 2.0)),  # as at the tick, until the next
    ([(10.0, 500, 0), (15.0, 1000, 50)], (16.0, 9999, 99), Speed(100.0, 10.0)),
    ([(10.0, 500, 0), (15.0, 500, 0)], (15.0, 500, 0), Speed(0.0, 0.0)),
    ([(10.0, 500, 0), (9.0, 600, 0)], (9.0, 600, 0), Speed(100.0, 0.0)),  # a clock set back
]


@pytest.mark.parametrize("ticks, last, speed", STEPS)
def test_speed(ticks, last, speed):
    meter = Meter()
    for now, down, up in ticks:
        meter.tick([shown(down, up)], now)
    now, down, up = last
    assert meter.speed(shown(down, up), now) == speed


def test_the_next_session_of_a_child_is_another_one():
    meter = Meter()
    meter.tick([shown(1000)], 10.0)
    second = shown(30, since=12.0)
    meter.tick([second], 15.0)
    assert meter.speed(second, 15.0) == Speed(10.0, 0.0)


def test_what_has_ended_is_forgotten():
    meter = Meter()
    meter.tick([shown(1, pid=pid) for pid in range(100)], 1.0)
    meter.tick([], 2.0)
    assert not meter._samples and not meter._speeds
