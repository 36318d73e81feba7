"""Both roles against Python's ssl module (the system's OpenSSL, not the one under test)."""

import os
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from cryptography import x509

from kernun_common.configuration.types import Host
from kernun_common.errors import PeerError, Side, Timeout
from kernun_common.netio.waiting import Waiter
from kernun_common.sockaddr import address
from kernun_common.tls import upgrade as upgrading
from kernun_common.tls.context import Context, Role
from kernun_common.tls.section import KeyFile, SslParams, Verify, Versions
from kernun_common.tls.upgrade import upgrade
from tests.support.certificates import Authority, write
from tests.support.streams import conn_pair, received
from tests.support.tls import client_context, server_context, talking

FAR = 3600.0
SERVER_NAME = "imap.example.org"


@pytest.fixture(scope="module")
def pki(tmp_path_factory):
    """One authority, and every kind of certificate that it can issue, as files."""
    folder = tmp_path_factory.mktemp("pki")
    authority, stranger = Authority("Example CA"), Authority("Stranger CA")
    between, between_old = authority.subordinate("Users CA"), authority.subordinate("Old CA", -1)
    revoked = authority.issue("Mallory")
    authority.revoke(revoked)
    issued = {
        "server": authority.issue("proxy", dns=[SERVER_NAME], ips=["127.0.0.1", "::1"]),
        "wildcard": authority.issue("proxy", dns=["*.example.org"]),
        "by common name": authority.issue(SERVER_NAME),
        "good": authority.issue("Alice", units=["admins"]),
        "expired": authority.issue("Bob", until=-1),
        "not yet": authority.issue("Carol", since=1),
        "revoked": revoked,
        "foreign": stranger.issue("Alice", dns=[SERVER_NAME]),
        "self-signed": Authority("Alice"),
        "old server": authority.issue("proxy", dns=[SERVER_NAME], until=-1),
    }
    files = {name: one.write(folder) for name, one in issued.items()}
    files["by way"] = between.issue("Alice").write(folder, between)
    files["by an old way"] = between_old.issue("Alice").write(folder, between_old)
    files["without the way"] = between.issue("Alice").write(folder)
    return SimpleNamespace(
        authority=authority,
        files=files,
        ca=write(folder / "ca.pem", authority.pem),
        crl=write(folder / "crl.pem", authority.crl()),
        crl_of_good=crl_of(authority, issued["good"]),
        old_crl=write(folder / "old.pem", authority.crl(until=-1)),
    )


def crl_of(authority, *revoked):
    """A newer list, which holds these as well."""
    for one in revoked:
        authority.revoke(one)
    return authority.crl(since=-1)


def server_side(pki, mode="none", **params):
    own = pki.files["server"]
    given = {"name": "IN", "ca_file": pki.ca, **params}
    return Context(
        SslParams(
            cert_file=own.cert, key_file=KeyFile(own.key, None), verify=Verify(mode, None), **given
        ),
        Role.SERVER,
    )


def client_side(pki, **params):
    return Context(SslParams(**{"name": "OUT", "ca_file": pki.ca, **params}), Role.CLIENT)


class Shaken:
    """What came of a handshake: ours as `peer` or `error`, theirs as `outcome`."""

    def __init__(self, conn, outcome, peer, error):
        self.conn, self.outcome, self.peer, self.error = conn, outcome, peer, error


def shake(context, theirs, name="", session=None, before=b""):
    role = context.role
    conn, sock = conn_pair(Side.CLIENT if role is Role.SERVER else Side.SERVER)
    peer = error = None
    asked = SERVER_NAME if role is Role.SERVER else None
    if before:
        conn.put(before)
    with talking(sock, theirs, asked, session) as outcome:
        try:
            peer = upgrade(conn, context, name, Waiter(), time.monotonic() + FAR)
        except PeerError as raised:
            error = raised
            conn.close()
    return Shaken(conn, outcome, peer, error)


def receive(conn):
    while (octets := conn.receive()) is None:
        Waiter().until(conn.fd, conn.read_wants, time.monotonic() + FAR)
    return octets


def exchange(shaken):
    """Both directions; a client of TLS 1.3 has its tickets then."""
    shaken.conn.send(b"* OK\r\n")
    assert received(shaken.outcome.sock, 6) == b"* OK\r\n"
    shaken.outcome.sock.sendall(b"a NOOP\r\n")
    assert receive(shaken.conn) == b"a NOOP\r\n"


