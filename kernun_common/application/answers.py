"""answers - what a test expression is told of a configuration; test-expr(5).

    for line in answers(expression, configuration, tested, now, resolution): ...

`tested` is what the application adds: which section is a proxy, which layers of
ACLs it has, and how a session goes through them.  The answers come in the order
of the questions, and the same question to the same configuration gets the same
answer, so that what lies before and behind a change can be compared.

See also: test_expr.py, access-control(7), ../acl/choose.py, ../configuration/dump.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from textwrap import indent
from typing import Any, Callable, Iterable, Iterator, Tuple

from kernun_common.acl.choose import Choice
from kernun_common.acl.facts import Facts, Resolution
from kernun_common.acl.section import Acl
from kernun_common.configuration.dump import digest, dump
from kernun_common.configuration.result import Configuration, ConfigurationErrors
from kernun_common.configuration.schema import ItemRow
from kernun_common.configuration.text import keyword_of
from kernun_common.errors import ConfigurationError

from .test_expr import Expression, Nothing, ShowAcl, ShowProxy, Trial

INDENT = "    "


@dataclass(frozen=True)
class Tested:
    """What the application adds.

    `layers` are the attributes of the ACLs of a proxy, phase by phase.  `session`
    tells how a session goes through them: lines, for a proxy, what is known
    at its beginning, and what was asked.
    """

    keyword: str
    layers: Tuple[Tuple[str, ...], ...]
    session: Callable[[Any, Facts, Trial], Iterable[str]]


def answers(
    expression: Expression,
    configuration: Configuration,
    tested: Tested,
    now: datetime,
    resolution: Resolution,
) -> Iterator[str]:
    """The lines of the answers, one question after the other; ConfigurationErrors at a question."""
    answerer = _Answerer(configuration, tested, now, resolution)
    for attribute, value, where in expression.questions():
        try:
            yield from getattr(answerer, attribute)(value)
        except ValueError as error:
            raise ConfigurationErrors([ConfigurationError(where, str(error))]) from None


class _Answerer:
    """A method for each item."""

    def __init__(
        self, configuration: Configuration, tested: Tested, now: datetime, resolution: Resolution
    ) -> None:
        self._configuration = configuration
        self._tested = tested
        self._now = now
        self._resolution = resolution
        self._proxies = configuration.sections(tested.keyword)

    def test(self, trial: Trial) -> Iterator[str]:
        facts = trial.facts(self._now, self._resolution)
        for proxy in self._proxies:
            yield f"{proxy.TABLE.keyword} {proxy.name} ({proxy.where})"
            yield from self._tested.session(proxy, facts, trial)

    def show_acl(self, show: ShowAcl) -> Iterator[str]:
        number = 1 if show.phase is None else show.phase
        if number > len(self._tested.layers):
            raise ValueError(f"the last phase is {len(self._tested.layers)}")
        for proxy in self._proxies:
            yield f"# {proxy.TABLE.keyword} {proxy.name} ({proxy.where})"
            for attribute in self._tested.layers[number - 1]:
                for acl in getattr(proxy, attribute):
                    yield f"# {acl.where}"
                    yield from dump(acl, defaults=False).splitlines()

    def show_proxy(self, show: ShowProxy) -> Iterator[str]:
        yield from dump(self._configuration, defaults=show.all).splitlines()

    def show_hash(self, _: Nothing) -> Iterator[str]:
        yield digest(self._configuration)

    def help(self, _: Nothing) -> Iterator[str]:
        for attribute, row in Expression.TABLE.rows.items():
            if isinstance(row, ItemRow):
                yield f"{keyword_of(attribute)} {row.elements.written}".rstrip() + ";"
                yield INDENT + row.text


def layer_lines(phase: int, keyword: str, choice: Choice[Any], effective: Acl | None) -> Iterator[str]:
    """What a layer says: the ACL selected, the ones passed by, and the parameters of `effective`."""
    outcome = "accepted" if choice.accepted else "denied"
    if choice.acl is None:
        yield f"phase {phase}: no {keyword} is selected: {outcome}"
    else:
        acl = choice.acl
        yield f"phase {phase}: {keyword} {acl.name} ({acl.where}) is selected: {outcome}"
    for miss in choice.trail:
        yield f"{INDENT}not {miss.acl.name} ({miss.acl.where}): {miss.reason}"
    if effective is not None:
        yield from indent(dump(parameters(effective), defaults=True), INDENT).splitlines()


def parameters(acl: Acl) -> Acl:
    """The same ACL without its entry conditions."""
    rows = acl.TABLE.rows
    attributes = [condition.attribute for condition in acl.CONDITIONS]
    return replace(acl, **{name: () if rows[name].repeatable else None for name in attributes})
