from __future__ import annotations

from datetime import datetime

import pytest

from imap4proxy.trial import session
from kernun_common.application.test_expr import read
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
    assert tried(BODY, "from [10.1.2.3]") == [
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
        "    }",
    ]


def test_transparent_goes_to_the_original_destination():
    lines = tried(BODY, "from [192.0.2.9] transparent to [192.0.2.7] : 143")
    assert lines[0].startswith("phase 1: session-acl ROAMING")
    assert "        idle-timeout 300;" in lines
    assert lines[-2:] == [
        "phase 2: command-acl OTHERS (f:8:1) is selected: denied",
        "    not STAFF (f:6:1): session-acl { STAFF } (f:6:21): "
        "does not hold for session-acl ROAMING",
    ]


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
