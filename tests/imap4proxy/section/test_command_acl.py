from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from ipaddress import ip_address

import pytest

from imap4proxy.section import CommandAcl
from imap4proxy.section.command_acl import imap_text
from imap4proxy.section.transfer import Download, Upload
from imap4proxy.wire.names import COMMANDS
from kernun_common.acl.choose import choose
from kernun_common.acl.facts import Facts, Server
from kernun_common.sockaddr import Sockaddr
from kernun_common.tls.certificate import Certificate
from tests.support.configurations import errors_in, proxy

ALICE = Certificate(
    subjects=("CN=Alice,OU=admins", "CN=Alice", "OU=admins"),
    issuers=("CN=CA",),
    sans=("alice@example.org",),
    fingerprint="ab" * 32,
)
FACTS = Facts(
    client=Sockaddr(ip_address("10.1.2.3"), 40312),
    to=Sockaddr(ip_address("192.0.2.1"), 143),
    transparent=False,
    when=datetime(2026, 11, 22),
    server=Server.at(Sockaddr(ip_address("192.0.2.7"), 993)),
    parent="STAFF",
)
SHOWN = replace(FACTS, certificate=ALICE)


def acl_of(items):
    (acl,) = proxy(f"command-acl A {{ {items} }}").command_acl
    return acl


def test_everything_at_once():
    acl = acl_of(
        """session-acl { STAFF }; client-cert subject { "OU=admins" };
        server-ssl-params PLAIN command; server-cert-match san { a.example.org };
        commands ! { SETACL, UNKNOWN }; capabilities { IMAP4rev1, AUTH=*, X-NEW };
        max-bytes-in 10G; max-bytes-out 1M; max-mail-in 20M; max-mail-out 50M refuse;
        max-time 24h; idle-timeout 5m; greeting "Mail gateway ready"; language CZ;
        no-mail-scanning; accept;"""
    )
    assert acl.server_ssl_params.starttls
    assert acl.max_mail_in == (20 * 2**20, False)
    assert acl.max_mail_out == (50 * 2**20, True)
    assert (acl.max_bytes_in, acl.max_bytes_out) == (10 * 2**30, 2**20)
    assert (acl.max_time, acl.idle_timeout, acl.language) == (86400.0, 300.0, "CZ")
    assert acl.greeting == "Mail gateway ready"
    assert acl.no_mail_scanning


def test_defaults():
    acl = acl_of("no-mail-scanning; accept;")
    given = {"no_mail_scanning", "accept", "antivirus_mode", "download", "upload"}
    others = set(CommandAcl.TABLE.rows) - given
    assert all(getattr(acl, attribute) in (None, ()) for attribute in others)
    assert (acl.antivirus_mode, acl.download, acl.upload) == ("lenient", Download(), Upload())


ALL = set(COMMANDS)


@pytest.mark.parametrize(
    "items, permitted",
    [
        ("", ALL - {"UNKNOWN"}),
        ("commands *;", ALL),
        ("commands {};", set()),
        ("commands { noop, UID-FETCH };", {"NOOP", "UID-FETCH"}),
        ("commands ! { SETACL, UNKNOWN };", ALL - {"SETACL", "UNKNOWN"}),
    ],
)
def test_permitted_commands(items, permitted):
    assert acl_of(f"{items} no-mail-scanning; accept;").permitted_commands == permitted


@pytest.mark.parametrize(
    "items, denies, text",
    [
        ("deny;", True, None),
        ('deny text "Not today";', True, "Not today"),
        ("no-mail-scanning; accept;", False, None),
    ],
)
def test_deny(items, denies, text):
    acl = acl_of(items)
    assert (acl.denies, acl.deny_text) == (denies, text)


CONDITIONS = [
    # items, facts, do they hold
    ("session-acl { STAFF, GUESTS };", FACTS, True),
    ("session-acl STAFF;", FACTS, True),
    ("session-acl staff;", FACTS, False),
    ("session-acl ! { STAFF };", FACTS, False),
    ("session-acl ST*;", FACTS, True),
    ("client-cert none;", FACTS, True),
    ("client-cert none;", SHOWN, False),
    ("client-cert;", FACTS, False),
    ("client-cert;", SHOWN, True),
    ('client-cert subject { "OU=admins" };', SHOWN, True),
    ('client-cert subject { "OU=admins" };', FACTS, False),
    ('client-cert subject ! { "OU=admins" };', FACTS, False),
    ('client-cert subject { "OU=admins" } issuer { "CN=Other" };', SHOWN, False),
    ('client-cert subject { "OU=admins" } issuer { "CN=CA" };', SHOWN, True),
    (f"client-cert fingerprint {'AB' * 32};", SHOWN, True),
    ("client-cert san alice@EXAMPLE.org;", SHOWN, True),
    ("server [192.0.2.0/24] port 993;", FACTS, True),
    ("server [192.0.2.0/24] port 143;", FACTS, False),
    ("from [10.0.0.0/8];", FACTS, True),
    ("to * port 993;", FACTS, False),
    ("transparency transparent;", FACTS, False),
]


@pytest.mark.parametrize("items, facts, hold", CONDITIONS)
def test_condition(items, facts, hold):
    acl = acl_of(f"{items} no-mail-scanning; accept;")
    choice = choose([acl], facts)
    assert choice.accepted is hold
    assert [miss.acl for miss in choice.trail] == ([] if hold else [acl])


@pytest.mark.parametrize(
    "items, facts, ending",
    [
        ("session-acl GUESTS;", FACTS, "does not hold for session-acl STAFF"),
        ("client-cert none;", SHOWN, "does not hold for the certificate of CN=Alice,OU=admins"),
        ("client-cert;", FACTS, "does not hold for no certificate"),
        ("server * port 143;", FACTS, "does not hold for server [192.0.2.7]:993"),
    ],
)
def test_reason(items, facts, ending):
    (miss,) = choose([acl_of(f"{items} no-mail-scanning; accept;")], facts).trail
    assert miss.reason.endswith(ending)


COMPLAINTS = [
    ("no-mail-scanning;", "expected accept or deny"),
    ("no-mail-scanning; accept; deny;", "exclude each other"),
    ("server-cert-match san a; no-mail-scanning; accept;", "needs server-ssl-params"),
    (
        "server-ssl-params PLAIN; server-cert-match; no-mail-scanning; accept;",
        "expected subject, issuer",
    ),
    ("client-cert fingerprint 12; no-mail-scanning; accept;", "SHA-256"),
    ("commands { DELET }; no-mail-scanning; accept;", "DELET"),
    ("max-bytes-in 0; no-mail-scanning; accept;", "must not be zero"),
    ("max-time 0; no-mail-scanning; accept;", "must not be zero"),
    ('greeting "[ALERT] x"; no-mail-scanning; accept;', "printable ASCII"),
    ('greeting ""; no-mail-scanning; accept;', "printable ASCII"),
    ('deny text "a\\r\\nb";', "printable ASCII"),
    ("plug-to a.b : 143; no-mail-scanning; accept;", "there is no `plug-to`"),
]


@pytest.mark.parametrize("items, text", COMPLAINTS)
def test_complaint(items, text):
    ((line, told),) = errors_in(f"\ncommand-acl A {{ {items} }}")
    assert line == 2
    assert text in told


def test_denying_needs_no_word_on_mail():
    assert errors_in("command-acl A { deny; }") == []


@pytest.mark.parametrize("code", range(256))
def test_text_by_every_character(code):
    character = chr(code)
    printable = 32 <= code < 127
    assert imap_text.holds("a" + character) is printable
    assert imap_text.holds(character) is (printable and character != "[")
