"""proxy - the section imap4-proxy; imap4-proxy.cfg(5).

See also: session_acl.py, command_acl.py, ../../kernun_common/application/section.py.
"""

from __future__ import annotations

from typing import Tuple

from kernun_common.application.section import Application
from kernun_common.auth.section import WithAuth
from kernun_common.configuration.constraints import nonzero
from kernun_common.configuration.schema import item, part, parts, section
from kernun_common.doctype_identification.section import DoctypeIdentification
from kernun_common.netio.section import ClientConn, ServerConn
from kernun_common.transparency.section import WithSourceAddress
from kernun_common.verdict_cache.section import VerdictCache

from .command_acl import CommandAcl
from .doc_acl import DocAcl
from .mail_acl import MailAcl
from .mail_pool import MailPoolSection
from .session_acl import SessionAcl


@section("imap4-proxy", "One proxy: where it listens, whom it serves and how.", named=True)
class Imap4Proxy(WithAuth, WithSourceAddress, Application):
    """Each is its own parent with its own children."""

    idle_timeout: float = item(
        "seconds",
        default="1800",
        check=nonzero,
        text="How long nothing may happen in a session before it is ended; an ACL may say else.",
    )
    client_conn: ClientConn = part(
        ClientConn, text="Timeouts and buffers of the connection with the client, netio(5)."
    )
    server_conn: ServerConn = part(
        ServerConn, text="Timeouts and buffers of the connection with the server, netio(5)."
    )
    session_acl: Tuple[SessionAcl, ...] = parts(
        SessionAcl,
        text="Who may connect: the first whose entry conditions all hold; if none, denied.",
    )
    command_acl: Tuple[CommandAcl, ...] = parts(
        CommandAcl,
        text="What a session may do: the first whose entry conditions all hold; if none, denied.",
    )
    mail_acl: Tuple[MailAcl, ...] = parts(
        MailAcl,
        text="What is done with a mail: the first whose entry conditions all hold; if none, the"
        " mail is denied.",
    )
    doc_acl: Tuple[DocAcl, ...] = parts(
        DocAcl,
        text="What is done with a document of a mail: the first whose entry conditions all hold;"
        " if none, the mail is denied.",
    )
    doctype_identification: DoctypeIdentification = part(
        DoctypeIdentification, text="How the types of documents are found."
    )
    verdict_cache: VerdictCache | None = part(
        VerdictCache,
        optional=True,
        text="What antivirus and antispam engines said is remembered; off if not given.",
    )
    mail_pool: MailPoolSection = part(
        MailPoolSection, text="Where mails wait while they are checked."
    )

    @property
    def scans_mails(self) -> bool:
        """Is there a session whose mails are scanned?"""
        return any(acl.accept and acl.scans_any for acl in self.command_acl)
