from __future__ import annotations

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imap4proxy import messages
from imap4proxy.engine.actions import Log, Secure
from imap4proxy.engine.engine import Engine
from imap4proxy.engine.events import Accepted, Insecure, Secured
from imap4proxy.engine.processing import Tools
from imap4proxy.section.session_acl import LANGUAGES
from imap4proxy.texts import ENGLISH
from imap4proxy.trial import session
from kernun_common.application.test_expr import read
from kernun_common.errors import Side
from kernun_common.tls.certificate import Certificate
from tests.support.configurations import proxy

NOW = datetime(2026, 11, 22, 9, 30)


def tried(body, expression):
    """The lines; line 1 of the places is the first line of the body."""
    ((_, trial),) = read(f"test {expression};")
    return list(session(proxy(body), trial.facts(NOW, {}), trial))


BODY = """
session-acl STAFF { from [10.0.0.0/8]; plug-to imap.example.org : 993; language CZ; accept; }
session-acl GONE { from [10.9.0.0/16]; deny; }
session-acl ROAMING { transparency transparent; idle-timeout 5m; accept; }
session-acl LOST { to * port 143; accept; }
command-acl STAFF { session-acl STAFF; server *.example.org port 993; max-time 1h;
                    commands { NOOP }; no-mail-scanning; accept; }
command-acl OTHERS { server [192.0.2.0/24]; deny text "Not today"; }
"""


def test_both_phases():
    lines = tried(BODY, "from [10.1.2.3]")
    assert lines[:16] == [
        "phase 1: session-acl STAFF (f:2:1) is selected: accepted",
        "    session-acl STAFF {",
        "        accept;",
        "        plug-to imap.example.org : 993;",
        "        language CZ;",
        "        idle-timeout 1800;",
        "    }",
        "phase 2: command-acl STAFF (f:6:1) is selected: accepted",
        "    command-acl STAFF {",
        "        accept;",
        "        language CZ;",
        "        commands { NOOP };",
        "        capabilities ! { UNKNOWN };",
        "        max-time 3600;",
        "        idle-timeout 1800;",
        "        no-mail-scanning;",
    ]
    assert lines[16:] == ["    }", "phase 3 is not reached: no-mail-scanning (f:7:40)"]


def test_transparent_goes_to_the_original_destination():
    lines = tried(BODY, "from [192.0.2.9] transparent to [192.0.2.7] : 143")
    assert lines[0].startswith("phase 1: session-acl ROAMING")
    assert "        idle-timeout 300;" in lines
    assert lines[-2:] == [
        "phase 2: command-acl OTHERS (f:8:1) is selected: denied",
        "    not STAFF (f:6:1): session-acl { STAFF } (f:6:21): "
        "does not hold for session-acl ROAMING",
    ]


SOURCES = [
    # of the proxy, of the session-acl, what counts
    ("", "", None),
    ("source-address addr4 [192.0.2.1];", "", "source-address addr4 [192.0.2.1];"),
    ("source-address addr4 [192.0.2.1];", *2 * ("source-address addr6 [::1];",)),
]


@pytest.mark.parametrize("of_proxy, of_acl, effective", SOURCES)
def test_source_address(of_proxy, of_acl, effective):
    acls = f"session-acl A {{ plug-to [192.0.2.7] : 143; {of_acl} accept; }}"
    lines = tried(f"{of_proxy} {acls}", "from [10.1.2.3]")
    found = [line.strip() for line in lines if "source-address" in line]
    assert found == ([effective] if effective else [])


def test_server_of_the_expression_wins():
    lines = tried(BODY, "from [10.1.2.3] server [192.0.2.7] : 993")
    assert "phase 2: no command-acl is selected: denied" not in lines
    assert "phase 2: command-acl OTHERS (f:8:1) is selected: denied" in lines


ENDINGS = [
    # body, expression, how the last line begins
    (BODY, "transparent to [198.51.100.1] : 143", "    not OTHERS (f:8:1): server"),
    (BODY, "from [192.0.2.9] to [192.0.2.1] : 143", "no server: there is no plug-to"),
    ("\nsession-acl A { deny; }", "", "phase 1: session-acl A (f:2:1) is selected: denied"),
    ("command-acl A { deny; }", "", "phase 1: no session-acl is selected: denied"),
]


