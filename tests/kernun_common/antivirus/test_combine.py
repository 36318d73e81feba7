"""combine: the whole table of both orders, spec 2.6."""

from itertools import permutations, product

import pytest

from kernun_common.antivirus.combine import LENIENT, ORDERS, STRICT, combine
from kernun_common.antivirus.status import Status, Verdict

WORDS = {
    "lenient": ["found", "free", "skipped", "unknown", "error"],
    "strict": ["found", "error", "unknown", "skipped", "free"],
}


@pytest.mark.parametrize("mode", WORDS)
def test_the_first_of_the_order_that_any_engine_said(mode):
    assert [status.value for status in ORDERS[mode]] == WORDS[mode]
    for first, second, third in product(Status, repeat=3):
        wanted = min((first, second, third), key=lambda status: WORDS[mode].index(status.value))
        got = combine([Verdict(first), Verdict(second), Verdict(third)], ORDERS[mode])
        assert got.status is wanted


@pytest.mark.parametrize("order", [LENIENT, STRICT])
def test_no_engine_is_skipped(order):
    assert combine([], order).status is Status.SKIPPED


def test_the_first_engine_gives_the_name():
    names = ["A", "B", None]
    for given in permutations(names):
        verdicts = [Verdict(Status.FOUND, name) for name in given]
        assert combine(verdicts, STRICT).virus == given[0]
