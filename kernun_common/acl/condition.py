"""condition - does it hold?  Yes, no, or: that cannot be told.

    any_of(answers)   all_of(answers)   negation(answer)
    Condition(attribute, judge, compared).answer(acl, facts)

An entry condition that cannot be told does not hold, and its negation does not
hold either: who has no name is neither inside nor outside `*.example.org`.
So the third answer is carried through `or`, `and` and `!` (Kleene's logic), and
only the very end counts everything but YES as a no.

See also: access-control(7), choose.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Callable, Iterable

from kernun_common.configuration.schema import Section

from .facts import Facts


class Answer(Enum):
    YES = "yes"
    NO = "no"
    CANNOT_TELL = "cannot tell"


def answer(holds: bool) -> Answer:
    return Answer.YES if holds else Answer.NO


_OPPOSITE = {
    Answer.YES: Answer.NO,
    Answer.NO: Answer.YES,
    Answer.CANNOT_TELL: Answer.CANNOT_TELL,
}


def negation(of: Answer) -> Answer:
    return _OPPOSITE[of]


def any_of(answers: Iterable[Answer]) -> Answer:
    """YES if one is, else CANNOT_TELL if one is; NO for none at all."""
    result = Answer.NO
    for each in answers:
        if each is Answer.YES:
            return each
        if each is Answer.CANNOT_TELL:
            result = each
    return result


def all_of(answers: Iterable[Answer]) -> Answer:
    """NO if one is, else CANNOT_TELL if one is; YES for none at all."""
    return negation(any_of(negation(each) for each in answers))


def _one_kind(row: Any) -> str:
    return ""


@dataclass(frozen=True)
class Condition:
    """One entry condition of a layer.

    `attribute` is the item's in the ACL; `judge` answers for one row of it;
    `compared` tells, for the operator, what the row was compared with; `kind`
    tells rows of a repeatable item apart that ask for different things.
    """

    attribute: str
    judge: Callable[[Any, Facts], Answer]
    compared: Callable[[Facts], str]
    kind: Callable[[Any], str] = _one_kind

    def asks(self, acl: Section) -> bool:
        """Is the item there?"""
        return getattr(acl, self.attribute) not in (None, ())

    def answer(self, acl: Section, facts: Facts) -> Answer:
        """Repeated rows of one kind are or-ed; an item that is not there asks for nothing."""
        if not self.asks(acl):
            return Answer.YES
        value = getattr(acl, self.attribute)
        if acl.TABLE.rows[self.attribute].repeatable:
            kinds = dict.fromkeys(map(self.kind, value))
            return all_of(self._answer_of(kind, value, facts) for kind in kinds)
        return self.judge(value, facts)

    def _answer_of(self, kind: str, rows: Iterable[Any], facts: Facts) -> Answer:
        return any_of(self.judge(row, facts) for row in rows if self.kind(row) == kind)
