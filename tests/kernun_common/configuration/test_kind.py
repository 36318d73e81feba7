"""What all types have in common, and the type that is one of several."""

import pytest

from kernun_common.configuration.kind import Context, no_reference, no_service
from kernun_common.configuration.kinds import find
from kernun_common.configuration.reading import value
from kernun_common.configuration.tree import Word
from kernun_common.configuration.types import Host, Sock
from kernun_common.errors import ConfigurationError, Where

WORD = Word(Where("f", 1, 8), "X")
SOCK = Sock(Host(name="mail"), 25)


@pytest.mark.parametrize(
    "text, expected",
    [("mail : 25", SOCK), ('"/run/x"', "/run/x"), ("mail", "/etc/mail")],
)
def test_one_of(text, expected):
    kind = find("sock|path")
    read = value("sock|path", text, context=Context("/etc"))
    assert read == expected
    assert value("sock|path", kind.write(read)) == expected


def test_none_of_them():
    with pytest.raises(ConfigurationError) as error:
        value("sock|path", "[::1]")
    assert error.value.text == "expected host : port or a path, not `[::1]`"


def test_refuse_names_what_was_expected_and_the_nearest_word():
    with pytest.raises(ConfigurationError) as error:
        find("red|green").refuse(Word(WORD.where, "gren"), "why")
    assert error.value.text == "expected `red` or `green`, not `gren`: why; did you mean `green`?"
    assert error.value.where == WORD.where


def test_a_context_knows_nothing_by_itself():
    assert no_service("imap") is None
    with pytest.raises(ConfigurationError) as error:
        no_reference("params", WORD)
    assert error.value.text == "no params `X` is defined"
