"""What reading a configuration ends in."""

import pytest

from kernun_common.configuration.result import Configuration, ConfigurationErrors
from kernun_common.errors import ConfigurationError, Where

from .sample import HEAD, Params, checked

CONFIGURATION = checked(HEAD + "params B { depth 1; } params A { depth 2; }")


def test_sections():
    assert [section.name for section in CONFIGURATION.sections("params")] == ["B", "A"]
    assert CONFIGURATION.sections("house") == ()
    assert CONFIGURATION.section("params", "A") == Params(name="A", depth=2)
    with pytest.raises(KeyError):
        CONFIGURATION.section("params", "C")


def test_errors_come_in_the_order_of_their_places():
    late, early = (ConfigurationError(Where("f", line, 1), "x") for line in (12, 3))
    errors = ConfigurationErrors([late, early])
    assert list(errors) == [early, late] and errors.errors == (early, late)
    assert str(errors) == "f:3:1: x\nf:12:1: x"


def test_warnings_do_not_make_a_difference():
    warning = ConfigurationError(Where("f", 1, 1), "x")
    assert Configuration("V", (), [warning]) == Configuration("V", (), [])
