"""upgrade - the only place where a connection becomes TLS.

    peer = upgrade(conn, context, "imap.example.org", waiter, deadline)
    peer.certificate, peer.version, peer.cipher

What was sent before is through first, and nothing that was received before gets
in: the caller holds no octets of this connection (RFC 3501 section 6.2.1, RFC
2595; the engine ends a session that has some).  The handshake has until
`deadline`, however slowly its octets dribble in.

Then the peer's certificate is checked, before any octet of it is read:

    server role   chain, dates and revocation once more, because OpenSSL checks
                  nothing when a session is resumed.  A ticket then holds the
                  client's own certificate but none above it: where only those
                  are missing its own dates decide.  The chain was verified when
                  the ticket was issued, by this very context with its lists,
                  TICKET_SECONDS ago at most.
    client role   the name, unless match-name is off.  Sessions are not resumed.

PeerError: the handshake, the certificate or the name; Timeout: the deadline.
The connection is of no use then.
See also: ssl(5), context.py, names.py.
"""

from __future__ import annotations

import select
from datetime import datetime, timezone
from typing import NamedTuple, Protocol, Sequence

from cryptography import x509
from OpenSSL import SSL, crypto

from ..errors import PeerError, Side, Timeout
from ..netio.conn import Conn
from .certificate import Certificate
from .context import Context, Role
from .names import as_address, shows
from .transport import Tls, reason_of

MISSING_ISSUER = (
    SSL.X509VerificationCodes.ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
    SSL.X509VerificationCodes.ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
)


class Waiter(Protocol):
    """Does the descriptor become ready before the deadline?  ../netio/waiting.py"""

    def until(self, fd: int, mask: int, deadline: float) -> bool: ...


class Peer(NamedTuple):
    """Who is on the other end; `certificate` is None unless it was shown and verified."""

    certificate: Certificate | None
    version: str
    cipher: str


def upgrade(conn: Conn, context: Context, name: str, waiter: Waiter, deadline: float) -> Peer:
    """Make TLS of `conn` until `deadline` (monotonic).

    `name` is the server as it was named, a name or an address; in the server
    role it means nothing.
    """
    while conn.pending:
        _wait(conn, conn.wants(False), waiter, deadline)
        conn.flush()
    name = _wanted(context, name)
    connection = _begin(conn, context, name)
    _shake(conn, connection, waiter, deadline)
    conn.become(Tls(connection, conn.sock, conn.side))
    certificate = _check(conn.side, connection, context, name) if context.verifies else None
    version, cipher = connection.get_protocol_version_name(), connection.get_cipher_name()
    return Peer(certificate, version, cipher or "")


def _wanted(context: Context, name: str) -> str:
    server = context.params.server_name
    return name if server is None else server.name or str(server.address)


def _begin(conn: Conn, context: Context, name: str) -> SSL.Connection:
    connection = SSL.Connection(context.ssl, conn.sock)
    if context.role is Role.SERVER:
        connection.set_accept_state()
        return connection
    connection.set_connect_state()
    if as_address(name) is None:  # RFC 6066 section 3: no addresses
        connection.set_tlsext_host_name(name.removesuffix(".").encode())
    return connection


def _shake(conn: Conn, connection: SSL.Connection, waiter: Waiter, deadline: float) -> None:
    while True:
        try:
            connection.do_handshake()
            return
        except SSL.WantReadError:
            mask = select.POLLIN
        except SSL.WantWriteError:
            mask = select.POLLOUT
        except SSL.Error as error:
            complaint = connection.get_app_data()  # of the certificate, by context.py
            raise PeerError(conn.side, complaint or reason_of(error)) from None
        _wait(conn, mask, waiter, deadline)


def _wait(conn: Conn, mask: int, waiter: Waiter, deadline: float) -> None:
    if not waiter.until(conn.fd, mask, deadline):
        raise Timeout(conn.side, "idle-timeout")


def _check(
    side: Side, connection: SSL.Connection, context: Context, name: str
) -> Certificate | None:
    """The peer's certificate; PeerError where it does not verify or shows another name."""
    shown = connection.get_peer_certificate()
    if shown is None:
        if context.verify.mode == "required":
            raise PeerError(side, "no certificate")
        return None
    try:
        certificate = Certificate.parse(crypto.dump_certificate(crypto.FILETYPE_ASN1, shown))
    except ValueError as error:
        raise PeerError(side, f"malformed certificate: {error}") from None
    if context.role is Role.SERVER:
        _verify(side, shown, connection.get_peer_cert_chain(), context)
    elif context.params.match_name and not shows(certificate, name):
        raise PeerError(side, f"the certificate does not show the name {name}")
    return certificate


def _verify(
    side: Side, shown: crypto.X509, chain: Sequence[crypto.X509] | None, context: Context
) -> None:
    try:
        crypto.X509StoreContext(context.store, shown, chain).verify_certificate()
    except crypto.X509StoreContextError as error:
        if chain or error.errors[0] not in MISSING_ISSUER or not _is_current(shown):
            raise PeerError(side, str(error)) from None


def _is_current(shown: crypto.X509) -> bool:
    certificate: x509.Certificate = shown.to_cryptography()
    now = datetime.now(timezone.utc)
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
