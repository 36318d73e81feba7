"""Names of types, and how applications add their own."""

import pytest

from kernun_common.configuration.kinds import BUILT_IN, enumeration, find
from kernun_common.configuration.reading import value
from kernun_common.configuration.scalars import Enumeration, Numbered, Open, Reference


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_every_type_has_sets_and_lists(name):
    for suffix in ("", "-set", "-list"):
        kind = find(name + suffix)
        assert kind is not None and kind.name == name + suffix and kind.expected


@pytest.mark.parametrize("word", ["depth", "uint9", "-set", "x-set", "uint8-sets", "set", ""])
def test_other_words_are_keywords(word):
    assert find(word) is None


def test_what_is_made_of_other_names():
    assert isinstance(find("a|b"), Enumeration) and find("a|b").words == ("a", "b")
    assert isinstance(find("ref:ssl-params"), Reference)
    with pytest.raises(ValueError):
        find("a|uint8")


def test_enumerations_of_an_application():
    enumeration("kinds-closed", ("a", "b"))
    enumeration("kinds-open", ("a", "b"), open=True)
    enumeration("kinds-numbered", (), numbers={"low": 1, "high": 5})
    assert isinstance(find("kinds-closed"), Enumeration) and isinstance(find("kinds-open"), Open)
    assert isinstance(find("kinds-numbered"), Numbered)
    assert value("kinds-open", "other") == "other" and value("kinds-numbered", "high") == 5
    enumeration("kinds-closed", ("a", "b"))  # the same again


@pytest.mark.parametrize(
    "name, words, open",
    [("kinds-once", ("c",), False), ("kinds-once", ("a",), True), ("str", ("a",), False)],
)
def test_no_name_has_two_meanings(name, words, open):
    enumeration("kinds-once", ("a",))
    with pytest.raises(ValueError):
        enumeration(name, words, open=open)
