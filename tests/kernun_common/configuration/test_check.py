"""Whole configurations, and test expressions."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.configuration.check import DEPTH, check, read_expressions
from kernun_common.configuration.kind import Context
from kernun_common.configuration.parser import parse
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.configuration.schema import Section, item, items, key, section
from kernun_common.configuration.text import nearest

from .effort import is_linear
from .sample import FILE, HEAD, ROOT, TAG, checked, errors


def test_nothing_but_a_version():
    configuration = checked(HEAD)
    assert (configuration.version, configuration.members) == (TAG, ())


def test_a_newer_version_is_a_warning():
    configuration = checked("version SAMPLE-2_2-RELEASE;")
    assert [warning.where.line for warning in configuration.warnings] == [1]


BAD = [
    ("", ["1:1: the first statement must be `version SAMPLE-2_1-RELEASE;`"]),
    ("params A { depth 1; }", ["1:1: the first statement must be"]),
    (HEAD + HEAD, ["2:1: `version` stands once, before everything else"]),
    (HEAD + "parms A { depth 1; }", ["2:1: there is no `parms` at the top; did you mean `params`"]),
    (HEAD + "params A;", ["2:1: `params` is a section: expected `{`"]),
    (HEAD + "params A { depth 1; }\nPARAMS A { depth 2; }",
     ["3:1: `params A` is defined twice, first at sample.cfg:2:1"]),
    (HEAD + "params A { depth 0; }\nhouse H { listen port 1; rule R { use A; accept 1; } }",
     ["2:12: depth: must not be zero", "3:49: expected `;` behind `accept`"]),
]


@pytest.mark.parametrize("text, complaints", BAD)
def test_bad(text, complaints):
    found = errors(text)
    assert len(found) == len(complaints), found
    assert all(one.startswith(complaint) for one, complaint in zip(found, complaints)), found


def test_a_broken_version_is_told_once():
    assert errors("version SAMPLE-2_1-RELEASE }; params A { depth 1; }") == [
        "1:28: expected `;`, `{` or another element, not `}`"
    ]


@section("link", "Refers to another.", named=True)
class Link(Section):
    to: object = item("ref:link", text="The other.")


@pytest.mark.parametrize("names", [["A"], ["A", "B"], [f"N{n}" for n in range(DEPTH + 5)]])
def test_no_circle(names):
    following = names[1:] + names[:1]
    text = HEAD + "".join(f"link {a} {{ to {b}; }}\n" for a, b in zip(names, following))
    with pytest.raises(ConfigurationErrors) as found:
        check(parse(text, FILE).statements, (), FILE, (Link,), TAG, Context())
    assert all("refers to itself" in error.text for error in found.value)


@section("expressions", "What can be asked.")
class Expressions(Section):
    show: tuple = items("uint8", text="Show.")
    help: bool = key(text="Help.")


def test_expressions():
    asked = read_expressions("show 2; help; SHOW 1;", "-t", Expressions)
    assert asked == (("show", 2), ("help", True), ("show", 1))
    assert read_expressions("", "-t", Expressions) == ()


@pytest.mark.parametrize(
    "text, complaints",
    [
        ("show", ["-t:1:5: expected `;`"]),
        ("show x; hlp; help 1;",
         ["-t:1:6: expected a number", "-t:1:9: there is no `hlp` in `expressions`; did you mean",
          "-t:1:19: expected `;` behind `help`"]),
        ("show { x; }", ["-t:1:1: `show` is an item"]),
    ],
)
def test_bad_expressions(text, complaints):
    with pytest.raises(ConfigurationErrors) as found:
        read_expressions(text, "-t", Expressions)
    shown = [str(error) for error in found.value]
    assert len(shown) == len(complaints), shown
    assert all(one.startswith(complaint) for one, complaint in zip(shown, complaints)), shown


WORDS = st.sampled_from(
    ["house", "H", "params", "P", "rule", "listen", "port", "1", "auth", "none", "by", "at", "use",
     "from", "names", "hours", "0800-1600", "level", "full", "client", "send", "include", "*",
     "[10.0.0.0/8]", "[::1]-[::2]", '"x"', '~"a*"', '~"("', "{", "}", "{", "}", ";", ";", ",", ":",
     "!", "\n", "# c\n", "\0", "version", "mail:25", "accept"]
)
TEXTS = st.text() | st.lists(WORDS).map(" ".join)


@given(TEXTS)
def test_any_text_gives_a_configuration_or_errors(text):
    for whole in (text, HEAD + text, f"{HEAD}house H {{ listen port 1; {text} }}"):
        try:
            assert checked(whole).version == TAG
        except ConfigurationErrors as found:
            assert found.errors


def test_the_root_is_what_may_stand_at_the_top():
    assert [cls.TABLE.keyword for cls in ROOT] == ["params", "house"]


@pytest.mark.parametrize(
    "piece", ["params A{} { depth 1; }\n", "use A{};\n", "rule A{} { names x; }\n",
              "params A{} { depth 1; } house A{} { listen port 1; rule R { use B{}; } }"]
)
def test_time_is_linear(piece):
    def check_many(size, before="", behind=""):
        nearest.cache_clear()
        body = "".join(piece.replace("{}", str(number)) for number in range(size))
        errors(HEAD + before + body + behind)

    assert is_linear(check_many)
    assert is_linear(partial(check_many, before="house H { listen port 1; ", behind="}"))
