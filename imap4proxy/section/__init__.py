"""imap4-proxy.cfg(5): what the administrator may write, and the values that the program sees.

    ROOT    the sections that stand at the top of a configuration
"""

from kernun_common.antispam.section import Antispam
from kernun_common.antivirus.section import Antivirus
from kernun_common.auth.section import LdapSection, OobAuth, PasswdAuth, RadiusSection
from kernun_common.html_filter.section import HtmlFilter
from kernun_common.resolving.section import Resolver
from kernun_common.tcpserver.interface import Interface
from kernun_common.tls.section import SslParams
from kernun_common.traffic_shaping.section import Queue

from .command_acl import ClientCertificate, CommandAcl, MailLimit, ServerTls
from .proxy import Imap4Proxy
from .session_acl import ClientTls, SessionAcl

ROOT = (
    Interface,
    Resolver,
    SslParams,
    Antivirus,
    Antispam,
    HtmlFilter,
    PasswdAuth,
    RadiusSection,
    LdapSection,
    OobAuth,
    Queue,
    Imap4Proxy,
)

__all__ = [
    "ROOT",
    "ClientCertificate",
    "ClientTls",
    "CommandAcl",
    "Imap4Proxy",
    "MailLimit",
    "ServerTls",
    "SessionAcl",
]
