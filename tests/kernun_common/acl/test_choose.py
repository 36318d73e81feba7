from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from ipaddress import ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernun_common.acl.choose import choose
from kernun_common.acl.facts import Facts
from kernun_common.acl.section import Acl, TimePeriodSet, TimeSpec
from kernun_common.acl.time_matching import Weekdays
from kernun_common.configuration.reading import read
from kernun_common.errors import Where
from kernun_common.sockaddr import Sockaddr

FACTS = Facts(
    client=Sockaddr(ip_address("10.1.2.3"), 40312),
    to=Sockaddr(ip_address("192.0.2.1"), 143),
    transparent=False,
    when=datetime(2026, 11, 22, 9, 30),
)


def rule(name, accept=True, **rows):
    """An ACL on line N of "f", where its Nth condition stands on line N too."""
    values, places = {}, {}
    for column, (attribute, texts) in enumerate(rows.items(), 1):
        row = Acl.TABLE.rows[attribute]
        read_rows = tuple(read(row.elements, text) for text in texts)
        values[attribute] = read_rows if row.repeatable else read_rows[0]
        places[attribute] = tuple(Where("f", n, column) for n in range(1, len(texts) + 1))
    return Acl(name=name, accept=accept, where=Where("f", 9, 9), places=places, **values)


OTHERS = rule("OTHERS", from_=["[192.0.2.0/24]"])
NAMED = rule("NAMED", accept=False, from_=["*.example.org"])
NIGHT = rule("NIGHT", from_=["*"], time=["{ mon } 2200-0600", "{ sun } 2200-0600"])
INSIDE = rule("INSIDE", from_=["[10.0.0.0/8]"])
NOBODY = rule("NOBODY", accept=False)

CHOICES = [
    # acls, the one selected, accepted, the ones passed by
    ([], None, False, []),
    ([INSIDE], INSIDE, True, []),
    ([NOBODY, INSIDE], NOBODY, False, []),
    ([OTHERS, INSIDE, NOBODY], INSIDE, True, [OTHERS]),
    ([OTHERS, NAMED, NIGHT], None, False, [OTHERS, NAMED, NIGHT]),
]


@pytest.mark.parametrize("acls, selected, accepted, passed", CHOICES)
def test_choose(acls, selected, accepted, passed):
    choice = choose(acls, FACTS)
    assert choice.acl is selected
    assert choice.accepted is accepted
    assert [miss.acl for miss in choice.trail] == passed


REASONS = [
    (OTHERS, FACTS, "from { [192.0.2.0/24] } (f:1:1): does not hold for [10.1.2.3]"),
    (
        NAMED,
        FACTS,
        "from { *.example.org } (f:1:1): cannot be told for [10.1.2.3]: "
        "a name or address is not known",
    ),
    (
        NAMED,
        replace(FACTS, client_names=("pc.example.net",)),
        "from { *.example.org } (f:1:1): does not hold for [10.1.2.3] (pc.example.net)",
    ),
    (
        NIGHT,
        FACTS,
        "time { mon } { 2200-0600 } (f:1:2), time { sun } { 2200-0600 } (f:2:2): "
        "does not hold for sun 22 nov 0930",
    ),
    (
        rule("PORT", to=["* port { 993 }"]),
        FACTS,
        "to * port { 993 } (f:1:1): does not hold for [192.0.2.1]:143",
    ),
    (
        rule("T", transparency=["transparent"]),
        FACTS,
        "transparency transparent (f:1:1): does not hold for non-transparent",
    ),
    (
        rule("U", user=["name { alice }"]),
        FACTS,
        "user name { alice } (f:1:1): does not hold for nobody logged in",
    ),
    (
        rule("U", user=["none"]),
        replace(FACTS, user="bob"),
        "user none (f:1:1): does not hold for user bob",
    ),
    (
        rule("G", group=["{ admins }"]),
        replace(FACTS, user="bob", groups=frozenset({"b", "a"})),
        "group { admins } (f:1:1): does not hold for groups { a, b }",
    ),
    (
        Acl(
            where=Where("f", 9, 9),
            time_period_set=TimePeriodSet(time_spec=(TimeSpec(weekdays=(Weekdays(1, 5),)),)),
        ),
        FACTS,
        "time-period-set (f:9:9): does not hold for sun 22 nov 0930",
    ),
]


@pytest.mark.parametrize("acl, facts, reason", REASONS)
def test_reason(acl, facts, reason):
    (miss,) = choose([acl], facts).trail
    assert miss.reason == reason


# Sets by what they answer for any host, negated or not.
YES = ("*", "! {}", "{ [0.0.0.0/0] }")
OTHERWISE = ("{}", "! *", "x.example.org", "! { x.example.org }", "{ *.a }", "! { *.a, [::1] }")
ROWS = st.lists(st.sampled_from(YES + OTHERWISE), max_size=3)


@settings(deadline=None)
@given(st.lists(st.tuples(ROWS, ROWS), max_size=4))
def test_first_whose_conditions_all_have_a_row_that_holds(written):
    rules = [rule(str(n), from_=from_, to=to) for n, (from_, to) in enumerate(written)]
    holding = [
        n
        for n, conditions in enumerate(written)
        if all(not rows or set(rows) & set(YES) for rows in conditions)
    ]
    choice = choose(rules, FACTS)
    assert choice.acl is (rules[holding[0]] if holding else None)
    assert len(choice.trail) == (holding[0] if holding else len(rules))
