"""test_expr - what the argument of -t asks of a configuration; test-expr(5).

    expression = read("test from [10.1.2.3] time 1930; show-hash;")
    expression.questions()  ->  [("test", Trial(...), where), ("show_hash", Nothing(), where)]

See also: answers.py.
"""

from __future__ import annotations

import re
from datetime import datetime
from ipaddress import IPv4Address
from typing import Any, List, NamedTuple, Tuple

from kernun_common.acl.facts import Facts, Resolution, Server
from kernun_common.configuration import tree
from kernun_common.configuration.kind import Context
from kernun_common.configuration.parser import parse
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.configuration.rows import SectionReader
from kernun_common.configuration.schema import Section, items, section
from kernun_common.configuration.types import Host, Sock
from kernun_common.errors import ConfigurationError, Where
from kernun_common.sockaddr import Address, Sockaddr

FILE = "test-expr"  # what stands for a file's name in the places of errors

_NO_ADDRESS = IPv4Address("0.0.0.0")
_NOWHERE = Sock(Host(address=_NO_ADDRESS), 0)
_TIME = re.compile(r"(?:(?:(?P<month>\d\d))?(?P<day>\d\d))?(?P<hour>\d\d)(?P<minute>\d\d)")


class Trial(NamedTuple):
    """The elements of `test`."""

    from_: Host | None = None
    transparent: bool = False
    to: Sock | None = None
    server: Sock | None = None
    user: str | None = None
    group: Tuple[str, ...] | None = None
    time: str | None = None
    cert_subject: str | None = None

    def facts(self, now: datetime, resolution: Resolution) -> Facts:
        """What phase 1 knows; ValueError where there is no such day this year.

        A name has the address that `resolution` gives it, else [0.0.0.0].
        """
        client, to = self.from_ or _NOWHERE.host, self.to or _NOWHERE
        return Facts(
            client=Sockaddr(_address(client, resolution), 0),
            to=Sockaddr(_address(to.host, resolution), to.port),
            transparent=self.transparent,
            when=_when(self.time, now),
            client_names=(client.name,) if client.name is not None else None,
            user=self.user,
            groups=frozenset(self.group or ()),
            server=Server.of(self.server) if self.server is not None else None,
            resolution=resolution,
        )


def _address(host: Host, resolution: Resolution) -> Address:
    if host.address is not None:
        return host.address
    return next(iter(resolution.get(host.name or "", ())), _NO_ADDRESS)


def _when(time: str | None, now: datetime) -> datetime:
    found = _TIME.fullmatch(time) if time is not None else None
    if found is None:
        return now
    given = {unit: int(digits) for unit, digits in found.groupdict().items() if digits}
    return now.replace(**given, second=0, microsecond=0)  # type: ignore[arg-type]


def _trial(trial: Trial) -> str | None:
    if trial.group is not None and trial.user is None:
        return "group needs user"
    if trial.time is not None and not _TIME.fullmatch(trial.time):
        return "time is written [[mm]dd]hhmm"
    return None


class ShowAcl(NamedTuple):
    phase: int | None = None


class ShowProxy(NamedTuple):
    all: bool = False


class Nothing(NamedTuple):
    """An item without elements, which may be repeated."""


def _phase(show: ShowAcl) -> str | None:
    return "the first phase is 1" if show.phase == 0 else None


@section("test-expr", "What to test in a configuration, or to show of it.")
class Expression(Section):
    """Any number of items, answered in their order."""

    test: Tuple[Trial, ...] = items(
        "[from host] [transparent] [to sock] [server sock] [user str] [group str-list]"
        " [time <time> str] [cert-subject str]",
        into=Trial,
        check=_trial,
        text="Look for the ACLs of a session like this and tell which are selected, why not those"
        " before them, and what follows from them.",
    )
    show_acl: Tuple[ShowAcl, ...] = items(
        "[<phase> uint8]",
        into=ShowAcl,
        check=_phase,
        text="Show the ACLs of a phase, from 1 on, as the program understands them.",
    )
    show_proxy: Tuple[ShowProxy, ...] = items(
        "[all]",
        into=ShowProxy,
        text="Show the configuration as the program understands it; with all, also what is so"
        " by default.",
    )
    show_hash: Tuple[Nothing, ...] = items(
        "", into=Nothing, text="Show the SHA-256 of what show-proxy all shows."
    )
    help: Tuple[Nothing, ...] = items("", into=Nothing, text="Show what can be asked.")

    def questions(self) -> List[Tuple[str, Any, Where]]:
        """Attribute, value and place of each item, in the order in which they were written."""
        asked = [
            (attribute, value, self.place(attribute, number))
            for attribute in self.TABLE.rows
            for number, value in enumerate(getattr(self, attribute))
        ]
        return sorted(asked, key=lambda question: question[2])


def read(text: str, context: Context = Context()) -> Expression:
    """The items of `text`; ConfigurationErrors where it is no test expression, or empty."""
    parsed = parse(text, FILE)
    where = Where(FILE, 1, 1)
    errors = list(parsed.errors)
    node = tree.Section(where, FILE, "", parsed.statements)
    expression = SectionReader(Expression, context, errors).read(node)
    if not errors and not parsed.statements:
        errors.append(ConfigurationError(where, "expected an item, such as help;"))
    if errors or not isinstance(expression, Expression):
        raise ConfigurationErrors(errors)
    return expression
