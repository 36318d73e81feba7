"""ldap - a backend: a directory; RFC 4511, by ldap3.

    backend = LdapClient(section)           ConfigurationError: files of ssl-params
    backend.check("alice", Secret(b"..."), resolution)      User, or Denied; Unavailable

As the section's own name, or as nobody, it looks for the entry of the user; the password is
right if the server lets a connection with it be that entry's (bind).  Then it looks for
entries of groups that have the user as a member.  What the user has written is escaped in
filters (RFC 4515), and an empty password is never sent: servers take that for nobody's.

The user is called as the entry says: `Alice` and `ALICE ` find the entry of `alice`, and
conditions of ACLs must not take them for three users.

Servers are tried in their order, each address of each, until one answers.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator, List, NamedTuple, Optional, Tuple

import ldap3
from ldap3.core.exceptions import LDAPException
from ldap3.core.results import RESULT_INVALID_CREDENTIALS, RESULT_UNWILLING_TO_PERFORM
from ldap3.protocol.sasl.sasl import validate_simple_password
from ldap3.utils.conv import escape_filter_chars

from kernun_common.acl.facts import Resolution
from kernun_common.configuration.types import Sock

from ..errors import Unavailable
from ..netio.connect import addresses_of
from ..redis_store.tls_socket import secured
from ..secret import Secret
from ..tls.context import Context, Role
from .section import COMMAND, LdapSection
from .user import Denied, User, Verdict, folded

# By what a server says no to a password.
_REFUSALS = (RESULT_INVALID_CREDENTIALS, RESULT_UNWILLING_TO_PERFORM)
_FAILURES = (LDAPException, OSError)


class _Entry(NamedTuple):
    """Its name (DN), and the values of the one attribute that was asked for."""

    dn: str
    values: Tuple[str, ...]


class LdapClient:
    """See the file's first lines."""

    def __init__(self, section: LdapSection) -> None:
        self._section = section
        ssl = section.ssl
        self._context = Context(ssl.params, Role.CLIENT) if ssl is not None else None

    def check(self, name: str, password: Secret, resolution: Resolution) -> Verdict:
        if not name or not password.reveal():
            return Denied("no name or no password")
        prepared = _prepared(password)
        if prepared is None:
            return Denied("a password that LDAP cannot carry")
        failures: List[str] = []
        for sock, address in self._places(resolution):
            try:
                return self._ask(sock, address, name, prepared)
            except _FAILURES as failure:
                failures.append(f"[{address}]:{sock.port}: {failure}")
        raise Unavailable("; ".join(failures) or "no address of a server is known")

    def respond(
        self, name: str, answer: Secret, state: bytes, resolution: Resolution
    ) -> Verdict:
        return Denied("nothing was asked")

    def _places(self, resolution: Resolution) -> Iterator[Tuple[Sock, str]]:
        for server in self._section.server:
            sock = self._section.sock(server)
            for address in addresses_of(sock, resolution):
                yield sock, str(address)

    def _ask(self, sock: Sock, address: str, name: str, password: Secret) -> Verdict:
        bindinfo = self._section.bindinfo
        own = (bindinfo.dn, bindinfo.password) if bindinfo is not None else (None, None)
        with self._connected(sock, address, *own) as connection:
            if not connection.bind():
                raise Unavailable(f"[{address}]:{sock.port}: bindinfo: {_said(connection)}")
            entries = self._entries(connection, name)
            if len(entries) != 1:
                return Denied("several such users" if entries else "no such user")
            dn, names = entries[0]
            if not names:
                raise Unavailable(f"[{address}]:{sock.port}: {dn}: its name cannot be read")
            if not self._fits(sock, address, dn, password):
                return Denied("wrong password")
            name = _own_name(names, name)
            return User(name, self._groups(connection, name, dn))

    def _fits(self, sock: Sock, address: str, dn: str, password: Secret) -> bool:
        with self._connected(sock, address, dn, password) as connection:
            if connection.bind():
                return True
            if connection.result["result"] in _REFUSALS:
                return False
            raise Unavailable(f"[{address}]:{sock.port}: {_said(connection)}")

    def _entries(self, connection: ldap3.Connection, name: str) -> List[_Entry]:
        """The user's entries, with the user's names; one, if all is well."""
        users = self._section.users
        attribute = users.attribute or "uid"
        wanted = _filter(attribute, name, users.filter)
        return _search(connection, users.base, wanted, attribute)

    def _groups(self, connection: ldap3.Connection, name: str, dn: str) -> Tuple[str, ...]:
        groups = self._section.groups
        if groups is None:
            return ()
        member = name if groups.by == "user" else dn
        wanted = _filter(groups.member or "member", member, groups.filter)
        found = _search(connection, groups.base, wanted, groups.attribute or "cn")
        return tuple(value for entry in found for value in entry.values[:1])

    @contextmanager
    def _connected(
        self, sock: Sock, address: str, dn: Optional[str], password: Optional[Secret]
    ) -> Iterator[ldap3.Connection]:
        """A connection that is not bound yet, with TLS where the section wants it."""
        ssl, seconds = self._section.ssl, self._section.timeout
        by_command = ssl is not None and ssl.mode == COMMAND
        server = ldap3.Server(
            address,
            sock.port,
            use_ssl=ssl is not None and not by_command,
            tls=self._tls(sock),
            get_info=ldap3.NONE,
            connect_timeout=seconds,
        )
        connection = ldap3.Connection(
            server,
            dn,
            password.reveal() if password is not None else None,
            receive_timeout=max(1, round(seconds)),
            auto_referrals=False,
            check_names=False,
            read_only=True,
        )
        try:
            connection.open(read_server_info=False)
            if by_command and not connection.start_tls(read_server_info=False):
                raise Unavailable(f"[{address}]:{sock.port}: no STARTTLS")
            yield connection
        finally:
            _leave(connection)

    def _tls(self, sock: Sock) -> Optional[ldap3.Tls]:
        if self._context is None:
            return None
        name = sock.host.name or str(sock.host.address)
        return _Tls(self._context, name, self._section.timeout)