@pytest.mark.parametrize("body, expression, beginning", ENDINGS)
def test_ending(body, expression, beginning):
    assert tried(body, expression)[-1].startswith(beginning)


PLUG_TO = "plug-to [192.0.2.7] : 143;"
REST = r"""
command-acl ALICE { client-cert subject { "CN=Alice\\, Inc." }; deny; }
command-acl ADMINS { client-cert subject { "OU=admins" }; deny; }
command-acl ANY { client-cert; deny; }
command-acl NONE { client-cert none; deny; }
"""

MATCH = "client-cert-match subject CN=Bob;"
NO_MATCH = "client-cert-match (f:2:{column}) does not match: denied"
NOT_SHOWN = "TLS fails: the client shows no certificate: denied"

CERTIFICATES = [
    # TLS of the session-acl, cert-subject, the command-acl selected
    ("", "", "NONE"),
    ("", "cert-subject CN=Alice", "NONE"),
    ("client-ssl-params SERVE;", "cert-subject CN=Alice", "NONE"),
    ("client-ssl-params ASK;", "", "NONE"),
    ("client-ssl-params ASK;", "cert-subject CN=Bob", "ANY"),
    ("client-ssl-params ASK;", 'cert-subject "CN=Bob,OU=admins"', "ADMINS"),
    ("client-ssl-params ASK;", r'cert-subject "CN=Alice\\, Inc.,OU=x"', "ALICE"),
    ("client-ssl-params NEED;", "cert-subject OU=admins", "ADMINS"),
    ("client-ssl-params NEED command optional;", "", "NONE"),
    (f"client-ssl-params ASK; {MATCH}", "cert-subject CN=Bob", "ANY"),
    (f"client-ssl-params ASK command optional; {MATCH}", "", "NONE"),
]


@pytest.mark.parametrize("tls, subject, name", CERTIFICATES)
def test_certificate(tls, subject, name):
    lines = tried(f"session-acl A {{ {PLUG_TO} {tls} accept; }}{REST}", subject)
    (second,) = (line for line in lines if line.startswith("phase 2"))
    assert second.startswith(f"phase 2: command-acl {name} ")


REFUSALS = [
    ("client-ssl-params NEED;", "", NOT_SHOWN),
    ("client-ssl-params NEED command required;", "", NOT_SHOWN),
    (f"client-ssl-params ASK; {MATCH}", "", NO_MATCH),
    (f"client-ssl-params ASK; {MATCH}", "cert-subject CN=Eve", NO_MATCH),
    (f"client-ssl-params ASK command optional; {MATCH}", "cert-subject CN=Eve", NO_MATCH),
]


@pytest.mark.parametrize("tls, subject, why", REFUSALS)
def test_refusal_between_the_phases(tls, subject, why):
    row = f"session-acl A {{ {PLUG_TO} {tls} accept; }}"
    lines = tried(f"\n{row}{REST}", subject)
    assert lines[-1] == why.format(column=row.find("client-cert-match") + 1)


# --- mails -----------------------------------------------------------------------------------

BEFORE_MAILS = """
session-acl A { plug-to [192.0.2.7] : 143; accept; }
"""
MAILS = """
mail-acl OTHER { command-acl OTHER; accept; }
mail-acl IN { direction download; virus-status { found, error }; deny; }
mail-acl SPAM { spam-score ge 5000; subject-text "[spam]"; accept; }
mail-acl LARGE { size gt 10M; deny; }
mail-acl REST { sender ! { bob@example.org }; subject ""; mail-structure valid; accept; }
doc-acl SPAM { mail-acl SPAM; virus-status free; accept; }
doc-acl PROGRAM { filename *.exe; remove; accept; }
doc-acl UNKNOWN { mime-type ""; deny; }
doc-acl HTML { mime-type text/html; accept; }
doc-acl TEXT { mime-type text/plain; archive-member ! { *.js }; size ge 0; accept; }
"""
ENGINE = "antivirus V { connection clamav [127.0.0.1] : 3310; } "
ENGINES = "command-acl A { use-antivirus enable V; upload { use-antivirus disable; } accept; }"
UP_ALONE = "command-acl A { download { no-mail-scanning; } accept; }"

