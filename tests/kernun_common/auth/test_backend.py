"""backend: each section has its own."""

import pytest

from kernun_common.auth.backend import backend_of
from kernun_common.auth.ldap import LdapClient
from kernun_common.auth.passwd import PasswordFile
from kernun_common.auth.radius import RadiusClient
from kernun_common.auth.section import (
    BackendName,
    LdapSection,
    LdapUsers,
    PasswdAuth,
    RadiusSection,
)

ROWS = [
    (BackendName(passwd=PasswdAuth(file="/etc/passwd")), PasswordFile),
    (BackendName(ldap=LdapSection(server=(), users=LdapUsers("dc=example"))), LdapClient),
    (BackendName(radius=RadiusSection(server=())), RadiusClient),
]


@pytest.mark.parametrize("name, backend", ROWS)
def test_backend(name, backend):
    assert isinstance(backend_of(name), backend)
