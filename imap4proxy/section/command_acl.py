"""command_acl - phase two: what a session may do; imap4-proxy.cfg(5).

Asked once a connection, after TLS with the client.
See also: session_acl.py, ../../kernun_common/acl/section.py, ../wire/names.py.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Callable, ClassVar, FrozenSet, Iterable, Mapping, NamedTuple, Tuple, Union

from kernun_common.acl.condition import Answer, Condition, answer
from kernun_common.acl.data_matching import (
    CertificateMatch,
    certificate_matches,
    fingerprint_complaint,
    matches,
)
from kernun_common.acl.facts import Facts
from kernun_common.acl.section import AclWithServer, Deny
from kernun_common.configuration.constraints import Constraint, nonzero
from kernun_common.configuration.kinds import enumeration
from kernun_common.configuration.schema import item, key, part, section
from kernun_common.configuration.types import StrSet, WordSet
from kernun_common.errors import Where
from kernun_common.tls.section import SslParams
from kernun_common.traffic_shaping.section import SIDES, AltqWithEngines, WithAltq, some_queue

from ..wire.names import COMMANDS, KNOWN_CAPABILITIES, UNKNOWN
from .checks import Checks, WithChecks, wanted
from .session_acl import CERTIFICATE_MATCH, one_part
from .transfer import Direction, Download, Transfer, Upload

enumeration("imap4-cmd", COMMANDS)


def _spelled(capability: bytes) -> str:
    return capability.decode("ascii").replace("IMAP4REV", "IMAP4rev")


# Spec 1.5: the proxy's own STARTTLS and the server's LOGINDISABLED are not subject to the set.
_SUBJECT = KNOWN_CAPABILITIES - {b"STARTTLS", b"LOGINDISABLED"}
enumeration("imap4-capa", (UNKNOWN, *sorted(map(_spelled, _SUBJECT))), open=True)

# RFC 3501 section 9, text: what may stand in a status response; no control characters either.
_TEXT = re.compile(r"[ -Z\\-~][ -~]*")


imap_text = Constraint(
    "must be printable ASCII, and not begin with `[` as a response code does",
    lambda text: _TEXT.fullmatch(text) is not None,
)
deny_text = Constraint(
    imap_text.text, lambda deny: deny.text is None or imap_text.holds(deny.text)
)


class ClientCertificate(NamedTuple):
    """No certificate, or one that matches."""

    none: bool = False
    subject: StrSet | None = None
    issuer: StrSet | None = None
    san: StrSet | None = None
    fingerprint: StrSet | None = None


class ServerTls(NamedTuple):
    """TLS towards the server: the parameters and when it begins."""

    params: SslParams
    when: str | None = None

    @property
    def starttls(self) -> bool:
        """Does TLS begin by the command STARTTLS, not at once?"""
        return self.when == "command"


class MailLimit(NamedTuple):
    """The most octets of one mail; `refuse`: a larger one is refused, the session goes on."""

    size: int
    refuse: bool = False


def parent_answer(names: StrSet, facts: Facts) -> Answer:
    """Does the ACL that the layer before selected belong to the set?"""
    return answer(matches((facts.parent,), names))


def told_parent(layer: str) -> Callable[[Facts], str]:
    """What tells the operator which one that is."""
    return lambda facts: f"{layer} {facts.parent}"


def _client_cert(wanted: ClientCertificate, facts: Facts) -> Answer:
    if wanted.none:
        return answer(facts.certificate is None)
    return answer(certificate_matches(wanted, facts.certificate))


def _told_certificate(facts: Facts) -> str:
    if facts.certificate is None:
        return "no certificate"
    subjects = facts.certificate.subjects
    return f"the certificate of {subjects[0]}" if subjects else "a certificate without subject"


@section("command-acl", "Phase 2, once a connection: what the session may do.", named=True)
class CommandAcl(WithChecks, WithAltq, AclWithServer):
    """Denied, a session ends with BYE."""

    CONDITIONS: ClassVar[Tuple[Condition, ...]] = (
        Condition("session_acl", parent_answer, told_parent("session-acl")),
        *AclWithServer.CONDITIONS,
        Condition("client_cert", _client_cert, _told_certificate),
    )

    session_acl: StrSet | None = item(
        "str-set", text="The name of the session-acl that was selected belongs to the set."
    )
    client_cert: ClientCertificate | None = item(
        f"none | {CERTIFICATE_MATCH}",
        into=ClientCertificate,
        check=fingerprint_complaint,
        text="With `none`, the client has shown no certificate. Otherwise it has shown one, and all"
        " the sets given match, data-matching(7).",
    )
    deny: Deny | None = item(
        "[text str]",
        into=Deny,
        check=deny_text,
        text="End the session with BYE and this text, or else one in the language of the session.",
    )
    language: str | None = item(
        "nls",
        text="The language of what the proxy itself says to the client; that of the session-acl"
        " if not given.",
    )
    server_ssl_params: ServerTls | None = item(
        "<params> ref:ssl-params [<when> session|command]",
        into=ServerTls,
        text="Speak TLS with the server: with `session`, the default, at once; with `command` by"
        " STARTTLS, without which there is no session then.",
    )
    server_cert_match: CertificateMatch | None = item(
        CERTIFICATE_MATCH,
        into=CertificateMatch,
        check=one_part,
        text="Which certificates the server may have, whichever `plug-to` it is: all the sets given"
        " must match, data-matching(7).",
    )
    commands: WordSet | None = item(
        "imap4-cmd-set",
        text="The commands that are permitted; all but UNKNOWN if not given. Any other gets NO and"
        " does not reach the server. UNKNOWN is every command that is none of the words below.",
    )
    capabilities: StrSet | None = item(
        "imap4-capa-set",
        text="The capabilities that the client may see and use, of those that the server has; all"
        " but UNKNOWN if not given. UNKNOWN is every one that is none of the words below, and"
        " neither AUTH=, RIGHTS=, QUOTA=RES- nor APPENDLIMIT= with a value; such a one can be"
        " named, too. LOGINDISABLED always passes.",
    )
    max_bytes_in: int | None = item(
        "size", check=nonzero, text="So many octets may come from the server in a session."
    )
    max_bytes_out: int | None = item(
        "size", check=nonzero, text="So many octets may come from the client in a session."
    )
    max_mail_in: MailLimit | None = item(
        "<size> size [refuse]",
        into=MailLimit,
        text="The largest mail from the server. A larger one ends the session; with `refuse` only"
        " the command that asks for it is refused.",
    )
    max_mail_out: MailLimit | None = item(
        "<size> size [refuse]",
        into=MailLimit,
        text="The largest mail from the client. A larger one ends the session; with `refuse` only"
        " the command that brings it is refused.",
    )
    max_time: float | None = item(
        "seconds", check=nonzero, text="How long a session may last, from its beginning."
    )
    idle_timeout: float | None = item(
        "seconds",
        check=nonzero,
        text="How long nothing may happen before the session is ended; that of the session-acl"
        " if not given.",
    )
    greeting: str | None = item(
        "str", check=imap_text, text="The text of the greeting, instead of the server's."
    )
    send_client_address: str | None = item(
        "proxy-v1|proxy-v2|id",
        text="Tell the server who the client is: in a PROXY header before anything else, or in an"
        " ID command (x-originating-ip and its like) before the client's first, where the server"
        " offers ID.",
    )
    no_mail_scanning: bool = key(
        text="Mail is not stored and processed; its octets pass immediately, and neither mail-acl"
        " nor doc-acl is asked. Without it, a mail that finds no mail-acl, or a part of it that"
        " finds no doc-acl, is denied."
    )
    antivirus_mode: str = item(
        "lenient|strict",
        default="lenient",
        text="How what several engines say is combined, antivirus(7): the first of found, free,"
        " skipped, unknown and error that one of them says, or with `strict` of found, error,"
        " unknown, skipped and free.",
    )
    altq: AltqWithEngines | None = item(
        f"{SIDES} [to-antivirus ref:queue] [to-antispam ref:queue]",
        into=AltqWithEngines,
        check=some_queue,
        text="What is sent to the client, the server, and the engines leaves by way of these"
        " queues, traffic-shaping(7); what is not named here stays as the session-acl says.",
    )
    download: Download = part(Download, text="What else holds for mails from the server.")
    upload: Upload = part(Upload, text="What else holds for mails from the client.")

    @property
    def denies(self) -> bool:
        return self.deny is not None

    @property
    def deny_text(self) -> str | None:
        """The operator's words to a client that is denied, if there are any."""
        return self.deny.text if self.deny is not None else None

    @cached_property
    def permitted_commands(self) -> FrozenSet[str]:
        """The names of the commands that may be given, as in wire/names.py.

        Nobody can tell what an unknown one does with mails, so none may pass where they are
        scanned.
        """
        if self.commands is None:
            return frozenset(COMMANDS) - {UNKNOWN}
        permitted = frozenset(name for name in COMMANDS if name in self.commands)
        return permitted - {UNKNOWN} if self.scans_any else permitted

    def transfer(self, direction: Direction) -> Transfer:
        """The section of a direction."""
        return self.download if direction is Direction.DOWNLOAD else self.upload

    def scans(self, direction: Direction) -> bool:
        """Are mails of this direction stored and processed?"""
        return not (self.no_mail_scanning or self.transfer(direction).no_mail_scanning)

    @cached_property
    def scans_any(self) -> bool:
        """... or of the other?"""
        return any(map(self.scans, Direction))

    @cached_property
    def _checks(self) -> Mapping[Direction, Checks]:
        mode = self.antivirus_mode
        queues = self.altq or AltqWithEngines()
        return {
            each: wanted(self, self.transfer(each), mode)._replace(
                to_antivirus=queues.to_antivirus, to_antispam=queues.to_antispam
            )
            for each in Direction
        }

    def checks(self, direction: Direction) -> Checks:
        """The engines that look at mails of this direction."""
        return self._checks[direction]

    def complaints(self) -> Iterable[Tuple[Union[str, Where], str]]:
        yield from super().complaints()
        if self.server_cert_match is not None and self.server_ssl_params is None:
            yield "server_cert_match", "needs server-ssl-params"