OF_MAILS = [
    # expression, command-acl, decisions of phase 3
    ("", ENGINES, ["3M REST accepted", "3D TEXT accepted"]),
    ("mime-type image/png", ENGINES, ["3M REST accepted", "3D None denied"]),
    ("mime-type TEXT/html", ENGINES, ["3M REST accepted", "3D HTML accepted"]),
    ('mime-type ""', ENGINES, ["3M REST accepted", "3D UNKNOWN denied"]),
    ("filename Setup.EXE", ENGINES, ["3M REST accepted", "3D PROGRAM accepted"]),
    ("virus found", ENGINES, ["3M IN denied"]),
    ("direction upload virus found", UP_ALONE, ["3M REST accepted", "3D TEXT accepted"]),
    ("mail-size 11M", ENGINES, ["3M LARGE denied"]),
    ("spam 5000", ENGINES, ["3M SPAM accepted", "3D SPAM accepted"]),
    ("direction upload spam 5000", ENGINES, ["3M SPAM accepted", "3D TEXT accepted"]),
    ("direction download", UP_ALONE, []),
]


@pytest.mark.parametrize("expression, command_acl, decisions", OF_MAILS)
def test_mail(expression, command_acl, decisions):
    body = BEFORE_MAILS + command_acl + MAILS
    ((_, trial),) = read(f"test {expression};")
    lines = session(proxy(body, ENGINE), trial.facts(NOW, {}), trial)
    found = [" ".join(map(str, each)) for each in told(lines) if each[0] > "2"]
    assert found == decisions


UNSCANNED = [
    # command-acl, direction, where scanning is switched off, what the settled sections hold
    ("no-mail-scanning; accept;", "upload", "f:3:17", []),
    (
        "upload { no-mail-scanning; use-antivirus disable; } accept;", "upload", "f:3:26",
        ["upload {", "no-mail-scanning;", "}"],
    ),
]  # fmt: skip


@pytest.mark.parametrize("items, direction, where, sections", UNSCANNED)
def test_mails_that_are_not_scanned(items, direction, where, sections):
    lines = tried(f"{BEFORE_MAILS}command-acl A {{ {items} }}{MAILS}", f"direction {direction}")
    assert lines[-1] == f"phase 3 is not reached: no-mail-scanning ({where})"
    second = [line.strip() for line in lines[lines.index("    command-acl A {") :]]
    found = second[second.index("upload {") : -2] if "upload {" in second else []
    assert found == sections
    assert ("download {" in second) is bool(sections)


def test_what_is_settled_of_a_document():
    order = "doctype-identification { order for upload { extension }; }"
    acls = "mail-acl M { accept; } doc-acl D { accept; } command-acl A { accept; }"
    lines = tried(order + BEFORE_MAILS + acls, "direction upload")
    assert "        doctype-ident-order { extension };" in lines


# --- the engine and `test` decide alike ------------------------------------------------------

HOSTS = st.sampled_from(
    ["*", "[10.0.0.0/8]", "[10.1.2.3]", "! { [10.1.0.0/16] }", "{ [::1], [192.0.2.0/24] }", "{}"]
)
NAMED_HOSTS = HOSTS | st.sampled_from(["*.example.org", "! { *.example.org }", "pc.example.org"])
PORTS = st.sampled_from(["", " port 143", " port { 1-500 }", " port ! { 143 }"])
TIMES = st.sampled_from(["sun", "mon-fri", "sat-mon 2200-1000", "day 22 month nov", "* 0931-0930"])
NAMES = st.sampled_from(["A", "B", "{ A, B }", "! { A }", "*"])
CERTIFICATE_PARTS = st.sampled_from(
    ["none", "", "subject CN=Bob", "subject ! { CN=Bob }", 'subject "OU=x" issuer *', "san ! {}"]
)


def row(keyword, elements):
    return elements.map(lambda text: f"{keyword} {text}; ")


def conditions(*others):
    """A few rows, sometimes two of one condition."""
    common = (
        row("from", NAMED_HOSTS),
        row("to", st.tuples(HOSTS, PORTS).map("".join)),
        row("time", TIMES),
        row("transparency", st.just("transparent")),
        row("user", st.just("none")),
    )
    return st.lists(st.one_of(*common, *others), max_size=3).filter(may_stand).map("".join)


