from __future__ import annotations

from typing import Iterable, NamedTuple, Tuple

import pytest

from kernun_common.application.names import host_names, names_in
from kernun_common.configuration.check import check
from kernun_common.configuration.kind import Context
from kernun_common.configuration.parser import parse
from kernun_common.configuration.reading import value
from kernun_common.configuration.schema import Section, item, items, part, parts, section
from kernun_common.configuration.types import Host, HostSet, Sock
from kernun_common.errors import Where

TAG = "SAMPLE-1_0-RELEASE"


class Row(NamedTuple):
    hosts: HostSet
    port: int | None


@section("inner", "Inside.", named=True)
class Inner(Section):
    to: Tuple[Row, ...] = items("<hosts> host-set [port port]", into=Row, text="Hosts.")
    plug_to: Tuple[Sock, ...] = items("sock", text="A server.")


@section("single", "At most one.")
class Single(Section):
    at: Host | None = item("host", text="A host.")


@section("ssl-params", "TLS.", named=True)
class Params(Section):
    server_name: Host | None = item("host", text="What is only a name.")
    label: str | None = item("str", text="No host.")


@section("outer", "Around.", named=True)
class Outer(Section):
    params: Params | None = item("ref:ssl-params", text="A reference.")
    inner: Tuple[Inner, ...] = parts(Inner, text="Sections.")
    single: Single | None = part(Single, optional=True, text="A section.")


def configured(text: str) -> Iterable[Section]:
    parsed = parse(f"version {TAG};\n{text}", "f")
    found = check(parsed.statements, parsed.errors, "f", (Outer, Params), TAG, Context())
    return found.members


def test_every_name_with_its_place():
    sections = configured(
        """ssl-params P { server-name only.example.org; label label.example.org; }
        outer A {
          params P;
          single { at deep.example.org; }
          inner X {
            to { [10.0.0.0/8], one.example.org, *.glob.example.org, ~"re", two.example.org } port 1;
            to ONE.example.org;
            plug-to three.example.org : 143;
            plug-to [192.0.2.7] : 143;
            plug-to four.example.org : 143;
          }
        }"""
    )
    assert sorted((where.line, name) for name, where in host_names(sections)) == [
        (5, "deep.example.org"),
        (7, "one.example.org"),
        (7, "two.example.org"),
        (8, "one.example.org"),
        (9, "three.example.org"),
        (11, "four.example.org"),
    ]
    assert {where.file for _, where in host_names(sections)} == {"f"}


class Use(NamedTuple):
    engine: Inner
    size: int | None = None


@section("user", "Uses others.", named=True)
class User(Section):
    use: Tuple[Use, ...] = items("<engine> ref:inner [<size> uint8]", into=Use, text="An engine.")


def test_sections_that_are_referred_to():
    """Each comes once, at its own place, and only where somebody refers to it."""
    text = """inner A { plug-to a.example.org : 1; }
        inner B { plug-to b.example.org : 1; }
        user U { use A; use A 7; }"""
    parsed = parse(f"version {TAG};\n{text}", "f")
    found = check(parsed.statements, parsed.errors, "f", (Inner, User), TAG, Context())
    [user] = found.sections("user")
    assert [(name, where.line) for name, where in host_names([user])] == [("a.example.org", 2)]
    everything = [name for name, _ in host_names(found.members)]
    assert sorted(everything) == ["a.example.org", "b.example.org"]


def test_section_made_in_python_has_no_place():
    single = Single(at=Host(name="a.example.org"))
    assert list(host_names([single])) == [("a.example.org", Where("", 0, 0))]


@pytest.mark.parametrize(
    "notation, text, names",
    [
        ("host", "a.example.org", ["a.example.org"]),
        ("host", "[10.1.2.3]", []),
        ("sock", "a.example.org : 143", ["a.example.org"]),
        ("host-set", "! { a.example.org, b.example.org }", ["a.example.org", "b.example.org"]),
        ("host-set", "*", []),
        ("str-set", "{ a.example.org }", []),
        ("uint8", "7", []),
    ],
)
def test_names_in(notation, text, names):
    assert list(names_in(value(notation, text))) == names
