"""Declaring sections: defaults, derived sections, and tables that contradict themselves."""

from dataclasses import FrozenInstanceError
from typing import NamedTuple

import pytest

from kernun_common.configuration.constraints import nonzero
from kernun_common.configuration.schema import (
    NOWHERE,
    Section,
    item,
    items,
    key,
    part,
    parts,
    section,
)
from kernun_common.errors import ConfigurationError, Where

from .sample import Client, House, Listen, Params, Rule, Timeouts


def test_defaults_are_those_of_the_rows():
    assert Timeouts() == Timeouts(conn=75.0, send=7200.0)
    params = Params(name="X")
    assert (params.name, params.file, params.depth) == ("X", None, 3)
    house = House(listen=(Listen(1, None),))
    assert (house.order, house.level, house.keep) == (("b", "a"), 6, True)
    assert house.client == Client() and house.server is None and house.rule == ()
    assert Rule().from_ == () and Rule().accept is False and Rule().use is None


def test_what_is_mandatory_must_be_passed():
    with pytest.raises(TypeError):
        House()


def test_a_value_is_frozen_and_compares_by_value():
    here, there = Where("f", 1, 1), Where("f", 2, 2)
    assert Timeouts(where=here, places={"conn": (here,)}) == Timeouts(where=there)
    assert hash(Timeouts(where=here)) == hash(Timeouts())
    assert Timeouts(conn=1.0) != Timeouts() and Params(name="A") != Params(name="B")
    with pytest.raises(FrozenInstanceError):
        Timeouts().conn = 1.0


def test_a_derived_section():
    assert list(Client.TABLE.rows) == ["send", "size"]
    assert Client().send == 0.5 and isinstance(Client(), Timeouts)
    assert Client.TABLE.keyword == "client" and Timeouts.TABLE.keyword == "timeouts"
    with pytest.raises(TypeError):
        Client(conn=1.0)


def test_derived_of_two():
    @section("tags", "Words.")
    class Tags(Section):
        tag: str | None = item("str", text="A word.")

    @section("both", "Both.")
    class Both(Client, Tags):
        more: bool = key(text="More.")

    assert set(Both.TABLE.rows) == {"send", "size", "tag", "more"}
    assert Both(tag="x").send == 0.5


def test_places():
    first, second = Where("f", 2, 3), Where("f", 3, 3)
    rule = Rule(where=Where("f", 1, 1), places={"from_": (first, second)})
    assert [rule.place("from_"), rule.place("from_", 1)] == [first, second]
    assert rule.place("from_", 2) == rule.place("names") == Where("f", 1, 1)
    assert Rule().place("names") == NOWHERE


def test_the_keywords_of_a_table():
    assert dict(Rule.TABLE.attributes) == {
        "from": "from_", "plug-to": "plug_to", "colours": "colours", "names": "names",
        "hours": "hours", "use": "use", "accept": "accept", "deny": "deny",
    }


class Two(NamedTuple):
    a: int
    b: int


@pytest.mark.parametrize(
    "declare",
    [
        lambda: item("uint8", default="300", text=""),
        lambda: item("uint8", default="", text=""),
        lambda: item("uint8", default="0", check=nonzero, text=""),
        lambda: item("nosuch", text=""),
        lambda: item("<a> uint8 <b> uint8", text=""),
        lambda: item("<a> uint8", into=Two, text=""),
        lambda: items("[uint8", text=""),
        lambda: part(House, text=""),
        lambda: section("x", "", omit=("nosuch",))(type("X", (Timeouts,), {})),
    ],
)
def test_a_table_that_contradicts_itself(declare):
    with pytest.raises((ValueError, TypeError, KeyError, ConfigurationError)):
        declare()


def test_parts_of_a_section_that_needs_something():
    assert part(House, optional=True, text="").absent is None
    assert part(House, mandatory=True, text="").mandatory
    assert parts(House, text="").absent == ()