class _Tls(ldap3.Tls):
    """TLS as ssl(5) says."""

    def __init__(self, context: Context, name: str, seconds: float) -> None:
        super().__init__()
        self._context = context
        self._server_name = name
        self._seconds = seconds

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        connection.socket = secured(
            connection.socket, self._context, self._server_name, self._seconds
        )


def _prepared(password: Secret) -> Optional[Secret]:
    """As RFC 4513 section 5.1.3 wants it: SASLprep; None for what that prohibits."""
    try:
        octets = validate_simple_password(password.reveal().decode("utf-8"))
    except (UnicodeDecodeError, LDAPException):
        return None
    return Secret(octets) if octets else None  # of a soft hyphen nothing is left


def _filter(attribute: str, value: str, more: Optional[str]) -> str:
    """RFC 4515; `value` may be anything."""
    equal = f"({attribute}={escape_filter_chars(value)})"
    return f"(&{equal}{more})" if more is not None else equal


def _own_name(names: Tuple[str, ...], written: str) -> str:
    """Of several names of an entry the one that was meant; else one, always the same."""
    meant = [name for name in names if folded(name) == folded(written)]
    return min(meant or names)


def _search(
    connection: ldap3.Connection, base: str, wanted: str, attribute: str
) -> List[_Entry]:
    """The entries; those elsewhere (referrals) are not looked for."""
    connection.search(base, wanted, ldap3.SUBTREE, attributes=[attribute])
    if connection.result["result"] != 0:
        raise LDAPException(_said(connection))
    found = (one for one in connection.response if one["type"] == "searchResEntry")
    return [_Entry(one["dn"], _texts(one["raw_attributes"])) for one in found]


def _texts(attributes: Any) -> Tuple[str, ...]:
    """Whatever the server calls the attribute: it may have several names, RFC 4512 2.5."""
    values = (octets for each in attributes.values() for octets in each)
    return tuple(octets.decode("utf-8", "replace") for octets in values)


def _said(connection: ldap3.Connection) -> str:
    result = connection.result
    return " ".join(filter(None, (str(result["description"]), str(result.get("message") or ""))))


def _leave(connection: ldap3.Connection) -> None:
    try:
        connection.unbind()
    except _FAILURES:
        pass  # it is of no use any more
