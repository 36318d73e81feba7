"""Every node of the tree, with its place."""

import pytest

from kernun_common.configuration.parser import parse
from kernun_common.configuration.tree import (
    Address,
    Braces,
    Item,
    Negation,
    Pair,
    Regex,
    Section,
    String,
    Word,
)
from kernun_common.errors import Where


def at(column, line=1):
    return Where("f", line, column)


@pytest.mark.parametrize(
    "text, element",
    [
        ("b", Word(at(3), "b")),
        (r'"\x62"', String(at(3), "b")),
        (r'~"\\d"', Regex(at(3), r"\d", False)),
        ('~i"b"', Regex(at(3), "b", True)),
        ("[::1]", Address(at(3), "::1")),
        ("[]", Address(at(3), "")),
        ("[::1]-[::2]", Address(at(3), "::1", "::2")),
        ("b : c", Pair(at(3), Word(at(3), "b"), Word(at(7), "c"))),
        ("{}", Braces(at(3), ())),
        ("{ b }", Braces(at(3), (Word(at(5), "b"),))),
        ("! b", Negation(at(5), Word(at(5), "b"))),
        ("!{}", Negation(at(4), Braces(at(4), ()))),
    ],
)
def test_elements(text, element):
    assert parse(f"a {text};", "f").statements == (Item(at(1), "a", (element,)),)


def test_a_section():
    item = Item(at(3, line=2), "b", ())
    assert parse("a N {\n  b;\n}", "f").statements == (Section(at(1), "a", "N", (item,), False),)