CLIENT_CERTIFICATES = [
    # verify, with crl-file, what the client shows, what comes of it (None: a session)
    ("none", False, None, None),
    ("none", False, "good", None),
    ("optional", False, None, None),
    ("optional", False, "good", None),
    ("optional", False, "by way", None),
    ("optional", False, "expired", "expired"),
    ("optional", False, "not yet", "not yet valid"),
    ("optional", False, "foreign", "issuer"),
    ("optional", False, "self-signed", "self signed"),
    ("optional", False, "by an old way", "expired (depth 1)"),
    ("optional", False, "without the way", "issuer"),
    ("optional", False, "revoked", None),
    ("optional", True, None, None),
    ("optional", True, "good", None),
    ("optional", True, "revoked", "revoked"),
    ("optional", True, "by way", "crl"),
    ("required", False, None, "certificate"),
    ("required", False, "good", None),
    ("required", False, "expired", "expired"),
    ("required", True, "revoked", "revoked"),
]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("mode, listed, shows, complaint", CLIENT_CERTIFICATES)
def test_certificates_of_clients(pki, version, mode, listed, shows, complaint):
    context = server_side(pki, mode, crl_file=pki.crl if listed else None)
    client = client_context(pki.authority, shows and pki.files[shows])
    client.minimum_version = client.maximum_version = version
    shaken = shake(context, client)
    if complaint is not None:
        assert complaint in str(shaken.error) and shaken.error.side is Side.CLIENT
        return
    assert shaken.error is None
    assert shaken.peer.version == version.name.replace("_", ".")
    assert shaken.peer.cipher == shaken.outcome.sock.cipher()[0]
    certificate = shaken.peer.certificate
    assert (certificate is not None) == (mode != "none" and shows is not None)
    exchange(shaken)


def test_a_certificate_is_that_of_the_peer(pki):
    shaken = shake(server_side(pki, "required"), client_context(None, pki.files["good"]))
    assert "OU=admins" in shaken.peer.certificate.subjects
    assert "CN=Example CA" in shaken.peer.certificate.issuers


def test_a_list_of_revoked_that_is_out_of_date_lets_nobody_in(pki):
    context = server_side(pki, "optional", crl_file=pki.old_crl)
    assert "crl" in str(shake(context, client_context(None, pki.files["good"])).error)


@pytest.mark.parametrize("depth, complaint", [(0, "depth 1"), (1, None)])
def test_verify_depth(pki, depth, complaint):
    own = pki.files["server"]
    params = SslParams(
        name="IN",
        cert_file=own.cert,
        key_file=KeyFile(own.key, None),
        ca_file=pki.ca,
        verify=Verify("required", depth),
    )
    shaken = shake(Context(params, Role.SERVER), client_context(None, pki.files["by way"]))
    assert (shaken.error is None) == (complaint is None)


# Resumption

def resumed(pki, context, shows, between=lambda: None, tls13=True):
    """A second handshake with the first one's session; `between` is called between them."""
    client = client_context(pki.authority, shows and pki.files[shows])
    if not tls13:
        client.maximum_version = ssl.TLSVersion.TLSv1_2
    first = shake(context, client)
    exchange(first)
    between()
    return shake(context, client, session=first.outcome.sock.session)


@pytest.mark.parametrize("tls13", [False, True])
@pytest.mark.parametrize(
    "mode, shows",
    [
        ("none", None),
        ("optional", None),
        ("optional", "good"),
        ("required", "good"),
        ("required", "by way"),
    ],
)
def test_a_session_is_resumed(pki, mode, shows, tls13):
    shaken = resumed(pki, server_side(pki, mode), shows, tls13=tls13)
    assert shaken.error is None and shaken.outcome.sock.session_reused
    certificate = shaken.peer.certificate
    assert (certificate is not None) == (shows is not None)
    exchange(shaken)


@pytest.mark.parametrize("tls13", [False, True])
def test_without_tickets_no_session_is_resumed(pki, tls13):
    shaken = resumed(pki, server_side(pki, tickets=False), None, tls13=tls13)
    assert shaken.error is None and not shaken.outcome.sock.session_reused


