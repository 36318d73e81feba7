from __future__ import annotations

import pytest

from imap4proxy.section import ROOT, Imap4Proxy
from tests.support.configurations import configured, errors_in, proxy


def test_defaults():
    section = proxy("nodaemon;")
    assert (section.idle_timeout, section.session_acl, section.command_acl) == (1800.0, (), ())
    assert section.client_conn.command_timeout == 120.0
    assert section.server_conn.conn_timeout == 75.0


def test_acls_keep_their_order():
    section = proxy(
        """session-acl B { accept; } command-acl Z { deny; } session-acl A { deny; }
        command-acl Y { deny; }"""
    )
    assert [acl.name for acl in section.session_acl] == ["B", "A"]
    assert [acl.name for acl in section.command_acl] == ["Z", "Y"]


@pytest.mark.parametrize(
    "body, text",
    [
        ("idle-timeout 0;", "must not be zero"),
        ("session-acl A { accept; } session-acl A { deny; }", "session-acl A"),
        ("session-acl { accept; }", "needs a name"),
        ("male-acl A { accept; }", "there is no `male-acl`"),
    ],
)
def test_complaint(body, text):
    ((_, told),) = errors_in(body)
    assert text in told


def test_several_proxies_in_one_file():
    listen = "listen-on { non-transparent [127.0.0.1] port"
    text = f"imap4-proxy A {{ {listen} 143; }} }} imap4-proxy B {{ {listen} 144; }} }}"
    assert [section.name for section in configured(text).sections("imap4-proxy")] == ["A", "B"]


def test_root_has_the_proxy():
    assert Imap4Proxy in ROOT


SCANS = [
    ("command-acl A { accept; }", True),
    ("command-acl A { no-mail-scanning; accept; }", False),
    ("command-acl A { deny; }", False),
    ("command-acl A { no-mail-scanning; accept; } command-acl B { accept; }", True),
    ("command-acl A { download { no-mail-scanning; } accept; }", True),
    (
        "command-acl A { download { no-mail-scanning; } upload { no-mail-scanning; } accept; }",
        False,
    ),
]


@pytest.mark.parametrize("body, expected", SCANS)
def test_scans(body, expected):
    assert proxy(body).scans_mails is expected
