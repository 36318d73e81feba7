"""login - LOGIN and AUTHENTICATE; what they hold of secrets is a `Secret`.

Sources: RFC 3501 sections 6.2.2 and 6.2.3, RFC 4959 (initial response).
"""

from __future__ import annotations

from dataclasses import dataclass

from kernun_common.secret import Secret

from .command import Command
from .names import Needs
from .parts import Astring, Parts
from .scanner import Scanner

EMPTY = b"="  # an initial response of no octets; RFC 4959 section 3


@dataclass(frozen=True, slots=True)
class Login(Command):
    userid: bytes
    password: Secret

    @property
    def name(self) -> str:
        return "LOGIN"

    @property
    def parts(self) -> Parts:
        return b" ", Astring(self.userid), b" ", self.password


@dataclass(frozen=True, slots=True)
class Authenticate(Command):
    """`mechanism` in upper case; `initial`: the initial response, in base64 or "="."""

    mechanism: bytes
    initial: Secret | None = None

    @property
    def name(self) -> str:
        return "AUTHENTICATE"

    @property
    def parts(self) -> Parts:
        if self.initial is None:
            return (b" " + self.mechanism,)
        return b" " + self.mechanism + b" ", self.initial

    @property
    def needs(self) -> Needs:
        return (frozenset({b"AUTH=" + self.mechanism}),)


def login(scan: Scanner, tag: bytes) -> Login:
    """login = "LOGIN" SP userid SP password"""
    scan.sp()
    userid = scan.astring()
    scan.sp()
    password = Secret(scan.astring())
    scan.end()
    return Login(tag, userid, password)


def authenticate(scan: Scanner, tag: bytes) -> Authenticate:
    """authenticate = "AUTHENTICATE" SP auth-type [SP (base64 / "=")]

    The second blank may stand without what should follow it: mutt, built with
    gsasl, sends it so, and nothing else could be meant.
    """
    scan.sp()
    mechanism = scan.keyword()
    initial = None
    if scan.accept(b" ") and not scan.ended:
        initial = Secret(EMPTY if scan.accept(EMPTY) else scan.base64())
    scan.end()
    return Authenticate(tag, mechanism, initial)