@pytest.mark.parametrize("tls13", [False, True])
@pytest.mark.parametrize("shows", ["good", "by way"])
def test_a_certificate_that_expired_meanwhile_ends_a_resumed_session(
    pki, shows, tls13, monkeypatch
):
    context = server_side(pki, "required")
    later = datetime.now(timezone.utc) + timedelta(days=31)

    class Later(datetime):
        @classmethod
        def now(cls, zone=None):
            return later

    def expire():
        context.store.set_time(later)
        monkeypatch.setattr(upgrading, "datetime", Later)

    shaken = resumed(pki, context, shows, expire, tls13)
    assert shaken.error is not None
    if shows == "good":
        assert "expired" in str(shaken.error)


@pytest.mark.parametrize("tls13", [False, True])
def test_a_certificate_that_was_revoked_meanwhile_ends_a_resumed_session(pki, tls13):
    context = server_side(pki, "required", crl_file=pki.crl)
    newer = x509.load_pem_x509_crl(pki.crl_of_good)
    shaken = resumed(pki, context, "good", lambda: context.store.add_crl(newer), tls13)
    assert "revoked" in str(shaken.error)


def test_a_ticket_is_good_in_every_child(pki):
    """The parent makes the context, the children fork: one issues the ticket, another takes it."""
    context = server_side(pki, "required")
    client = client_context(pki.authority, pki.files["good"])
    session = None
    for _ in range(2):
        with in_child(context) as sock:
            peer = client.wrap_socket(sock, server_hostname=SERVER_NAME, session=session)
            assert received(peer, 6) == b"* OK\r\n"
            session = peer.session
    assert peer.session_reused


@contextmanager
def in_child(context):
    """The peer's socket of a connection that a forked process serves."""
    conn, sock = conn_pair()
    child = os.fork()
    if not child:
        try:
            upgrade(conn, context, "", Waiter(), time.monotonic() + FAR)
            conn.send(b"* OK\r\n")
        finally:
            os._exit(0)
    conn.close()
    yield sock
    os.waitpid(child, 0)


# The client role

SERVERS = [
    # the server shows, ssl-params, the name by which it was found, what comes of it
    ("server", {}, SERVER_NAME, None),
    ("server", {}, "IMAP.example.org.", None),
    ("server", {}, "127.0.0.1", None),
    ("server", {}, "::1", None),
    ("server", {}, "127.0.0.2", "does not show the name 127.0.0.2"),
    ("server", {}, "example.org", "does not show the name example.org"),
    ("server", {"match_name": False}, "example.org", None),
    ("server", {"server_name": Host(name=SERVER_NAME)}, "127.0.0.2", None),
    ("server", {"server_name": Host(address=address("127.0.0.1"))}, "example.org", None),
    ("server", {"server_name": Host(name="example.org")}, SERVER_NAME, "example.org"),
    ("wildcard", {}, SERVER_NAME, None),
    ("wildcard", {}, "a.b.example.org", "does not show"),
    ("by common name", {}, SERVER_NAME, "does not show"),
    ("old server", {}, SERVER_NAME, "expired"),
    ("foreign", {}, SERVER_NAME, "issuer"),
    ("foreign", {"match_name": False}, SERVER_NAME, "issuer"),
    ("foreign", {"verify": Verify("optional", None)}, SERVER_NAME, "issuer"),
    ("foreign", {"verify": Verify("none", None)}, SERVER_NAME, None),
    ("old server", {"verify": Verify("none", None)}, "example.org", None),
]


@pytest.mark.parametrize("shows, params, name, complaint", SERVERS)
def test_certificates_of_servers(pki, shows, params, name, complaint):
    shaken = shake(client_side(pki, **params), server_context(pki.files[shows]), name)
    if complaint is not None:
        assert complaint in str(shaken.error) and shaken.error.side is Side.SERVER
        return
    assert shaken.error is None
    verified = params.get("verify", Verify("required", None)).mode != "none"
    assert (shaken.peer.certificate is not None) == verified
    exchange(shaken)


def test_a_revoked_server(pki):
    context = client_side(pki, crl_file=pki.crl, match_name=False)
    assert "revoked" in str(shake(context, server_context(pki.files["revoked"])).error)


@pytest.mark.parametrize(
    "params, name, expected",
    [
        ({}, SERVER_NAME, SERVER_NAME),
        ({}, SERVER_NAME + ".", SERVER_NAME),
        ({}, "127.0.0.1", None),
        ({"server_name": Host(name=SERVER_NAME)}, "127.0.0.1", SERVER_NAME),
    ],
)
def test_the_name_that_is_asked_for(pki, params, name, expected):
    asked = []
    server = server_context(pki.files["server"])
    server.sni_callback = lambda sock, name, context: asked.append(name)
    shake(client_side(pki, **params), server, name)
    assert asked == [expected]


