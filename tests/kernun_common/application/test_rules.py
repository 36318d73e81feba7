"""rules: which configurations need the packet filter, and where they say so."""

import pytest

from kernun_common.application.rules import rules_place, uses_client_sources, uses_rules
from kernun_common.application.section import Application
from kernun_common.configuration.loader import load
from kernun_common.configuration.schema import Section, parts, section
from kernun_common.transparency.section import WithSourceAddress

TAG = "TEST-1_0-RELEASE"


@section("rule", "One of several.", named=True)
class Rule(WithSourceAddress, Section):
    pass


@section("app", "A proxy.", named=True)
class App(WithSourceAddress, Application):
    rule: tuple = parts(Rule, text="Rules.")


OWN = "listen-on { non-transparent [127.0.0.1] port 9; }"
CAUGHT = "listen-on {\n transparent [0.0.0.0] port 9;\n transparent [::] port 9; }"

CASES = [
    # items, is the filter needed, for clients' addresses, the line in which it is said
    (OWN, False, False, 2),
    (f"{OWN}\nsource-address addr4 [127.0.0.1];", False, False, 2),
    (f"{OWN}\nsource-address client;", True, True, 3),
    (f"{OWN}\nrule A {{ source-address addr6 [::1]; }}\nrule B {{ source-address client; }}",
     True, True, 4),
    (CAUGHT, True, False, 3),
    (f"source-address client;\n{CAUGHT}", True, True, 4),
]


@pytest.mark.parametrize("items, rules, client_sources, line", CASES)
def test_rules(tmp_path, items, rules, client_sources, line):
    path = tmp_path / "test.cfg"
    path.write_text(f"version {TAG};\napp A {{ {items} }}")
    [app] = load(str(path), (App,), TAG).members
    assert (uses_rules(app), uses_client_sources(app)) == (rules, client_sources)
    assert rules_place(app).line == line
