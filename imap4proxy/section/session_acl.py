"""session_acl - phase one: who may connect, whereto and how; imap4-proxy.cfg(5).

Asked once a connection, before an octet is exchanged.
See also: command_acl.py, ../../kernun_common/acl/section.py.
"""

from __future__ import annotations

from typing import Iterable, NamedTuple, Tuple, Union

from kernun_common.acl.data_matching import CertificateMatch, fingerprint_complaint
from kernun_common.acl.section import Acl
from kernun_common.configuration.constraints import nonzero
from kernun_common.configuration.kinds import enumeration
from kernun_common.configuration.schema import item, items, key, section
from kernun_common.configuration.types import Sock
from kernun_common.errors import Where
from kernun_common.tls.section import SslParams
from kernun_common.traffic_shaping.section import WithAltq
from kernun_common.transparency.section import WithSourceAddress

LANGUAGES = ("EN", "CZ", "CZ-ASCII", "CZ-ISO-8859-2", "CZ-WINDOWS-1250")
enumeration("nls", LANGUAGES)

CERTIFICATE_MATCH = "[subject str-set] [issuer str-set] [san str-set] [fingerprint str-set]"


def one_part(match: CertificateMatch) -> str | None:
    """The check of an item that matches certificates."""
    if match == CertificateMatch():
        return "expected subject, issuer, san or fingerprint"
    return fingerprint_complaint(match)


class ClientTls(NamedTuple):
    """TLS towards the client: the parameters, when it begins and whether it must."""

    params: SslParams
    when: str | None = None
    need: str | None = None

    @property
    def starttls(self) -> bool:
        """Does TLS begin by the command STARTTLS, not at once?"""
        return self.when == "command"

    @property
    def optional(self) -> bool:
        """May the client do without?"""
        return self.need == "optional"

    @property
    def asks_certificate(self) -> bool:
        """Is the client asked for a certificate?"""
        return self.params.verify is not None and self.params.verify.mode != "none"


def _client_tls(tls: ClientTls) -> str | None:
    if tls.params.cert_file is None:
        return f"ssl-params {tls.params.name} has no cert-file, which clients must be shown"
    if tls.optional and not tls.starttls:
        return "optional needs command: TLS that begins at once cannot be left out"
    return None


@section("session-acl", "Phase 1, once a connection: who may connect, whereto and how.", named=True)
class SessionAcl(WithSourceAddress, WithAltq, Acl):
    """Denied, a connection is closed without a byte."""

    deny: bool = key(text="Close the connection at once; nothing is said to the client.")
    plug_to: Tuple[Sock, ...] = items(
        "sock",
        text="The server; several are tried in order. It wins over the original destination of a"
        " transparent connection; a connection that is not transparent is denied without it.",
    )
    client_ssl_params: ClientTls | None = item(
        "<params> ref:ssl-params [<when> session|command] [<need> optional|required]",
        into=ClientTls,
        check=_client_tls,
        text="Speak TLS with the client: with `session`, the default, at once; with `command` when"
        " the client asks for it by STARTTLS. The client may go on without STARTTLS where it is"
        " `optional`; where it is `required`, as by default, only CAPABILITY, NOOP, ID and LOGOUT"
        " are possible before it.",
    )
    client_cert_match: CertificateMatch | None = item(
        CERTIFICATE_MATCH,
        into=CertificateMatch,
        check=one_part,
        text="Which certificates a client may have: all the sets given must match,"
        " data-matching(7). A client that speaks TLS without a certificate does not match.",
    )
    language: str = item(
        "nls",
        default="EN",
        text="The language of what the proxy itself says to the client, and the character set of"
        " documents that it puts into mails, mod-mail-doc(5).",
    )
    idle_timeout: float | None = item(
        "seconds",
        check=nonzero,
        text="How long nothing may happen before the session is ended; the `idle-timeout` of the"
        " proxy if not given.",
    )

    @property
    def denies(self) -> bool:
        return self.deny

    def complaints(self) -> Iterable[Tuple[Union[str, Where], str]]:
        yield from super().complaints()
        tls = self.client_ssl_params
        if self.client_cert_match is not None and (tls is None or not tls.asks_certificate):
            yield "client_cert_match", "needs client-ssl-params with verify optional or required"
