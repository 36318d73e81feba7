"""context - the contexts of TLS, made once, in the parent.

    contexts = Contexts()
    contexts.add(params, Role.SERVER)               while the configuration is checked
    contexts.get(params, Role.SERVER)               in a session

Everything that TLS reads from files is read here, before children exist: they
may not be able to (chroot, app-user), and they share what is born here - the
keys of the session tickets above all, so a client resumes with any of them.
Each context has a session id context of its own: without one OpenSSL fails every
resumption where the client's certificate is verified.

Off: renegotiation, compression, the session cache (tickets do its work, in any
child).  On: the server's order of ciphers.  TLS before 1.2 needs keys and
signatures that OpenSSL refuses from security level 1 on, so `versions TLSv1 to
...` lowers it to 0.

What a role cannot do without, and files that cannot be read or do not fit, are
ConfigurationErrors at the item's place.
See also: ssl(5), material.py, upgrade.py.
"""

from __future__ import annotations

import hashlib
from enum import Enum
from typing import Dict, Tuple

from OpenSSL import SSL, crypto

from .material import Material
from .section import SslParams, Verify

TICKET_SECONDS = 7200  # how long a client may resume

PROTOCOLS = {
    "TLSv1": SSL.TLS1_VERSION,
    "TLSv1-1": SSL.TLS1_1_VERSION,
    "TLSv1-2": SSL.TLS1_2_VERSION,
    "TLSv1-3": SSL.TLS1_3_VERSION,
}
NEED_LEVEL_0 = ("TLSv1", "TLSv1-1")
MODES = {
    "none": SSL.VERIFY_NONE,
    "optional": SSL.VERIFY_PEER,
    "required": SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT,
}
COMPLAINTS = {
    number: name.removeprefix("ERR_").replace("_", " ").lower()
    for name, number in vars(SSL.X509VerificationCodes).items()
    if name.startswith("ERR_")
}


class Role(Enum):
    """What the proxy is on a connection."""

    SERVER = "server"
    CLIENT = "client"


METHODS = {Role.SERVER: SSL.TLS_SERVER_METHOD, Role.CLIENT: SSL.TLS_CLIENT_METHOD}
DEFAULT_VERIFY = {Role.SERVER: Verify("none", None), Role.CLIENT: Verify("required", None)}


class Context:
    """What a handshake needs: `ssl`, the library's context, and what it was made of."""

    def __init__(self, params: SslParams, role: Role) -> None:
        """ConfigurationError where a file cannot be read or does not fit."""
        self.params = params
        self.role = role
        self.verify = params.verify or DEFAULT_VERIFY[role]
        self.ssl = SSL.Context(METHODS[role])
        self._material = Material(params)
        self._set_protocol()
        self._set_identity()
        self._set_trust()
        self._set_sessions()

    @property
    def verifies(self) -> bool:
        """Is a certificate that the peer shows verified?"""
        return self.verify.mode != "none"

    @property
    def store(self) -> crypto.X509Store:
        """The authorities that are trusted, and the lists of what they revoked."""
        store = self.ssl.get_cert_store()
        assert store is not None
        return store

    def _set_protocol(self) -> None:
        params, ssl, take = self.params, self.ssl, self._material.take
        ssl.set_mode(SSL.MODE_RELEASE_BUFFERS)  # an idle session holds none
        ssl.set_options(
            SSL.OP_NO_RENEGOTIATION | SSL.OP_NO_COMPRESSION | SSL.OP_CIPHER_SERVER_PREFERENCE
        )
        ssl.set_min_proto_version(PROTOCOLS[params.versions.low])
        ssl.set_max_proto_version(PROTOCOLS[params.versions.high])
        ciphers = params.ciphers
        if params.versions.low in NEED_LEVEL_0:
            ciphers = f"{ciphers or 'DEFAULT'}:@SECLEVEL=0"
        if ciphers is not None:
            take("ciphers", ssl.set_cipher_list, ciphers.encode())
        if params.ciphersuites is not None:
            take("ciphersuites", ssl.set_tls13_ciphersuites, params.ciphersuites.encode())

    def _set_identity(self) -> None:
        params, ssl, material = self.params, self.ssl, self._material
        if params.cert_file is None or params.key_file is None:
            if self.role is Role.SERVER:
                material.complain("cert_file", "cert-file and key-file are needed towards clients")
            return
        own, *above = material.certificates("cert_file", params.cert_file)
        if params.chain_file is not None:
            above += material.certificates("chain_file", params.chain_file)
        material.take("cert_file", ssl.use_certificate, own)
        for certificate in above:
            ssl.add_extra_chain_cert(certificate)
        material.take("key_file", ssl.use_privatekey, material.key())

    def _set_trust(self) -> None:
        params, ssl, material = self.params, self.ssl, self._material
        if not self.verifies:
            return
        if params.ca_file is None and params.ca_dir is None:
            material.complain("verify", "ca-file or ca-dir is needed to verify a certificate")
        for attribute, path in material.authorities():
            try:
                ssl.load_verify_locations(path)
            except SSL.Error:  # "PEM lib"
                material.complain(attribute, f"{path}: damaged certificate")
        if params.ca_file is not None and self.role is Role.SERVER:
            ssl.load_client_ca(params.ca_file.encode())
        for revoked in material.revocations():
            self.store.add_crl(revoked)
        if params.crl_file is not None:
            flags = crypto.X509StoreFlags
            self.store.set_flags(flags.CRL_CHECK | flags.CRL_CHECK_ALL)
        ssl.set_verify(MODES[self.verify.mode], _note)
        if self.verify.depth is not None:
            ssl.set_verify_depth(self.verify.depth)

    def _set_sessions(self) -> None:
        ssl = self.ssl
        ssl.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        if self.role is Role.CLIENT:
            return
        ssl.set_session_id(hashlib.sha256(self.params.name.encode()).digest())
        ssl.set_timeout(TICKET_SECONDS)
        if not self.params.tickets:
            ssl.set_options(SSL.OP_NO_TICKET)


def _note(connection: SSL.Connection, shown: object, error: int, depth: int, good: int) -> bool:
    """Called for each certificate of a chain; what is wrong is kept for the log."""
    if not good:
        connection.set_app_data(f"{COMPLAINTS.get(error, error)} (depth {depth})")
    return bool(good)


class Contexts:
    """All contexts of a program, by section and role."""

    def __init__(self) -> None:
        self._contexts: Dict[Tuple[str, Role], Context] = {}

    def add(self, params: SslParams, role: Role) -> None:
        """Make a context unless it is there; ConfigurationError as Context."""
        key = params.name, role
        if key not in self._contexts:
            self._contexts[key] = Context(params, role)

    def get(self, params: SslParams, role: Role) -> Context:
        """The context that was made of `params`; KeyError if none was."""
        return self._contexts[params.name, role]
