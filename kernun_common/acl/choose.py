"""choose - the first ACL whose entry conditions all hold, and why those before it do not.

    choice = choose(proxy.session_acl, facts)
    choice.acl, choice.accepted      None and False where none is selected: that is denied
    choice.trail                     a Miss for every ACL before it, in file order

See also: condition.py, access-control(7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Iterable, List, Tuple, TypeVar

from kernun_common.configuration.schema import ItemRow
from kernun_common.configuration.text import keyword_of
from kernun_common.errors import Where

from .condition import Answer, Condition
from .facts import Facts
from .section import Acl

A = TypeVar("A", bound=Acl)


@dataclass(frozen=True)
class Miss(Generic[A]):
    """An ACL that was passed by, and its first entry condition that does not hold."""

    acl: A
    condition: Condition
    answer: Answer
    facts: Facts

    @property
    def rows(self) -> Tuple[Tuple[str, Where], ...]:
        """The rows of that condition, as they can be written, and where they stand."""
        attribute = self.condition.attribute
        row = self.acl.TABLE.rows[attribute]
        value = getattr(self.acl, attribute)
        texts = [keyword_of(attribute)]
        if isinstance(row, ItemRow):
            values = value if row.repeatable else (value,)
            texts = [f"{texts[0]} {row.elements.write(each)}" for each in values]
        return tuple((text, self.acl.place(attribute, n)) for n, text in enumerate(texts))

    def __str__(self) -> str:
        return self.reason

    @property
    def reason(self) -> str:
        """Which condition, where, and what it was compared with, on one line."""
        rows = ", ".join(f"{text} ({where})" for text, where in self.rows)
        compared = self.condition.compared(self.facts)
        if self.answer is Answer.CANNOT_TELL:
            return f"{rows}: cannot be told for {compared}: a name or address is not known"
        return f"{rows}: does not hold for {compared}"


@dataclass(frozen=True)
class Choice(Generic[A]):
    """What a layer of ACLs says."""

    acl: A | None
    trail: Tuple[Miss[A], ...]

    @property
    def accepted(self) -> bool:
        return self.acl is not None and self.acl.accept


def choose(acls: Iterable[A], facts: Facts) -> Choice[A]:
    """The first of `acls` that applies to what is known."""
    trail: List[Miss[A]] = []
    for acl in acls:
        miss = _miss(acl, facts)
        if miss is None:
            return Choice(acl, tuple(trail))
        trail.append(miss)
    return Choice(None, tuple(trail))


def _miss(acl: A, facts: Facts) -> Miss[A] | None:
    for condition in acl.conditions:
        answer = condition.answer(acl, facts)
        if answer is not Answer.YES:
            return Miss(acl, condition, answer, facts)
    return None
