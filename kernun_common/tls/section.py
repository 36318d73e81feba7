"""section - ssl(5): what the administrator may write about TLS.

One section serves both roles: towards clients the proxy is the TLS server,
towards servers the TLS client.  What a role cannot do without is checked where
the section is used: context.py.
"""

from __future__ import annotations

from typing import Iterable, NamedTuple, Tuple

from kernun_common.configuration.schema import Section, item, section
from kernun_common.configuration.types import Host

VERSIONS = ("TLSv1", "TLSv1-1", "TLSv1-2", "TLSv1-3")  # in their order
SSL_VER = "|".join(VERSIONS)


class KeyFile(NamedTuple):
    """Where the private key is, and the password that opens it."""

    path: str
    password_file: str | None


class Verify(NamedTuple):
    """Whether the peer must show a certificate; `depth`: authorities between it and the root."""

    mode: str
    depth: int | None


class Versions(NamedTuple):
    """The lowest and the highest version that is spoken."""

    low: str
    high: str


@section("ssl-params", "How TLS is spoken on a connection.", named=True)
class SslParams(Section):
    """Paths are absolute."""

    cert_file: str | None = item(
        "path",
        text="The proxy's own certificate (PEM); those behind it in the file are sent along.",
    )
    key_file: KeyFile | None = item(
        "<path> path [password-file path]",
        into=KeyFile,
        text="The private key of cert-file (PEM); the first line of the password file opens it.",
    )
    chain_file: str | None = item(
        "path",
        text="Certificates (PEM) of the authorities above the proxy's own, which are sent along.",
    )
    ca_file: str | None = item(
        "path",
        text="Certificates (PEM) of the authorities that are trusted to certify the peer.  Clients"
        " are told their names, and choose their own certificate by them.",
    )
    ca_dir: str | None = item(
        "path",
        text="A folder of such files; all of them are read when the program starts.  Clients are"
        " not told of these.",
    )
    crl_file: str | None = item(
        "path",
        text="Lists of revoked certificates (PEM); with it, every authority of a chain must have a"
        " list there that is current.",
    )
    verify: Verify | None = item(
        "<mode> none|optional|required [depth uint8]",
        into=Verify,
        text="Whether the peer has to show a certificate: none asks for none, optional lets a peer"
        " without one in, but none whose certificate does not verify.  The default is none"
        " towards clients and required towards servers.",
    )
    versions: Versions = item(
        f"<low> {SSL_VER} to <high> {SSL_VER}",
        into=Versions,
        default="TLSv1-2 to TLSv1-3",
        text="The versions of TLS that are spoken; with one before TLSv1-2 the library also takes"
        " the short keys and old signatures that those need.",
    )
    ciphers: str | None = item(
        "str",
        text="Cipher list of TLS up to 1.2, as OpenSSL writes it; the library's if not given.",
    )
    ciphersuites: str | None = item(
        "str",
        text="Cipher suites of TLS 1.3, separated by colons; the library's if not given.",
    )
    server_name: Host | None = item(
        "host",
        text="The name that is asked for (SNI) and that the server's certificate must show, instead"
        " of the one by which the server was found.",
    )
    match_name: bool = item(
        "yes-no",
        default="yes",
        text="Whether a server's certificate must show the server's name.",
    )
    tickets: bool = item(
        "yes-no",
        default="yes",
        text="Whether a client may resume an earlier session instead of a whole handshake, for two"
        " hours; its certificate is checked again.",
    )

    def complaints(self) -> Iterable[Tuple[str, str]]:
        """What does not fit together in either role."""
        if self.cert_file is not None and self.key_file is None:
            yield "cert_file", "needs key-file"
        if self.key_file is not None and self.cert_file is None:
            yield "key_file", "needs cert-file"
        if self.chain_file is not None and self.cert_file is None:
            yield "chain_file", "needs cert-file"
        if VERSIONS.index(self.versions.low) > VERSIONS.index(self.versions.high):
            yield "versions", "the lowest version is above the highest"
        if self.crl_file is not None and self.ca_file is None and self.ca_dir is None:
            yield "crl_file", "needs ca-file or ca-dir"
