"""trial - how a session and a mail would go through the ACLs: the item `test` of test-expr(5).

    EXAMINED      what application/test_expr.py needs to know of imap4-proxy

It decides as the engine does, with what the operator says in place of peers.  A
client shows a certificate if the expression has one and it is asked for; where
STARTTLS is optional, it is used only then.  The mail is a single document.

See also: engine/phases.py, engine/processing/process.py, section/.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Dict, Iterator

from kernun_common.acl.choose import choose
from kernun_common.acl.data_matching import certificate_matches
from kernun_common.acl.facts import Facts, Server
from kernun_common.application.answers import Examined, layer_lines
from kernun_common.application.test_expr import Trial
from kernun_common.configuration.types import Exact, StrSet, WordSet
from kernun_common.errors import Where
from kernun_common.tls.certificate import Certificate
from kernun_common.traffic_shaping.section import AltqWithEngines, Queue

from .section import CommandAcl, Imap4Proxy, SessionAcl
from .section.doc_acl import DocAcl
from .section.mail_acl import MailAcl
from .section.transfer import Direction, Transfer
from .wire.names import UNKNOWN

_NO_CHECKS: Dict[str, Any] = {"use_antivirus": (), "use_antispam": None}
_NO_TRANSFER: Dict[str, Dict[str, Any]] = {  # what stands in a direction that is not scanned
    "download": {**_NO_CHECKS, "mail_filter": None, "metadata": None, "size_preserving": None},
    "upload": {**_NO_CHECKS, "mail_filter": None},
}

_RDN = re.compile(r"(?:[^\\,]|\\.)+")  # RFC 4514 section 2.1; a comma in a value is escaped


def session(proxy: Imap4Proxy, facts: Facts, trial: Trial) -> Iterator[str]:
    """What is decided in each phase and what is settled then; ends where a session would."""
    first = choose(proxy.session_acl, facts)
    acl = first.acl if first.accepted else None
    effective = None if acl is None else _after_phase_1(proxy, acl)
    yield from layer_lines(1, SessionAcl.TABLE.keyword, first, effective)
    if acl is None:
        return
    certificate = _certificate(trial.cert_subject) if _shows_certificate(acl, trial) else None
    refusal = _refusal(acl, facts, certificate)
    if refusal is not None:
        yield f"{refusal}: denied"
        return
    facts = replace(
        facts, server=_server(acl, facts), certificate=certificate, parent=acl.name
    )
    second = choose(proxy.command_acl, facts)
    settled = _after_phase_2(proxy, acl, second.acl) if second.acl is not None else None
    yield from layer_lines(2, CommandAcl.TABLE.keyword, second, settled)
    if second.acl is not None and second.accepted:
        yield from _mail(proxy, second.acl, facts, trial)


def _mail(proxy: Imap4Proxy, parent: CommandAcl, facts: Facts, trial: Trial) -> Iterator[str]:
    """What is decided of a mail in that session, and of the document in it."""
    direction = Direction(trial.way)
    if not parent.scans(direction):
        yield f"phase 3 is not reached: no-mail-scanning ({_unscanned(parent, direction)})"
        return
    mail = trial.mail(checked=bool(parent.checks(direction).antivirus))
    facts = replace(facts, mail=mail, parent=parent.name)
    of_mail = choose(proxy.mail_acl, facts)
    yield from layer_lines("3M", MailAcl.TABLE.keyword, of_mail, of_mail.acl)
    if of_mail.acl is None or not of_mail.accepted:
        return
    facts = replace(facts, document=trial.document(), parent=of_mail.acl.name)
    of_document = choose(proxy.doc_acl, facts)
    settled = None if of_document.acl is None else _settled(proxy, of_document.acl, trial)
    yield from layer_lines("3D", DocAcl.TABLE.keyword, of_document, settled)


def _unscanned(acl: CommandAcl, direction: Direction) -> Where:
    """Where it is said that mails are not scanned."""
    section = acl if acl.no_mail_scanning else acl.transfer(direction)
    return section.place("no_mail_scanning")


def _settled(proxy: Imap4Proxy, acl: DocAcl, trial: Trial) -> DocAcl:
    methods = proxy.doctype_identification.methods(trial.way)
    return replace(acl, doctype_ident_order=acl.doctype_ident_order or methods)


def _after_phase_1(proxy: Imap4Proxy, acl: SessionAcl) -> SessionAcl:
    return replace(
        acl,
        idle_timeout=acl.idle_timeout or proxy.idle_timeout,
        source_address=acl.source_address or proxy.source_address,
    )


def _after_phase_2(proxy: Imap4Proxy, parent: SessionAcl, acl: CommandAcl) -> CommandAcl:
    """With what the layers before it have settled and it leaves open."""
    return replace(
        acl,
        language=acl.language or parent.language,
        idle_timeout=acl.idle_timeout or parent.idle_timeout or proxy.idle_timeout,
        commands=acl.commands or WordSet((UNKNOWN,), negated=True),
        altq=_altq(parent, acl),
        capabilities=acl.capabilities or StrSet((Exact(UNKNOWN),), negated=True),
        **_transfers(acl),
    )


def _transfers(acl: CommandAcl) -> Dict[str, Any]:
    """What has an effect on mails: nothing in a direction where they are not scanned."""
    if acl.no_mail_scanning:
        return {**_NO_CHECKS, "antivirus_mode": None, "download": None, "upload": None}
    sections: Dict[str, Transfer] = {each.value: acl.transfer(each) for each in Direction}
    return {
        name: replace(each, **_NO_TRANSFER[name]) if each.no_mail_scanning else each
        for name, each in sections.items()
    }


def _altq(parent: SessionAcl, acl: CommandAcl) -> AltqWithEngines | None:
    inherited = AltqWithEngines(*parent.altq or ())
    queues = AltqWithEngines(*map(_either, acl.altq or AltqWithEngines(), inherited))
    return queues if any(queues) else None


def _either(own: Queue | None, inherited: Queue | None) -> Queue | None:
    return own or inherited


def _shows_certificate(acl: SessionAcl, trial: Trial) -> bool:
    tls = acl.client_ssl_params
    return tls is not None and tls.asks_certificate and trial.cert_subject is not None


def _refusal(acl: SessionAcl, facts: Facts, certificate: Certificate | None) -> str | None:
    """Why there is no session although phase 1 accepted it."""
    tls = acl.client_ssl_params
    if not acl.plug_to and not facts.transparent:
        return "no server: there is no plug-to, and the connection is not transparent"
    if tls is None or (certificate is None and tls.optional):
        return None
    if certificate is None and tls.params.verify and tls.params.verify.mode == "required":
        return "TLS fails: the client shows no certificate"
    match = acl.client_cert_match
    if match is not None and not certificate_matches(match, certificate):
        return f"client-cert-match ({acl.place('client_cert_match')}) does not match"
    return None


def _server(acl: SessionAcl, facts: Facts) -> Server:
    if facts.server is not None:
        return facts.server
    return Server.of(acl.plug_to[0]) if acl.plug_to else Server.at(facts.to)


def _certificate(subject: str | None) -> Certificate:
    rdns = _RDN.findall(subject or "")
    names = tuple(dict.fromkeys([subject or "", *rdns]))
    return Certificate(subjects=names, issuers=(), sans=(), fingerprint="")


EXAMINED = Examined(
    keyword=Imap4Proxy.TABLE.keyword,
    layers=(("session_acl",), ("command_acl",), ("mail_acl", "doc_acl")),
    session=session,
)
