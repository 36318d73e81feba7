from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Tuple

import pytest

from kernun_common.acl.choose import choose
from kernun_common.acl.section import Acl
from kernun_common.application.answers import Examined, answers, layer_lines
from kernun_common.application.test_expr import read
from kernun_common.configuration.check import check
from kernun_common.configuration.kind import Context
from kernun_common.configuration.parser import parse
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.configuration.schema import Section, item, key, parts, section

TAG = "SAMPLE-1_0-RELEASE"
NOW = datetime(2026, 11, 22, 7, 26)


@section("rule", "A rule.", named=True)
class Rule(Acl):
    deny: bool = key(text="No.")
    size: int = item("size", default="1K", text="A parameter.")

    @property
    def denies(self) -> bool:
        return self.deny


@section("some-proxy", "A proxy.", named=True)
class SomeProxy(Section):
    rule: Tuple[Rule, ...] = parts(Rule, text="First.")
    other: Tuple[Rule, ...] = parts(Rule, text="Second.")


TEXT = """version SAMPLE-1_0-RELEASE;
some-proxy P {
    rule A { from { [10.0.0.0/8] }; user none; accept; }
    rule B { size 2K; deny; }
}
some-proxy Q {
    rule C { accept; }
}
"""
PARSED = parse(TEXT, "f")
CONFIGURATION = check(
    PARSED.statements, PARSED.errors, "f", (SomeProxy,), TAG, Context(folder="/")
)


def session(proxy, facts, trial):
    choice = choose(proxy.rule, facts)
    yield from layer_lines(1, "rule", choice, choice.acl)


EXAMINED = Examined("some-proxy", (("rule",), ("rule", "other")), session)


def asked(text):
    return list(answers(read(text), CONFIGURATION, EXAMINED, NOW, {}))


def test_test():
    assert asked("test from [192.0.2.7];") == [
        "test from [192.0.2.7];",
        "some-proxy P (f:2:1)",
        "phase 1: rule B (f:4:5) is selected: denied",
        "    not A (f:3:5): from { [10.0.0.0/8] } (f:3:14): does not hold for [192.0.2.7]",
        "some-proxy Q (f:6:1)",
        "phase 1: rule C (f:7:5) is selected: accepted",
        "    rule C {",
        "        accept;",
        "        size 1K;",
        "    }",
    ]


def test_parameters_are_shown_without_conditions():
    lines = asked("test from [10.1.2.3];")
    assert lines[2:7] == [
        "phase 1: rule A (f:3:5) is selected: accepted",
        "    rule A {",
        "        accept;",
        "        size 1K;",
        "    }",
    ]


def test_no_acl():
    lines = list(layer_lines(2, "rule", choose((), None), None))
    assert lines == ["phase 2: no rule is selected: denied"]


def test_show_acl():
    assert asked("show-acl;") == [
        "# some-proxy P (f:2:1)",
        "# f:3:5",
        "rule A {",
        "    from { [10.0.0.0/8] };",
        "    user none;",
        "    accept;",
        "}",
        "# f:4:5",
        "rule B {",
        "    deny;",
        "    size 2K;",
        "}",
        "# some-proxy Q (f:6:1)",
        "# f:7:5",
        "rule C {",
        "    accept;",
        "}",
    ]
    assert asked("show-acl 1;") == asked("show-acl;")


def test_show_proxy_is_a_configuration():
    for text in ("show-proxy;", "show-proxy all;"):
        shown = "\n".join(asked(text))
        parsed = parse(shown, "f")
        again = check(parsed.statements, parsed.errors, "f", (SomeProxy,), TAG, Context("/"))
        assert again == CONFIGURATION
        assert ("size 1K" in shown) is ("all" in text)


def test_show_hash():
    shown = "".join(f"{line}\n" for line in asked("show-proxy all;"))
    assert asked("show-hash;") == [sha256(shown.encode()).hexdigest()]


def test_help_names_every_item():
    lines = asked("help;")
    keywords = [line.split()[0].rstrip(";") for line in lines if not line.startswith(" ")]
    assert keywords == ["test", "show-acl", "show-proxy", "show-hash", "help"]


def test_answers_come_in_the_order_of_the_questions():
    lines = asked("show-hash; help; test;")
    assert lines == asked("show-hash;") + [""] + asked("help;") + [""] + asked("test;")


@pytest.mark.parametrize(
    "text, told",
    [("show-acl 3;", "the last phase is 2"), ("test time 02300000;", "time:")],
)
def test_questions_without_answer(text, told):
    with pytest.raises(ConfigurationErrors, match=told):
        asked(text)
