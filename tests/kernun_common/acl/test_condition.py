from __future__ import annotations

from itertools import product
from typing import Tuple

import pytest

from kernun_common.acl.condition import Answer, Condition, all_of, any_of, negation
from kernun_common.configuration.schema import Section, items, section
from tests.support.phase3 import SESSION as FACTS

YES, NO, CANNOT_TELL = Answer.YES, Answer.NO, Answer.CANNOT_TELL

# Kleene's logic: no < cannot tell < yes; `or` is the greatest, `and` the least.
RANK = {NO: 0, CANNOT_TELL: 1, YES: 2}


@pytest.mark.parametrize("answers", [c for n in range(4) for c in product(Answer, repeat=n)])
def test_or_is_the_greatest_and_and_the_least(answers):
    assert any_of(answers) is max(answers, key=RANK.__getitem__, default=NO)
    assert all_of(answers) is min(answers, key=RANK.__getitem__, default=YES)


@pytest.mark.parametrize("of, is_", [(YES, NO), (NO, YES), (CANNOT_TELL, CANNOT_TELL)])
def test_negation(of, is_):
    assert negation(of) is is_


def test_or_stops_at_the_first_yes():
    asked = iter([NO, YES, CANNOT_TELL])
    assert any_of(asked) is YES
    assert list(asked) == [CANNOT_TELL]


@section("rule", "Rows of two kinds.")
class Rule(Section):
    row: Tuple[str, ...] = items("str", text="A row.")


@pytest.mark.parametrize(
    "rows, is_",
    [
        ((), YES),
        (("a no",), NO),
        (("a no", "a yes"), YES),
        (("a yes", "b no"), NO),
        (("b no", "a yes", "b yes"), YES),
        (("a yes", "b cannot tell"), CANNOT_TELL),
    ],
)
def test_rows_of_one_kind_are_or_ed_and_kinds_and_ed(rows, is_):
    condition = Condition(
        "row", lambda row, facts: Answer(row[2:]), lambda facts: "", kind=lambda row: row[0]
    )
    assert condition.answer(Rule(row=rows), FACTS) is is_
