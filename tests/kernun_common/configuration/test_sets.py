"""Sets and lists: every form, of every kind of member."""

import pytest

from kernun_common.configuration.kind import Context
from kernun_common.configuration.kinds import enumeration, find
from kernun_common.configuration.reading import value
from kernun_common.configuration.types import (
    Exact,
    Glob,
    Host,
    NumberSet,
    PortSet,
    Range,
    Regex,
    Set,
    Sock,
    StrSet,
    WordSet,
)
from kernun_common.errors import ConfigurationError

enumeration("fruit", ("Apple", "pear", "plum-tart"))
enumeration("animal", ("Cat", "DOG"), open=True)

CONTEXT = Context("/etc", {"imap": 143, "imaps": 993, "http-alt": 8080}.get)


def numbers(*ranges, cls=NumberSet, negated=False):
    return cls(tuple(Range(*ends) for ends in ranges), negated)


def strings(*members, negated=False):
    return StrSet(members, negated)


GOOD = [
    ("uint8-set", "*", NumberSet((), False, True), "*"),
    ("uint8-set", "! *", NumberSet((), True, True), "! *"),
    ("uint8-set", "{}", numbers(), "{}"),
    ("uint8-set", "! {}", numbers(negated=True), "! {}"),
    ("uint8-set", "7", numbers((7, 7)), "{ 7 }"),
    ("uint8-set", "! 7", numbers((7, 7), negated=True), "! { 7 }"),
    ("uint8-set", "{ 1, 3-5 }", numbers((1, 1), (3, 5)), "{ 1, 3-5 }"),
    ("uint8-set", "3-5", numbers((3, 5)), "{ 3-5 }"),
    ("int-set", "{ -5--1, -7 }", numbers((-5, -1), (-7, -7)), "{ -5--1, -7 }"),
    ("size-set", "1K-2M", numbers((1024, 2 * 1024**2)), "{ 1K-2M }"),
    ("port-set", "{ imap-imaps, 80 }", numbers((143, 993), (80, 80), cls=PortSet),
     "{ 143-993, 80 }"),
    ("port-set", "http-alt", numbers((8080, 8080), cls=PortSet), "{ 8080 }"),
    ("port-set", "imap-http-alt", numbers((143, 8080), cls=PortSet), "{ 143-8080 }"),
    ("week-day-set", "{ mon-fri }", numbers((1, 5)), "{ mon-fri }"),
    ("week-day-set", "sat-1", numbers((6, 1)), "{ sat-mon }"),
    ("month-set", "{ nov-feb, 7 }", numbers((11, 2), (7, 7)), "{ nov-feb, jul }"),
    ("hhmm-set", "0800-1630", numbers((480, 989)), "{ 0800-1630 }"),
    ("hhmm-set", "2200-0600", numbers((1320, 359)), "{ 2200-0600 }"),
    ("hhmm-set", "0000-2400", numbers((0, 1439)), "{ 0000-2400 }"),
    ("hhmm-set", "2400-0100", numbers((0, 59)), "{ 0000-0100 }"),
    ("hhmm-set", "2200-0000", numbers((1320, 1439)), "{ 2200-2400 }"),
    ("hhmm-set", "0800", numbers((480, 480)), "{ 0800 }"),
    ("str-set", "{ a, \"b c\", \"*\", \"\" }",
     strings(Exact("a"), Exact("b c"), Exact("*"), Exact("")), '{ a, "b c", "*", "" }'),
    ("str-set", "{ *.exe, image/*, ? }",
     strings(Glob("*.exe"), Glob("image/*"), Glob("?")), "{ *.exe, image/*, ? }"),
    ("str-set", '{ ~"a\\\\.b", ~i"\\"" }', strings(Regex(r"a\.b"), Regex('"', True)),
     '{ ~"a\\\\.b", ~i"\\"" }'),
    ("str-set", "! { STAFF }", strings(Exact("STAFF"), negated=True), "! { STAFF }"),
    ("fruit-set", "{ apple, PEAR }", WordSet(("Apple", "pear")), "{ Apple, pear }"),
    ("fruit-set", "! plum-tart", WordSet(("plum-tart",), True), "! { plum-tart }"),
    ("animal-set", "{ cat, dog, cow, c* }",
     strings(Exact("Cat"), Exact("DOG"), Exact("cow"), Glob("c*")), "{ Cat, DOG, cow, c* }"),
    ("sock-set", "{ mail : 25 }", Set((Sock(Host(name="mail"), 25),)), "{ mail : 25 }"),
    ("path-set", "{ a }", Set(("/etc/a",)), '{ "/etc/a" }'),
    ("seconds-set", "{ 1.5 }", Set((1.5,)), "{ 1.5 }"),
    ("uint8-list", "{ 3, 1, 2 }", (3, 1, 2), "{ 3, 1, 2 }"),
    ("str-list", "{}", (), "{}"),
    ("fruit-list", "{ pear, apple }", ("pear", "Apple"), "{ pear, Apple }"),
]


@pytest.mark.parametrize("kind, text, expected, canonical", GOOD)
def test_good(kind, text, expected, canonical):
    read = value(kind, text, context=CONTEXT)
    assert read == expected and type(read) is type(expected)
    assert find(kind).write(read) == canonical
    assert value(kind, canonical, context=CONTEXT) == expected
    assert isinstance(read, find(kind).of)


BAD = [
    ("uint8-set", "{ * }", "`*` stands alone"),
    ("uint8-set", "5-3", "or a range of two"),
    ("uint8-set", "{ 1, 300 }", "expected a number from 0 to 255 or a range of two, not `300`"),
    ("uint8-set", "{ 1-300 }", "not `1-300`"),
    ("uint8-set", "1-", "not `1-`"),
    ("uint8-set", "-" * 100_000, "not `----"),
    ("uint8-set", "x", "expected `*`, a set in braces or a number"),
    ("port-set", "993-143", "a range"),
    ("hhmm-set", "0800-0800", "a range"),
    ("hhmm-set", "2400", "a time of the day"),
    ("week-day-set", "mon-xyz", "a range"),
    ("str-set", '{ ~"(" }', "missing )"),
    ("str-set", '{ ~"a(?=b)" }', "invalid perl operator"),
    ("str-set", '~"(a)\\\\1"', "invalid escape sequence: \\1"),
    ("str-set", "a : b", "expected a word, a string, a glob"),
    ("str-set", "{ [::1] }", "expected a word, a string, a glob"),
    ("fruit-set", "{ aple }", "did you mean `Apple`?"),
    ("fruit-set", "aple", "did you mean `Apple`?"),
    ("uint8-list", "3", "expected a list in braces, not `3`"),
    ("uint8-list", "! { 3 }", "expected a list in braces"),
    ("str-list", "*", "expected a list in braces"),
]


@pytest.mark.parametrize("kind, text, complaint", BAD)
def test_bad(kind, text, complaint):
    with pytest.raises(ConfigurationError) as error:
        value(kind, text, context=CONTEXT)
    assert complaint in error.value.text
