"""Values written back: the canonical text, and that it means the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.configuration.dump import digest, dump

from .sample import HEAD, Params, Timeouts, checked

TEXT = HEAD + r"""
params P { password "p\"w"; file "a b"; }
HOUSE H {
    listen port 1 to 2; listen address port imaps;
    auth at mail:25;
    order {};
    level 5;
    client { send 0.5; }
    server { conn 75; }
    rule A { from { [10.0.0.0/8], *.X.org }; from ! *; use P; names "\x07"; accept; }
    rule B { hours 2200-0600; colours ! RED; use P later force; }
}
"""

SHOWN = r"""version SAMPLE-2_1-RELEASE;

params P {
    file "/etc/sample/a b";
    password ***;
}

house H {
    listen port 1 to 2;
    listen port 993;
    auth at mail : 25;
    order {};
    level 5;
    server {
        conn 75;
        send 7200;
    }
    rule A {
        from { [10.0.0.0/8], *.x.org };
        from ! *;
        names { "\x07" };
        use P now;
        accept;
    }
    rule B {
        colours ! { red };
        hours { 2200-0600 };
        use P later force;
    }
}
"""

DEFAULTS = r"""house H {
    listen port 1;
    order { "b", "a" };
    level normal;
    keep yes;
    client {
        send 0.5;
    }
}
"""


def test_the_canonical_text():
    assert dump(checked(TEXT)) == SHOWN


def test_defaults():
    configuration = checked(HEAD + "house H { listen port 1; }")
    assert dump(configuration.members[0], defaults=True) == DEFAULTS
    assert dump(configuration.members[0]) == "house H {\n    listen port 1;\n}\n"


def test_a_section_that_says_nothing_but_defaults_says_them():
    assert dump(Params(name="P")) == "params P {\n    depth 3;\n}\n"
    assert dump(Timeouts()) == "timeouts {\n    conn 75;\n    send 7200;\n}\n"


def test_a_secret_is_no_part_of_the_text():
    assert 'p"w' not in dump(checked(TEXT)) and "p\\" not in dump(checked(TEXT))


def test_digest():
    one = checked(HEAD + "house H { listen port 1; }")
    same = checked(HEAD + "# a comment\nhouse H { KEEP yes; listen address port 1; level 6; }")
    other = checked(HEAD + "house H { listen port 2; }")
    assert digest(one) == digest(same) != digest(other)
    assert len(digest(one)) == 64


PARAMS = "params P { file a; } params Q { depth 200; }"
ITEMS = [
    "auth none;", "auth by x;", "auth at /run/x;", "auth at [::1]:2;", "order {};",
    'order { "\\n", x };', "level error;", "level 9;", "keep no;", "client { size 1K; send 9.5; }",
    "server { send 2h; }", "server { conn 75; }", "listen port 65535;", "listen port 3 to 4;",
]
RULES = [
    "from *;", "from ! {};", "from { [::1], [10.0.0.0/8], [::1]-[::9], a.b, *.c, ~\"x\\\\.\" };",
    "plug-to a:1;", "plug-to [::1]:imaps;", "colours *;", "colours { red, green };",
    'names { a, "a", "*", a*, ~i"(a|b)", "\\xff\\x00", "" };', "hours 0800;",
    "hours { 0000-2400, 2300-0100 };", "use P;", "use Q later;", "use P now force;", "accept;",
]


def unlike(items):
    """Items of which no two have one keyword."""
    return st.lists(st.sampled_from(items), max_size=6, unique_by=lambda item: item.split()[0])


@st.composite
def texts(draw):
    rules = draw(st.lists(unlike(RULES), max_size=3))
    bodies = (f"rule R{number} {{ {' '.join(rule)} }}" for number, rule in enumerate(rules) if rule)
    house = " ".join(["listen port 1;", *draw(unlike(ITEMS)), *bodies])
    return f"{HEAD}{PARAMS} house H {{ {house} }}"


@given(texts(), st.booleans())
def test_what_is_written_means_the_same(text, defaults):
    configuration = checked(text)
    written = dump(configuration, defaults)
    assert checked(written, folder="/elsewhere") == configuration
    assert dump(checked(written), defaults) == written


@pytest.mark.parametrize("item", ITEMS + [f"rule R {{ {item} }}" for item in RULES])
def test_every_piece_is_good(item):
    assert checked(f"{HEAD}{PARAMS} house H {{ listen port 1; {item} }}").members
