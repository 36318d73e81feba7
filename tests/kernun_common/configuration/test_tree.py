"""How an element looks in an error message: as it could be written, and short."""

import pytest

from kernun_common.configuration.tree import Address, Braces, Negation, Pair, Regex, String, Word
from kernun_common.errors import Where

AT = Where("f", 1, 1)
A, B = Word(AT, "a"), Word(AT, "b")


@pytest.mark.parametrize(
    "element, shown",
    [
        (A, "a"),
        (Word(AT, "a" * 41), "a" * 40 + "..."),
        (String(AT, 'x"y\n'), r'"x\"y\n"'),
        (Regex(AT, r"\d", False), r'~"\\d"'),
        (Regex(AT, "x", True), '~i"x"'),
        (Address(AT, "::1"), "[::1]"),
        (Address(AT, "\x1b[1m", "\x00\x7f"), "[\\x1b[1m]-[\\x00\\x7f]"),
        (Address(AT, "10.0.0.1", "10.0.0.9"), "[10.0.0.1]-[10.0.0.9]"),
        (Pair(AT, A, B), "a : b"),
        (Braces(AT, ()), "{}"),
        (Braces(AT, (A,)), "{ a }"),
        (Braces(AT, (A, B)), "{ a, ... }"),
        (Negation(AT, Braces(AT, (A,))), "! { a }"),
    ],
)
def test_shown(element, shown):
    assert str(element) == shown