def test_the_proxy_shows_its_own_certificate(pki):
    own = pki.files["good"]
    context = client_side(pki, cert_file=own.cert, key_file=KeyFile(own.key, None))
    server = server_context(pki.files["server"])
    server.load_verify_locations(pki.ca)
    server.verify_mode = ssl.CERT_REQUIRED
    shaken = shake(context, server, SERVER_NAME)
    exchange(shaken)
    assert shaken.outcome.sock.getpeercert()["subject"][-1] == (("commonName", "Alice"),)


# The handshake itself

def test_what_was_sent_before_is_through_first(pki):
    answer = b"a OK begin TLS\r\n" * 400_000
    conn, sock = conn_pair()
    conn.send(answer)
    assert conn.pending
    arrived = []
    client = client_context(pki.authority)

    def peer():
        arrived.append(received(sock, len(answer)))
        with client.wrap_socket(sock, server_hostname=SERVER_NAME) as tls:
            arrived.append(received(tls, 2))

    thread = threading.Thread(target=peer)
    thread.start()
    upgrade(conn, server_side(pki), "", Waiter(), time.monotonic() + FAR)
    conn.send(b"* ")
    thread.join()
    assert arrived == [answer, b"* "]


@pytest.mark.parametrize(
    "octets",
    [
        b"a2 NOOP\r\n" * 10,  # pipelined behind STARTTLS: no part of a session
        bytes(100),
        b"\x16\x03\x01\xff\xff" + bytes(70000),
        None,
    ],
)
@pytest.mark.parametrize("role", [server_side, client_side])
def test_what_is_no_handshake(pki, role, octets):
    conn, sock = conn_pair()
    if octets is not None:
        sock.sendall(octets)
    sock.shutdown(socket.SHUT_WR)
    with pytest.raises(PeerError):
        upgrade(conn, role(pki), SERVER_NAME, Waiter(), time.monotonic() + FAR)


@pytest.mark.parametrize("octets", [b"", b"\x16\x03\x01"])
def test_a_handshake_that_is_not_over_in_time(pki, octets):
    conn, sock = conn_pair()
    sock.sendall(octets)
    with pytest.raises(Timeout) as late:
        upgrade(conn, server_side(pki), "", Waiter(), time.monotonic() + 0.05)
    assert (late.value.side, late.value.which) == (Side.CLIENT, "idle-timeout")


VERSIONS = [
    # low, high, the client's version, is there a session
    ("TLSv1-2", "TLSv1-3", "TLSv1_2", True),
    ("TLSv1-2", "TLSv1-3", "TLSv1_3", True),
    ("TLSv1-3", "TLSv1-3", "TLSv1_2", False),
    ("TLSv1-2", "TLSv1-2", "TLSv1_3", False),
    ("TLSv1-2", "TLSv1-3", "TLSv1_1", False),
    ("TLSv1-1", "TLSv1-3", "TLSv1_1", True),
    ("TLSv1", "TLSv1-3", "TLSv1", True),
    ("TLSv1-1", "TLSv1-3", "TLSv1", False),
]


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize("low, high, version, expected", VERSIONS)
def test_versions(pki, low, high, version, expected):
    client = client_context(pki.authority)
    client.set_ciphers("DEFAULT:@SECLEVEL=0")
    client.minimum_version = client.maximum_version = ssl.TLSVersion[version]
    shaken = shake(server_side(pki, versions=Versions(low, high)), client)
    assert (shaken.error is None) is expected
    if expected:
        assert shaken.peer.version == version.replace("_", ".")


@pytest.mark.parametrize(
    "item, version, cipher",
    [
        ("ciphers", "TLSv1_2", "ECDHE-ECDSA-AES128-GCM-SHA256"),
        ("ciphersuites", "TLSv1_3", "TLS_CHACHA20_POLY1305_SHA256"),
    ],
)
def test_ciphers(pki, item, version, cipher):
    client = client_context(pki.authority)
    client.minimum_version = client.maximum_version = ssl.TLSVersion[version]
    assert shake(server_side(pki, **{item: cipher}), client).peer.cipher == cipher
