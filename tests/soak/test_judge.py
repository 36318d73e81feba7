"""What rises is told from what is as it was, whatever differs between processes."""

from __future__ import annotations

import pytest

from tests.soak.judge import Row, slope
from tests.soak.run import judged
from tests.soak.samples import Sample

MIB = 1024


def line(height: float, rise: float, begin: int = 0) -> list[tuple[float, float]]:
    """Sixty points, a second apart."""
    return [(begin + at, height + rise * at) for at in range(60)]


SLOPES = [
    ([], 0),
    ([[]], 0),
    ([[(0, 5)]], 0),
    ([line(7, 0)], 0),
    ([line(7, 2)], 2),
    ([line(7, -2)], -2),
    ([line(100, 2), line(7, 2)], 2),  # one is larger than the other
    ([line(100, 0), line(7, 0, begin=60)], 0),  # the larger one goes, the smaller one comes
    ([line(0, 2), line(0, 0)], 1),
]


@pytest.mark.parametrize("series, wanted", SLOPES)
def test_slope(series, wanted):
    assert slope(series) == pytest.approx(wanted)


@pytest.mark.parametrize("rise, flat", [(0, True), (-1, True), (0.16, True), (0.18, False)])
def test_row(rise, flat):
    row = Row("memory", "KiB", [line(100, rise)], bound=10)
    assert row.seconds == 59
    assert row.per_minute == pytest.approx(60 * rise)
    assert row.flat is flat


def test_nothing_measured_is_not_flat():
    assert not Row("memory", "KiB", [], bound=10).flat


LEAKS = [
    # what rises, by how much a second, the rows that tell
    ({}, {}, set()),
    ({"memory": 8 * MIB}, {"parent"}, {"memory of the parent"}),
    ({"memory": 8 * MIB}, {"idle"}, {"memory of an idle child"}),
    ({"memory": 8 * MIB}, {"busy"}, {"memory of a child in a session"}),
    ({"memory": 8 * MIB}, {"helper"}, {"memory of a helper"}),
    ({"descriptors": 1}, {"parent"}, {"descriptors of the parent"}),
    ({"descriptors": 1}, {"idle"}, {"descriptors of an idle child"}),
    ({"descriptors": 1}, {"busy"}, {"descriptors of a child in a session"}),
    ({"pooled": 1}, {"idle"}, {"open files of the mail pool"}),
    ({"threads": 1}, {"busy"}, {"threads of a process"}),
]


@pytest.mark.parametrize("leaks, kinds, rows", LEAKS)
def test_a_leak_is_found(leaks, kinds, rows):
    """In one that is there from the beginning."""
    usual = {"memory": 40 * MIB, "descriptors": 14, "pooled": 0, "threads": 1}
    samples = [
        Sample(at, pid, 0, kind, **{
            key: value + (leaks.get(key, 0) * at if kind in kinds else 0)
            for key, value in usual.items()
        })
        for at in range(100)
        for pid, kind in enumerate(("parent", "idle", "busy", "helper"))
    ]  # fmt: skip
    assert {row.name for row in judged(samples, 100) if not row.flat} == rows


def test_ever_more_children_are_found():
    samples = [
        Sample(at, pid, at, "idle", 40 * MIB, 14, 0, 1) for at in range(100) for pid in range(at)
    ]
    assert "children" in {row.name for row in judged(samples, 100) if not row.flat}
