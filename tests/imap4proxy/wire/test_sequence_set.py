import pytest
from hypothesis import given
from hypothesis import strategies as st

from imap4proxy.wire.sequence_set import LONGEST, count, encode, may_hold

HOLDS = [
    # set, number, may it belong to it
    (b"5", 5, True),
    (b"5", 6, False),
    (b"1:5", 3, True),
    (b"5:1", 3, True),
    (b"5:1", 6, False),
    (b"1,3,9:12", 10, True),
    (b"1,3,9:12", 8, False),
    (b"*", 8, True),
    (b"100:*", 8, True),  # the last mail may be the 8th
    (b"$", 8, True),
]

COUNTS = [(b"5", 1), (b"1:5", 5), (b"5:1", 5), (b"1,3,9:12", 6), (b"1:*", None), (b"$", None)]

ENCODED = [
    ([], []),
    ([7], [b"7"]),
    ([3, 1, 2], [b"1:3"]),
    ([1, 2, 3, 9, 9], [b"1:3,9"]),
    ([4294967295], [b"4294967295"]),
]


@pytest.mark.parametrize("sequence_set, number, holds", HOLDS)
def test_may_hold(sequence_set, number, holds):
    assert may_hold(sequence_set, number) is holds


@pytest.mark.parametrize("sequence_set, number", COUNTS)
def test_count(sequence_set, number):
    assert count(sequence_set) == number


@pytest.mark.parametrize("numbers, sets", ENCODED)
def test_encode(numbers, sets):
    assert encode(numbers) == sets


@given(st.sets(st.integers(1, 1000)))
def test_every_number_and_no_other(numbers):
    sets = encode(numbers)
    found = {n for n in range(1, 1002) if any(may_hold(each, n) for each in sets)}
    assert found == numbers
    assert sum(map(count, sets)) == len(numbers)


def test_sets_are_short():
    sets = encode(range(1, 100_000, 2))
    assert len(sets) > 1
    assert all(len(each) <= LONGEST + 11 for each in sets)
