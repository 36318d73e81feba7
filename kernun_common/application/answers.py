"""answers - what a test expression is told of a configuration; test-expr(5).

    for line in answers(questions, configuration, examined, now, resolution): ...

`examined` is what the application adds: which section is a proxy, which layers of
ACLs it has, and how a session goes through them.  The answers come in the order
of the questions, and the same question to the same configuration gets the same
answer, so that what lies before and behind a change can be compared.

See also: test_expr.py, access-control(7), ../acl/choose.py, ../configuration/dump.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from textwrap import indent, wrap
from typing import Any, Callable, Dict, Iterable, Iterator, Sequence, Tuple, cast

from kernun_common.acl.choose import Choice
from kernun_common.acl.facts import Facts, Resolution
from kernun_common.acl.section import Acl
from kernun_common.configuration.dump import digest, dump
from kernun_common.configuration.result import Configuration
from kernun_common.configuration.schema import ItemRow
from kernun_common.configuration.text import keyword_of

from .test_expr import Expression, Question, ShowAcl, ShowProxy, Trial, refused

INDENT = "    "
WIDTH = 79  # columns of a help text

_TEST = cast(ItemRow, Expression.TABLE.rows["test"])


@dataclass(frozen=True)
class Examined:
    """What the application adds.

    `layers` are the attributes of the ACLs of a proxy, phase by phase.  `session`
    tells how a session goes through them: lines, for a proxy, what is known
    at its beginning, and what was asked.
    """

    keyword: str
    layers: Tuple[Tuple[str, ...], ...]
    session: Callable[[Any, Facts, Trial], Iterable[str]]


def answers(
    questions: Sequence[Question],
    configuration: Configuration,
    examined: Examined,
    now: datetime,
    resolution: Resolution,
) -> Iterator[str]:
    """The answers in lines; ConfigurationErrors where a question has none."""
    answerer = _Answerer(configuration, examined, now, resolution)
    for number, (attribute, value) in enumerate(questions):
        if number:
            yield ""
        yield from getattr(answerer, attribute)(value)


class _Answerer:
    """A method for each item, with its value."""

    def __init__(
        self,
        configuration: Configuration,
        examined: Examined,
        now: datetime,
        resolution: Resolution,
    ) -> None:
        self._configuration = configuration
        self._examined = examined
        self._now = now
        self._resolution = resolution
        self._proxies = configuration.sections(examined.keyword)

    def test(self, trial: Trial) -> Iterator[str]:
        try:
            facts = trial.facts(self._now, self._resolution)
        except ValueError as error:
            raise refused(f"test: time: {error}") from None
        yield f"test {_TEST.elements.write(trial)}".rstrip() + ";"
        for proxy in self._proxies:
            yield f"{proxy.TABLE.keyword} {proxy.name} ({proxy.where})"
            yield from self._examined.session(proxy, facts, trial)

    def show_acl(self, show: ShowAcl) -> Iterator[str]:
        number, last = show.phase or 1, len(self._examined.layers)
        if number > last:
            raise refused(f"show-acl: the last phase is {last}")
        for proxy in self._proxies:
            yield f"# {proxy.TABLE.keyword} {proxy.name} ({proxy.where})"
            for attribute in self._examined.layers[number - 1]:
                for acl in getattr(proxy, attribute):
                    yield f"# {acl.where}"
                    yield from dump(acl, defaults=False).splitlines()

    def show_proxy(self, show: ShowProxy) -> Iterator[str]:
        yield from dump(self._configuration, defaults=show.all).splitlines()

    def show_hash(self, _: bool) -> Iterator[str]:
        yield digest(self._configuration)

    def help(self, _: bool) -> Iterator[str]:
        for attribute, row in Expression.TABLE.rows.items():
            elements = row.elements.written if isinstance(row, ItemRow) else ""
            yield f"{keyword_of(attribute)} {elements}".rstrip() + ";"
            yield from wrap(row.text, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)


def layer_lines(
    phase: int | str, keyword: str, choice: Choice[Any], effective: Acl | None
) -> Iterator[str]:
    """What a layer says: the ACL selected, those passed by, and what `effective` has set."""
    acl, outcome = choice.acl, "accepted" if choice.accepted else "denied"
    selected = f"{keyword} {acl.name} ({acl.where})" if acl is not None else f"no {keyword}"
    yield f"phase {phase}: {selected} is selected: {outcome}"
    for miss in choice.trail:
        yield f"{INDENT}not {miss.acl.name} ({miss.acl.where}): {miss.reason}"
    if effective is not None and choice.accepted:
        yield from indent(dump(_without_conditions(effective), defaults=True), INDENT).splitlines()


def _without_conditions(acl: Acl) -> Acl:
    rows = acl.TABLE.rows
    attributes = [condition.attribute for condition in acl.CONDITIONS]
    empty: Dict[str, Any] = {
        name: () if rows[name].repeatable else None for name in attributes
    }
    return replace(acl, **empty)
