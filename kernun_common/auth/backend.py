"""backend - who knows the passwords of an oob-auth.

    backend = backend_of(section.auth)
    backend.check(name, password, resolution)           User, Denied or Challenge; Unavailable
    backend.respond(name, answer, state, resolution)    the same, to a Challenge
"""

from __future__ import annotations

from typing import Protocol

from kernun_common.acl.facts import Resolution

from ..secret import Secret
from .ldap import LdapClient
from .passwd import PasswordFile
from .radius import RadiusClient
from .section import BackendName
from .user import Verdict


class Backend(Protocol):
    """See the file's first lines; threads may use it at the same time."""

    def check(self, name: str, password: Secret, resolution: Resolution) -> Verdict: ...

    def respond(
        self, name: str, answer: Secret, state: bytes, resolution: Resolution
    ) -> Verdict: ...


def backend_of(name: BackendName) -> Backend:
    if name.radius is not None:
        return RadiusClient(name.radius)
    if name.ldap is not None:
        return LdapClient(name.ldap)
    assert name.passwd is not None
    return PasswordFile(name.passwd.file)
