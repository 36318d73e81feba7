"""section - acl(5): what the ACLs of all layers have in common.

    @section("session-acl", ..., named=True)
    class SessionAcl(Acl):                        phase 1
    class CommandAcl(AclWithServer):              phase 2

Rows and, beside them, what gives them effect: the table CONDITIONS of a layer,
in the order in which they are asked.

See also: choose.py, access-control(7).
"""

from __future__ import annotations

from calendar import monthrange
from functools import cached_property
from typing import ClassVar, Iterable, NamedTuple, Tuple, Union

from kernun_common.configuration.constraints import Constraint
from kernun_common.configuration.schema import Section, item, items, key, part, parts, section
from kernun_common.configuration.types import Glob, HostSet, PortSet, Regex, StrSet
from kernun_common.errors import Where

from . import host_matching, time_matching
from .condition import Answer, Condition, all_of, answer
from .data_matching import matches
from .facts import Facts
from .time_matching import Dates, Hours, Time, Weekdays

_LEAP_YEAR = 2024  # a year that has every day


class Place(NamedTuple):
    """Hosts, and ports on them; None is any."""

    hosts: HostSet
    port: PortSet | None


class User(NamedTuple):
    """Nobody, or one of these names."""

    none: bool
    name: StrSet | None


class Deny(NamedTuple):
    """Refuse; with these words, if any."""

    text: str | None


def _is_date(date: Tuple[int, int]) -> bool:
    month, day = date
    return 1 <= day <= monthrange(_LEAP_YEAR, month)[1]


days = Constraint(
    "must have days from 1 to 31",
    lambda row: row.day is None or all(1 <= d.low and d.high <= 31 for d in row.day.members),
)
dates = Constraint(
    "must have days that the months have", lambda row: _is_date(row.first) and _is_date(row.last)
)
hours = Constraint(
    "must not end when it begins: that could be nothing or the whole day",
    lambda row: row.from_ != row.till,
)
no_pattern = Constraint(
    "must not have a glob or regex: there is no name to compare it with",
    lambda row: not any(isinstance(member, (Glob, Regex)) for member in row.hosts.members),
)


@section("time-spec", "Times that a time-period-set is made of.", named=True)
class TimeSpec(Section):
    """One row of each kind that is there must hold; without any it is always the time."""

    dates: Tuple[Dates, ...] = items(
        "<from-day> uint8 <from-month> month <till-day> uint8 <till-month> month",
        into=Dates,
        check=dates,
        text="From a day and month till a day and month, both included; may wrap around the end of"
        " the year.",
    )
    weekdays: Tuple[Weekdays, ...] = items(
        "<from> week-day <till> week-day",
        into=Weekdays,
        text="From a day of the week till another, both included; may wrap around.",
    )
    hours: Tuple[Hours, ...] = items(
        "<from> hhmm <till> hhmm",
        into=Hours,
        check=hours,
        text="From a time of the day till another, which is not included; may wrap around"
        " midnight.",
    )


@section("time-period-set", "The times at which an ACL applies, another way to write them.")
class TimePeriodSet(Section):
    """One of the time-specs must hold; or none, with `exclude`."""

    exclude: bool = key(text="Turn it round: the ACL applies at any other time.")
    time_spec: Tuple[TimeSpec, ...] = parts(
        TimeSpec, mandatory=True, text="Times; of several time-specs one must hold."
    )


def _client(hosts: HostSet, facts: Facts) -> Answer:
    return host_matching.client(hosts, facts)


def _to(row: Place, facts: Facts) -> Answer:
    port = row.port is None or facts.to.port in row.port
    return all_of((host_matching.destination(row.hosts, facts), answer(port)))


def _server(row: Place, facts: Facts) -> Answer:
    if facts.server is None:
        return Answer.CANNOT_TELL
    port = row.port is None or facts.server.port in row.port
    return all_of((host_matching.server(row.hosts, facts), answer(port)))


def _transparency(mode: str, facts: Facts) -> Answer:
    return answer((mode == "transparent") is facts.transparent)


def _time(row: Time, facts: Facts) -> Answer:
    return answer(time_matching.time(row, facts.when))


def _time_period_set(periods: TimePeriodSet, facts: Facts) -> Answer:
    now = any(time_matching.time_spec(spec, facts.when) for spec in periods.time_spec)
    return answer(now is not periods.exclude)