def may_stand(rows):
    """Is none of those that may not be repeated?"""
    keywords = [row.split()[0].rstrip(";") for row in rows]
    single = ("transparency", "session-acl", "client-cert")
    return all(keywords.count(keyword) < 2 for keyword in single)


SESSION = st.tuples(
    conditions(),
    st.lists(row("plug-to", st.sampled_from(["[192.0.2.7] : 143", "pc.example.org : 993"])))
    .map("".join),
    st.sampled_from(
        [
            "",
            "client-ssl-params SERVE; ",
            "client-ssl-params ASK; ",
            "client-ssl-params NEED; ",
            "client-ssl-params ASK; client-cert-match subject CN=Bob; ",
        ]
    ),
    st.sampled_from(["accept;", "accept;", "deny;"]),
).map("".join)
COMMAND = st.tuples(
    conditions(
        row("server", st.tuples(NAMED_HOSTS, PORTS).map("".join)),
        row("session-acl", NAMES),
        row("client-cert", CERTIFICATE_PARTS),
    ),
    st.sampled_from(["no-mail-scanning; accept;", "no-mail-scanning; accept;", "deny;"]),
).map("".join)


def numbered(keyword, acls):
    return " ".join(f"{keyword} {name} {{ {acl} }}" for name, acl in zip("ABC", acls))


BODIES = st.tuples(
    st.lists(SESSION, min_size=1, max_size=3), st.lists(COMMAND, min_size=1, max_size=3)
).map(lambda acls: numbered("session-acl", acls[0]) + " " + numbered("command-acl", acls[1]))
EXPRESSIONS = st.tuples(
    st.sampled_from(["from [10.1.2.3]", "from [192.0.2.9]", "from pc.example.org", "from [::1]"]),
    st.sampled_from(["", " transparent"]),
    st.sampled_from([" to [192.0.2.1] : 143", " to [10.1.2.3] : 993"]),
    st.sampled_from([" time 11220930", " time 11231200"]),
    st.sampled_from(["", " cert-subject CN=Bob", ' cert-subject "CN=Eve,OU=x"']),
).map("".join)

TOLD = re.compile(r"phase (\w+): (?:no \S+|\S+ (\w+) \(\S+\)) is selected: (\w+)")
OUTCOMES = {"ACCEPTED": "accepted", "REJECTED": "denied"}
PHASES = {messages.ACL_PHASE_1: "1", messages.ACL_PHASE_2: "2"}


def told(lines):
    """Phase, name and outcome of each phase that was reached."""
    found = map(TOLD.fullmatch, lines)
    return [(match[1], match[2], match[3]) for match in found if match]


def done(proxy, trial, facts):
    """The same, as the engine logs it."""
    engine = Engine(proxy, {language: ENGLISH for language in LANGUAGES}, Tools())
    event = Accepted(facts.client, facts.to, trial.transparent, facts.when, facts.client_names)
    actions = engine.feed(event, 0.0)
    secure = next((action for action in actions if isinstance(action, Secure)), None)
    if secure is not None:
        actions += engine.feed(handshake(secure, trial), 0.0)
    logs = [action for action in actions if isinstance(action, Log)]
    return [
        (PHASES[log.message], log.fields["name"], OUTCOMES[log.fields["result"]])
        for log in logs
        if log.message in PHASES
    ]


def handshake(secure, trial):
    """What TLS does with a client that shows what it is asked for, if it has it."""
    mode = secure.params.verify.mode if secure.params.verify else "none"
    if mode == "required" and trial.cert_subject is None:
        return Insecure(Side.CLIENT, "no certificate")
    shown = trial.cert_subject if mode != "none" else None
    certificate = shown and Certificate((shown, *shown.split(",")), (), (), "")
    return Secured(Side.CLIENT, certificate or None, "TLSv1.3", "A")


@given(BODIES, EXPRESSIONS)
def test_the_engine_decides_alike(body, expression):
    section = proxy(body)
    ((_, trial),) = read(f"test {expression};")
    facts = trial.facts(NOW, {})
    assert told(session(section, facts, trial)) == done(section, trial, facts)
