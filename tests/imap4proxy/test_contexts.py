"""A context for each ssl-params and role that is used; every file that does not fit is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from imap4proxy import contexts
from imap4proxy.contexts import contexts_of
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.tls.context import Contexts, Role
from kernun_common.tls.section import SslParams
from tests.support.certificates import Authority
from tests.support.configurations import proxy

ONE = "session-acl ONE { plug-to [192.0.2.7] : 143; client-ssl-params %s; accept; }\n"
TWO = "session-acl TWO { plug-to [192.0.2.7] : 143; client-ssl-params %s command; accept; }\n"
OUT = "command-acl OUT { server-ssl-params %s; no-mail-scanning; accept; }\n"


@pytest.fixture
def own(tmp_path: Path) -> str:
    """Items of ssl-params that are good for both roles."""
    files = Authority("Example CA").issue("imap.example.org").write(tmp_path)
    return f'cert-file "{files.cert}"; key-file "{files.key}"; ca-file "{files.cert}";'


class Recording(Contexts):
    """Contexts that tell what they were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.added: list[str] = []

    def add(self, params: SslParams, role: Role) -> None:
        super().add(params, role)
        self.added.append(f"{params.name} {role.value}")


USED = [
    # acls, what is made
    ("", []),
    (ONE % "A", ["A server"]),
    (OUT % "A", ["A client"]),
    (ONE % "A" + TWO % "A", ["A server"]),
    (ONE % "A" + TWO % "B" + OUT % "B", ["A server", "B server", "B client"]),
]


@pytest.mark.parametrize("body, roles", USED)
def test_what_is_used_is_made(
    monkeypatch: pytest.MonkeyPatch, own: str, body: str, roles: list[str]
) -> None:
    monkeypatch.setattr(contexts, "Contexts", Recording)
    unused = 'ssl-params C { ca-file "/no/such/file"; }'
    made = contexts_of(proxy(body, f"ssl-params A {{ {own} }} ssl-params B {{ {own} }} {unused}"))
    assert isinstance(made, Recording) and made.added == roles


def test_a_context_is_found_by_the_acls_that_name_it(own: str) -> None:
    mail = proxy(ONE % "A" + TWO % "A" + OUT % "A", f"ssl-params A {{ {own} }}")
    made = contexts_of(mail)
    [one, two], [out] = mail.session_acl, mail.command_acl
    assert one.client_ssl_params and two.client_ssl_params and out.server_ssl_params
    towards_clients = made.get(one.client_ssl_params.params, Role.SERVER)
    assert towards_clients.role is Role.SERVER
    assert made.get(two.client_ssl_params.params, Role.SERVER) is towards_clients
    assert made.get(out.server_ssl_params.params, Role.CLIENT).role is Role.CLIENT


def test_every_error_is_told(own: str) -> None:
    """... once, in the order of their places."""
    before = (
        'ssl-params A { cert-file "/no/a"; key-file "/no/a"; verify none; }\n'
        f"ssl-params B {{ {own} crl-file {own.split()[1][:-1]}; verify required; }}\n"
        f'ssl-params C {{ {own} ca-dir "/no/c"; }}\n'
    )
    body = ONE % "A" + TWO % "B" + OUT % "C" + OUT.replace("OUT", "MORE") % "B"
    with pytest.raises(ConfigurationErrors) as raised:
        contexts_of(proxy(body, before))
    texts = [(error.where.line, error.text) for error in raised.value]
    assert [line for line, _ in texts] == [1, 2, 3]
    assert "/no/a: No such file" in texts[0][1]
    assert "no list of revoked certificates" in texts[1][1]
    assert "/no/c: No such file" in texts[2][1]
