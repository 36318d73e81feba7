"""Every entry condition that the layers share, by its written form: does it hold?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from ipaddress import ip_address

import pytest

from kernun_common.acl.condition import Answer
from kernun_common.acl.facts import Facts, Server
from kernun_common.acl.section import Acl, AclWithServer, TimePeriodSet, TimeSpec
from kernun_common.acl.time_matching import Dates, Hours, Time, Weekdays
from kernun_common.configuration.reading import read
from kernun_common.configuration.types import Host, NumberSet, Range, Sock
from kernun_common.sockaddr import Sockaddr

YES, NO, CANNOT_TELL = Answer.YES, Answer.NO, Answer.CANNOT_TELL

FACTS = Facts(
    client=Sockaddr(ip_address("10.1.2.3"), 40312),
    to=Sockaddr(ip_address("192.0.2.1"), 143),
    transparent=False,
    when=datetime(2026, 11, 22, 9, 30),  # a Sunday
)
ALICE = replace(FACTS, user="alice", groups=frozenset({"staff", "mail"}))
LONELY = replace(FACTS, user="bob")
BEHIND = replace(FACTS, server=Server.of(Sock(Host(name="imap.example.org"), 993)))


def acl_of(attribute, *rows, **others):
    """An ACL with these rows, each as the operator writes its elements."""
    row = AclWithServer.TABLE.rows[attribute]
    values = tuple(read(row.elements, text) for text in rows)
    return AclWithServer(**{attribute: values if row.repeatable else values[0]}, **others)


def judged(acl, attribute, facts):
    (condition,) = (c for c in AclWithServer.CONDITIONS if c.attribute == attribute)
    return condition.answer(acl, facts)


CONDITIONS = [
    ("from_", ["[10.0.0.0/8]"], FACTS, YES),
    ("from_", ["[10.9.0.0/16]"], FACTS, NO),
    ("from_", ["[10.9.0.0/16]", "[10.1.0.0/16]"], FACTS, YES),
    ("from_", ["! { *.example.org }"], FACTS, CANNOT_TELL),
    ("from_", ["*.example.org", "[10.1.2.3]"], FACTS, YES),
    ("to", ["*"], FACTS, YES),
    ("to", ["* port 143"], FACTS, YES),
    ("to", ["* port { 993, 1000-2000 }"], FACTS, NO),
    ("to", ["[192.0.2.1] port ! { 143 }"], FACTS, NO),
    ("to", ["[192.0.2.9] port 143"], FACTS, NO),
    ("to", ["mail.example.org port 143"], FACTS, CANNOT_TELL),
    ("to", ["mail.example.org port 993"], FACTS, NO),
    ("to", ["* port 993", "[192.0.2.1]"], FACTS, YES),
    ("transparency", ["transparent"], FACTS, NO),
    ("transparency", ["non-transparent"], FACTS, YES),
    ("transparency", ["transparent"], replace(FACTS, transparent=True), YES),
    ("time", ["{ sun } 0930"], FACTS, YES),
    ("time", ["{ mon-fri }"], FACTS, NO),
    ("time", ["sat-mon 2200-1000"], FACTS, YES),
    ("time", ["day 22 month nov"], FACTS, YES),
    ("time", ["day { 1-21, 23-31 }", "month dec"], FACTS, NO),
    ("time", ["* 0800-0930"], FACTS, NO),
    ("user", ["none"], FACTS, YES),
    ("user", ["none"], ALICE, NO),
    ("user", ["name *"], FACTS, NO),
    ("user", ["name *"], ALICE, YES),
    ("user", ["name { Alice }"], ALICE, NO),
    ("user", ["name ! { alice }"], ALICE, NO),
    ("user", ["name ! { bob }"], ALICE, YES),
    ("user", ["name ! { bob }"], FACTS, NO),
    ("user", ["none", "name bob"], FACTS, YES),
    ("group", ["staff"], ALICE, YES),
    ("group", ["! { staff }"], ALICE, NO),
    ("group", ["! { guests }"], ALICE, YES),
    ("group", ["! { guests }"], LONELY, YES),
    ("group", ["*"], LONELY, NO),
    ("group", ["! { guests }"], FACTS, NO),
    ("server", ["imap.example.org"], BEHIND, YES),
    ("server", ["imap.example.org port 143"], BEHIND, NO),
    ("server", ["*.example.org port 993"], BEHIND, YES),
    ("server", ["*"], FACTS, CANNOT_TELL),
]


@pytest.mark.parametrize("attribute, rows, facts, is_", CONDITIONS)
def test_condition(attribute, rows, facts, is_):
    assert judged(acl_of(attribute, *rows), attribute, facts) is is_


@pytest.mark.parametrize("condition", AclWithServer.CONDITIONS, ids=lambda c: c.attribute)
def test_condition_that_is_not_there_holds(condition):
    assert condition.answer(AclWithServer(), FACTS) is YES


OFFICE = TimeSpec(weekdays=(Weekdays(1, 5),), hours=(Hours(480, 1080),))
YEAREND = TimeSpec(dates=(Dates(24, 12, 1, 1),))

PERIODS = [
    ([OFFICE], False, FACTS, NO),
    ([OFFICE], True, FACTS, YES),
    ([OFFICE, YEAREND], False, replace(FACTS, when=datetime(2026, 12, 27)), YES),
    ([OFFICE, YEAREND], True, replace(FACTS, when=datetime(2026, 12, 27)), NO),
    ([OFFICE, YEAREND], True, FACTS, YES),
]


@pytest.mark.parametrize("specs, exclude, facts, is_", PERIODS)
def test_time_period_set(specs, exclude, facts, is_):
    acl = AclWithServer(time_period_set=TimePeriodSet(time_spec=tuple(specs), exclude=exclude))
    assert judged(acl, "time_period_set", facts) is is_


CHECKS = [
    # section, attribute, elements, is there a complaint
    (Acl, "time", "day { 1, 31 }", False),
    (Acl, "time", "day { 1-32 }", True),
    (Acl, "time", "day 0", True),
    (Acl, "to", "mail.example.org", False),
    (Acl, "to", "*.example.org", True),
    (Acl, "to", '~"mail"', True),
    (TimeSpec, "dates", "29 feb 1 3", False),
    (TimeSpec, "dates", "30 feb 1 3", True),
    (TimeSpec, "dates", "1 1 31 jun", True),
    (TimeSpec, "hours", "2200 0600", False),
    (TimeSpec, "hours", "0000 2400", False),
    (TimeSpec, "hours", "0800 0800", True),
]


@pytest.mark.parametrize("cls, attribute, text, complains", CHECKS)
def test_check(cls, attribute, text, complains):
    row = cls.TABLE.rows[attribute]
    assert (row.complaint(read(row.elements, text)) is not None) is complains


class Rule(Acl):
    """A layer's ACL, as simple as can be."""

    denies = False


@pytest.mark.parametrize(
    "given, denied, about",
    [
        ({"accept": True}, False, []),
        ({}, True, []),
        ({}, False, [Rule().where]),
        ({"accept": True}, True, ["deny"]),
        (
            {
                "accept": True,
                "time": (Time(day=NumberSet((Range(1, 1),))),),
                "time_period_set": TimePeriodSet(time_spec=(OFFICE,)),
            },
            False,
            ["time_period_set"],
        ),
    ],
)
def test_complaints(monkeypatch, given, denied, about):
    monkeypatch.setattr(Rule, "denies", denied)
    assert [place for place, text in Rule(**given).complaints()] == about