def _user(row: User, facts: Facts) -> Answer:
    if row.name is None:
        return answer(facts.user is None)
    return answer(facts.user is not None and matches((facts.user,), row.name))


def _group(groups: StrSet, facts: Facts) -> Answer:
    return answer(facts.user is not None and matches(facts.groups, groups))


def _told_client(facts: Facts) -> str:
    names = f" ({', '.join(facts.client_names)})" if facts.client_names else ""
    return f"[{facts.client.address}]{names}"


def _told_time(facts: Facts) -> str:
    return facts.when.strftime("%a %d %b %H%M").lower()


def _told_user(facts: Facts) -> str:
    return "nobody logged in" if facts.user is None else f"user {facts.user}"


def _told_groups(facts: Facts) -> str:
    if facts.user is None:
        return _told_user(facts)
    return f"groups {{ {', '.join(sorted(facts.groups))} }}"


@section("acl", "One rule: entry conditions, and actions if they all hold.", named=True)
class Acl(Section):
    """Base of the ACLs of every layer."""

    CONDITIONS: ClassVar[Tuple[Condition, ...]] = (
        Condition("from_", _client, _told_client),
        Condition("to", _to, lambda facts: str(facts.to)),
        Condition(
            "transparency",
            _transparency,
            lambda facts: "transparent" if facts.transparent else "non-transparent",
        ),
        Condition("time", _time, _told_time),
        Condition("time_period_set", _time_period_set, _told_time),
        Condition("user", _user, _told_user),
        Condition("group", _group, _told_groups),
    )

    @cached_property
    def conditions(self) -> Tuple[Condition, ...]:
        """Those of the table that ask for something here: a session is spared the others."""
        return tuple(condition for condition in self.CONDITIONS if condition.asks(self))

    from_: Tuple[HostSet, ...] = items(
        "host-set",
        text="The client belongs to the set, host-matching(7); globs and regexes are compared with"
        " its forward-confirmed reverse names.",
    )
    to: Tuple[Place, ...] = items(
        "<hosts> host-set [port port-set]",
        into=Place,
        check=no_pattern,
        text="The client connected there: the original destination of a transparent connection,"
        " else the proxy's own address and port.",
    )
    transparency: str | None = item(
        "transparent|non-transparent",
        text="Whether the client addressed the server itself and was redirected to the proxy.",
    )
    time: Tuple[Time, ...] = items(
        "[day uint8-set] [month month-set] [<weekdays> week-day-set [<hours> hhmm-set]]",
        into=Time,
        check=days,
        text="It is this time, time-matching(7): all that one row gives holds.",
    )
    time_period_set: TimePeriodSet | None = part(
        TimePeriodSet,
        optional=True,
        text="It is this time, in another way; not together with `time`.",
    )
    user: Tuple[User, ...] = items(
        "none | name str-set",
        into=User,
        text="Nobody is logged in on the firewall from the client's address, or somebody whose"
        " name belongs to the set.",
    )
    group: Tuple[StrSet, ...] = items(
        "str-set",
        text="Somebody is logged in from the client's address, and one of the groups belongs to"
        " the set.",
    )
    accept: bool = key(text="Go on, with the actions of this ACL.")

    @property
    def denies(self) -> bool:
        """Whether `deny` stands in it; layers declare that item each in its way."""
        raise NotImplementedError

    def complaints(self) -> Iterable[Tuple[Union[str, Where], str]]:
        if self.accept and self.denies:
            yield "deny", "accept and deny exclude each other"
        if not self.accept and not self.denies:
            yield self.where, "expected accept or deny in an ACL"
        if self.time and self.time_period_set is not None:
            yield "time_period_set", "time and time-period-set exclude each other"


@section("acl-with-server", "One rule, from phase 2 on.", named=True)
class AclWithServer(Acl):
    """Base of the ACLs of the layers that know the server."""

    CONDITIONS: ClassVar[Tuple[Condition, ...]] = (
        *Acl.CONDITIONS,
        Condition("server", _server, lambda facts: f"server {facts.server}"),
    )

    server: Tuple[Place, ...] = items(
        "<hosts> host-set [port port-set]",
        into=Place,
        text="The server belongs to the set: the first `plug-to` of the session-acl, else the"
        " original destination. Globs and regexes are compared with the name in `plug-to`.",
    )
