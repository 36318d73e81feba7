"""The values by themselves: what they are in words, and which numbers and words are in a set."""

from ipaddress import ip_address

import pytest
import re2

from kernun_common.configuration.types import (
    Host,
    NumberSet,
    PortSet,
    Range,
    Regex,
    Sock,
    StrSet,
    WordSet,
)

ADDRESS = Host(address=ip_address("::1"))
MAIL = Host(name="mail")


def test_shown():
    assert [str(ADDRESS), str(MAIL)] == ["[::1]", "mail"]
    assert [str(Sock(ADDRESS, 1)), str(Sock(MAIL, 2))] == ["[::1] : 1", "mail : 2"]


@pytest.mark.parametrize("both", [{}, {"address": ip_address("::1"), "name": "mail"}])
def test_a_host_is_an_address_or_a_name(both):
    with pytest.raises(ValueError):
        Host(**both)


@pytest.mark.parametrize(
    "numbers, inside",
    [
        (NumberSet(), []),
        (NumberSet(negated=True), [0, 1, 2, 3, 4, 5, 6]),
        (NumberSet(everything=True), [0, 1, 2, 3, 4, 5, 6]),
        (NumberSet(everything=True, negated=True), []),
        (NumberSet((Range(2, 3), Range(5, 5))), [2, 3, 5]),
        (NumberSet((Range(2, 3), Range(5, 5)), negated=True), [0, 1, 4, 6]),
        (NumberSet((Range(5, 1),)), [0, 1, 5, 6]),
        (PortSet((Range(4, 6),)), [4, 5, 6]),
    ],
)
def test_numbers(numbers, inside):
    assert [number for number in range(7) if number in numbers] == inside


@pytest.mark.parametrize(
    "words, inside",
    [
        (WordSet(), []),
        (WordSet(("a", "c")), ["a", "c"]),
        (WordSet(("a",), negated=True), ["b", "c"]),
        (WordSet(everything=True), ["a", "b", "c"]),
        (WordSet(everything=True, negated=True), []),
    ],
)
def test_words(words, inside):
    assert [word for word in "abc" if word in words] == inside


def test_sets_of_different_kinds_differ():
    assert NumberSet() != PortSet() and NumberSet() != StrSet() and NumberSet() == NumberSet()
    assert len({NumberSet(), PortSet(), NumberSet()}) == 2


@pytest.mark.parametrize(
    "regex, subject, found",
    [
        (Regex("b.d"), "abcde", True),
        (Regex("^b"), "abc", False),
        (Regex("B"), "abc", False),
        (Regex("B", True), "abc", True),
        (Regex("\u00fc"), "Mu\u0308\u00fc", True),
    ],
)
def test_a_regex_searches(regex, subject, found):
    assert bool(regex.compiled.search(subject)) is found
    assert regex.compiled is regex.compiled


def test_a_bad_regex():
    with pytest.raises(re2.error):
        Regex("(").compiled
