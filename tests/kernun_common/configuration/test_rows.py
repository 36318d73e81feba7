"""Sections by their rows: values, and every way in which a statement can be wrong."""

from ipaddress import ip_network

import pytest

from kernun_common.configuration.types import Exact, Host, HostSet, Sock, StrSet, WordSet
from kernun_common.errors import Where

from .sample import HEAD, Auth, Client, House, Listen, Params, Rule, Timeouts, Use, checked, errors


def house(body):
    return checked(f"{HEAD}house H {{ listen port 1; {body} }}").section("house", "H")


def rule(body):
    return house(f"rule R {{ {body} }}").rule[0]


@pytest.mark.parametrize(
    "read, expected",
    [
        (house("level full;"), House(name="H", listen=(Listen(1, None),), level=9)),
        (house("listen address port 2 to 3;").listen, (Listen(1, None), Listen(2, 3))),
        (house("ORDER {};").order, ()),
        (house("auth none;").auth, Auth(True, None, None)),
        (house("auth at x;").auth, Auth(False, None, "/etc/sample/x")),
        (house("client { size 1K; }").client, Client(size=1024)),
        (house("server { conn 1; }").server, Timeouts(conn=1.0)),
        (rule("accept;"), Rule(name="R", accept=True)),
        (rule("from [10.0.0.0/8]; accept; from {};").from_,
         (HostSet((ip_network("10.0.0.0/8"),)), HostSet())),
        (rule("plug-to a:1; PLUG-TO b:imaps;").plug_to,
         (Sock(Host(name="a"), 1), Sock(Host(name="b"), 993))),
        (rule("colours { RED, light-blue };").colours, WordSet(("red", "Light-Blue"))),
        (rule("names a;").names, StrSet((Exact("a"),))),
    ],
)
def test_values(read, expected):
    assert read == expected


def test_names_are_with_regard_to_case():
    names = [rule.name for rule in house("rule a { accept; } RULE A { deny; }").rule]
    assert names == ["a", "A"]


def test_references():
    configuration = checked(
        HEAD + "house H { listen port 1; rule R { use LATE later force; } rule S { use EARLY; } }"
        "params EARLY { depth 1; }\nparams LATE { depth 2; }"
    )
    first, second = configuration.section("house", "H").rule
    assert first.use == Use(Params(name="LATE", depth=2), "later", True)
    assert second.use == Use(Params(name="EARLY", depth=1), "now", False)
    assert second.use.params is configuration.section("params", "EARLY")


def test_places():
    section = checked(HEAD + "house H {\n listen port 1;\n  listen port 2;\n}").members[0]
    assert section.where == Where("sample.cfg", 2, 1)
    assert section.place("listen", 1) == Where("sample.cfg", 4, 3)


BAD = [
    # body of a house, errors
    ("levle full;", ["there is no `levle` in `house`; did you mean `level`?"]),
    ("xyzzy full;", ["there is no `xyzzy` in `house`"]),
    ("level full; level full;", ["`level` is given twice, first at sample.cfg:2:11"]),
    ("level;", ["expected `error`, `warning`, `normal`, `debug`, `trace` or `full` (3 to 9)"
                " behind `level`"]),
    ("level { x; }", ["`level` is an item, not a section"]),
    ("client 5;", ["`client` is a section: expected `{`"]),
    ("client X { size 1; }", ["`client` has no name: expected `{`"]),
    ("rule { accept; }", ["`rule` needs a name"]),
    ("rule A { accept; } rule A { deny; }", ["`rule A` is given twice, first at sample.cfg:2:11"]),
    ("client { size 1; } client { size 1; }", ["`client` is given twice, first at"]),
    ("rule A { accept 1; }", ["expected `;` behind `accept`"]),
    ("rule A { accept; deny; }", ["deny: accept and deny exclude each other"]),
    ("server { conn 0; }", ["conn: must not be zero"]),
    ("server { include \"x\"; }", ["there is no `include` in `timeouts`"]),
    ("rule A { use NONE; }", ["no params `NONE` is defined"]),
    ("rule A { use GOD; }", ["no params `GOD` is defined; did you mean `GOOD`?"]),
    ("rule A { use good; }", ["no params `good` is defined; did you mean `GOOD`?"]),
    ("rule A { use \"GOOD\"; }", ["expected the name of a section params, not `\"GOOD\"`"]),
    ("rule A { use GOOD soon; }", ["expected `now` or `later` or `force` or `;`, not `soon`"]),
    ("rule A { names { a b }; accept 1; } level x;",
     ["expected `;`, `{` or another element, not `}`", "expected `;` behind `accept`",
      "not `x`"]),
    ("level x; rule A { hours 9; from 1.2.3.4; colours rde; }",
     ["not `x`", "a time of the day", "an address", "did you mean `red`?"]),
]


@pytest.mark.parametrize("body, complaints", BAD)
def test_bad(body, complaints):
    found = errors(f"{HEAD}house H {{ {body} listen port 1; }} params GOOD {{ depth 1; }}")
    assert len(found) == len(complaints), found
    for one, complaint in zip(found, complaints):
        assert complaint in one


@pytest.mark.parametrize(
    "text, complaints",
    [
        ("house H { level full; }", ["2:1: `listen` is missing in `house H`"]),
        ("house H { listen port x; }", ["2:23: expected a port"]),
        ("house H { level full }", ["2:22: expected `;`"]),
        ("house { listen port 1; }", ["2:1: `house` needs a name"]),
    ],
)
def test_what_is_missing(text, complaints):
    found = errors(HEAD + text)
    assert len(found) == len(complaints)
    assert all(one.startswith(complaint) for one, complaint in zip(found, complaints)), found
