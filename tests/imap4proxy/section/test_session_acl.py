from __future__ import annotations

import pytest

from tests.support.configurations import errors_in, proxy


def acl_of(items):
    (acl,) = proxy(f"session-acl A {{ {items} }}").session_acl
    return acl


def test_everything_at_once():
    acl = acl_of(
        """from { [10.0.0.0/8] }; to * port 993; transparency non-transparent;
        time { mon-fri } { 0800-1800 }; user name *; group { staff };
        plug-to a.example.org : 143; plug-to [192.0.2.7] : 993;
        client-ssl-params ASK command optional;
        client-cert-match subject { "OU=admins" } issuer { "CN=CA" };
        language CZ; idle-timeout 5m; accept;"""
    )
    assert [str(sock) for sock in acl.plug_to] == ["a.example.org : 143", "[192.0.2.7] : 993"]
    assert acl.client_ssl_params.params.name == "ASK"
    assert acl.client_cert_match.san is None
    assert (acl.language, acl.idle_timeout, acl.denies) == ("CZ", 300.0, False)


def test_defaults():
    acl = acl_of("accept;")
    assert (acl.language, acl.idle_timeout, acl.plug_to) == ("EN", None, ())
    assert acl.client_ssl_params is acl.client_cert_match is None


@pytest.mark.parametrize(
    "elements, starttls, optional, asks",
    [
        ("SERVE", False, False, False),
        ("SERVE session", False, False, False),
        ("ASK session required", False, False, True),
        ("ASK command", True, False, True),
        ("NEED command optional", True, True, True),
    ],
)
def test_client_tls(elements, starttls, optional, asks):
    tls = acl_of(f"client-ssl-params {elements}; accept;").client_ssl_params
    assert (tls.starttls, tls.optional, tls.asks_certificate) == (starttls, optional, asks)


COMPLAINTS = [
    # items, what the complaint holds
    ("plug-to a.b : 143;", "expected accept or deny"),
    ("accept; deny;", "exclude each other"),
    ('deny text "no";', "expected `;`"),
    ("time mon; time-period-set { time-spec A { hours 0800 1800; } } accept;", "exclude"),
    ("client-cert-match subject { a }; accept;", "needs client-ssl-params with verify"),
    ("client-ssl-params SERVE; client-cert-match subject a; accept;", "with verify"),
    ("client-ssl-params ASK; client-cert-match; accept;", "expected subject, issuer"),
    ("client-ssl-params ASK; client-cert-match fingerprint ab; accept;", "SHA-256"),
    ("client-ssl-params PLAIN; accept;", "has no cert-file"),
    ("client-ssl-params ASK session optional; accept;", "optional needs command"),
    ("client-ssl-params NONE; accept;", "NONE"),
    ("idle-timeout 0; accept;", "must not be zero"),
    ("language XX; accept;", "`CZ-ASCII`"),
    ("to *.example.org; accept;", "no name to compare"),
    ("server *; accept;", "there is no `server`"),
    ("client-cert none; accept;", "there is no `client-cert`"),
    ("session-acl *; accept;", "there is no `session-acl`"),
]


@pytest.mark.parametrize("items, text", COMPLAINTS)
def test_complaint(items, text):
    ((line, told),) = errors_in(f"\nsession-acl A {{ {items} }}")
    assert line == 2
    assert text in told
