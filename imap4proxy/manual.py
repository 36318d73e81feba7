"""manual - writes sections 5 and 6 of the manual out of the rows.

    python -m imap4proxy.manual [FOLDER]        FOLDER is `man` unless given

Here stands which section is told of on which page, and what a page says beside its rows; every
message that can be logged has a page of its own.  Pages of rows that are gone are removed.
The file is long because it is a table, a row for each page.
See also: ../kernun_common/configuration/manpage.py, message_page.py.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Dict, Iterable, Sequence

from kernun_common.acl.section import Acl, AclWithServer, TimePeriodSet, TimeSpec
from kernun_common.antispam.section import Antispam
from kernun_common.antivirus.section import Antivirus
from kernun_common.application.section import Application
from kernun_common.application.test_expr import Expression
from kernun_common.auth.section import LdapSection, OobAuth, PasswdAuth, RadiusSection, WithAuth
from kernun_common.configuration import manpage, mdoc, message_page
from kernun_common.configuration.manpage import Page
from kernun_common.doctype_identification.section import DoctypeIdentification
from kernun_common.html_filter.section import HtmlFilter
from kernun_common.log.registry import all_messages
from kernun_common.log.section import LogDebug, LogSection, LogStats
from kernun_common.mail_doc.ambiguity_names import LASTING
from kernun_common.mail_doc.ambiguity_names import NAMES as AMBIGUITIES
from kernun_common.mail_doc.template import LIMIT, NAMES
from kernun_common.monitoring.section import Monitoring
from kernun_common.netio.section import ClientConn, ServerConn, SockOpt
from kernun_common.resolving.section import Resolver
from kernun_common.tcpserver.interface import Alias, Interface
from kernun_common.tcpserver.section import ListenOn, TcpServer
from kernun_common.tls.section import SslParams
from kernun_common.traffic_shaping.section import Queue, WithAltq
from kernun_common.transparency.section import WithSourceAddress
from kernun_common.verdict_cache.section import VerdictCache

from .section import CommandAcl, Imap4Proxy, SessionAcl
from .section.doc_acl import DocAcl
from .section.mail_acl import AclWithMail, MailAcl
from .section.mail_filter import MailFilter
from .section.mail_pool import MailPoolSection
from .section.transfer import Download, Upload

DATE = "November 22, 2026"  # of the release

_PACKAGES = ("kernun_common", "imap4proxy")


def _names(names: Iterable[str]) -> str:
    """`a`, `b` and `c`"""
    *first, last = (f"`{name}`" for name in names)
    return f"{', '.join(first)} and {last}"


def _ambiguities() -> str:
    return "; ".join(f"`{name}`: {words}" for name, words in AMBIGUITIES.items())


PAGES = (
    Page(
        "acl",
        "what ACLs of all layers have in common",
        (Acl, AclWithServer, TimePeriodSet, TimeSpec),
        text="""The items below may stand in every ACL that a proxy knows; access-control(7) tells
        how an ACL is selected. The sections `acl` and `acl-with-server` are not written: ACLs of
        phase 1 are derived from the first, those of later phases from the second.""",
        see=("access-control(7)", "data-matching(7)", "host-matching(7)", "time-matching(7)"),
        example="""\
session-acl OFFICE {
    from { [192.0.2.0/24], *.example.org };
    time { mon-fri } { 0800-1800 };
    accept;
}
""",
    ),
    Page(
        "antispam",
        "an antispam engine",
        (Antispam,),
        text="""A section `antispam` stands at the top of a configuration; ACLs refer to it by its
        name. The engine is asked by the command CHECK of the protocol SPAMC/1.5, which spamd of
        SpamAssassin speaks, and rspamd at the port of its worker, 11333 unless told otherwise.
        What it says of a mail is a score in thousandths: 5000 is 5.0. Where the engine is down,
        slow or answers something else (MSPA-810), and where a mail is larger than the ACL lets be
        checked, the score is unknown; the ACLs say what becomes of the mail.""",
        see=("antivirus(5)", "netio(5)"),
        example="""\
antispam SPAMASSASSIN { connection [127.0.0.1] : 783; sock-opt { recv-timeout 60; } }
""",
    ),
    Page(
        "antivirus",
        "an antivirus engine",
        (Antivirus,),
        text="""A section `antivirus` stands at the top of a configuration; ACLs refer to it by its
        name. What engines are asked, and what their answers mean, is told in antivirus(7).""",
        see=("antispam(5)", "antivirus(7)", "netio(5)"),
        example="""\
antivirus CLAMAV { connection clamav [127.0.0.1] : 3310; max-checked-size 50M; }
antivirus LOCAL { connection clamav-file "/run/clamav/clamd.ctl"; }
antivirus GATEWAY { connection icap [192.0.2.20] : 1344; sock-opt { recv-timeout 60; } }
""",
    ),
    Page(
        "application",
        "what all proxies have in common",
        (Application,),
        text="""The items below may stand in the section of every proxy. The section `application`
        itself is not written.""",
        see=("listen-on(5)", "log(5)", "tcpserver(5)", "tcpserver(7)"),
    ),
    Page(
        "auth",
        "users who log in out of band",
        (OobAuth, PasswdAuth, RadiusSection, LdapSection, WithAuth),
        text="""The sections `oob-auth`, `passwd-auth`, `radius-client` and `ldap-client-auth`
        stand at the top of a configuration, the item `auth` in the section of a proxy. What a
        login is, and what ends it, is told in auth(7).""",
        see=("acl(5)", "auth(7)", "kernun-fwpasswd(1)", "kernun-oob(8)", "ssl(5)"),
        example="""\
passwd-auth STAFF { file "/etc/imap4-proxy/passwd"; }
radius-client GUESTS { server [192.0.2.30] "the shared secret"; groups Filter-Id; }
ldap-client-auth OFFICE {
    server ldap.example.org;
    ssl OUT;
    bindinfo "cn=proxy,dc=example,dc=org" "its password";
    users "ou=people,dc=example,dc=org";
    groups "ou=groups,dc=example,dc=org" member memberUid by user;
}
oob-auth DESK {
    method html-form;
    listen [192.0.2.1] : 8443;
    ssl-params IN;
    auth passwd STAFF;
    store "/var/spool/imap4-proxy/logins.sqlite";
    idle-timeout 8h;
}
""",
    ),
    Page(
        "doctype-identification",
        "how the type of a document is found",
        (DoctypeIdentification,),
        text="""The section `doctype-identification` stands in the section of a proxy; what the
        methods do is told in doctype-identification(7). The files are read when the proxy starts
        and when it reads its configuration again, before it changes its root.""",
        see=("doctype-identification(7)", "mime.types(5)"),
        example="""\
doctype-identification {
    order for download { magic, extension, content-type };
    order for upload { content-type };
    magic bytes 16K;
}
""",
    ),
    Page(
        "imap4-proxy.cfg",
        "configuration of the IMAP4 proxy",
        (
            Imap4Proxy,
            SessionAcl,
            CommandAcl,
            Download,
            Upload,
            MailPoolSection,
        ),
        text="""The configuration of imap4-proxy(8) is written in the language of
        configuration(7). At its top stand a version, the sections `interface` of interface(5),
        `ssl-params` of ssl(5), `resolver` of resolving(5), `oob-auth` of auth(5) and `queue` of
        traffic-shaping(5), and one section `imap4-proxy` for each proxy.""",
        see=(
            "access-control(7)",
            "auth(5)",
            "imap4-proxy(8)",
            "resolving(5)",
            "ssl(5)",
            "test-imap4(8)",
        ),
        example="""\
version IMAP4-PROXY-1_0-RELEASE;

ssl-params IN {
    cert-file "proxy.pem";
    key-file "proxy.key";
}

imap4-proxy MAIL {
    listen-on { non-transparent [192.0.2.1] port 993; }
    session-acl ALL {
        plug-to imap.example.org : 143;
        client-ssl-params IN session;
        accept;
    }
    command-acl ALL {
        commands ! { SETACL, DELETEACL, UNKNOWN };
        no-mail-scanning;
        accept;
    }
}
""",
    ),
    Page(
        "interface",
        "names for network devices and their addresses",
        (Interface, Alias),
        text="""A section `interface` stands at the top of a configuration; rows of `listen-on`
        refer to it by its name, with `iface`, so that the name of a device and its addresses stand
        in one place.""",
        see=("listen-on(5)",),
        example="""\
interface INSIDE {
    dev eth0;
    alias MAIL { addr [192.0.2.1]; }
    alias MAIL6 { addr [2001:db8::1]; }
}
""",
    ),
    Page(
        "listen-on",
        "where a proxy listens",
        (ListenOn,),
        text="""At least one row must be given; no two of a configuration may want the same socket,
        or redirect the same clients. The section stands in the section of a proxy. After a change
        of addresses, a reload finds out again which ones a device or a name has.""",
        see=("interface(5)", "tcpserver(7)", "transparency(7)"),
        example="""\
listen-on {
    non-transparent [192.0.2.1] port 143;
    non-transparent [2001:db8::1] port 1143 to 1150;
    non-transparent iface INSIDE alias MAIL* port 993;
    non-transparent [192.0.2.1] port 2143 proxy-protocol { [192.0.2.10], [192.0.2.11] };
    transparent iface INSIDE port 3143;
    transparent [0.0.0.0] port 3144 to 3145 redirect { 1143, 1993 };
}
""",
    ),
    Page(
        "log",
        "the logs of a proxy",
        (LogSection, LogDebug, LogStats),
        text="""A proxy writes two logs, each with a section of its own. The section `log` itself
        is not written.""",
        see=("logging(7)",),
        example="""\
log-debug { facility mail; level debug; }
log-stats { file "/var/log/imap4-proxy/stats"; rotate 100M 10; }
""",
    ),
    Page(
        "mod-html-filter",
        "what is deleted from HTML documents",
        (HtmlFilter,),
        text="""A section `html-filter` stands at the top of a configuration; a doc-acl refers to it
        by its name. The filter takes out of an HTML document what could run or load something
        when it is shown. What is deleted is told by rows of ten kinds, of which each
        accepts or denies a set, data-matching(7): where a kind has no row, nothing of it is
        deleted; else the first row of the kind that matches decides, and what no row matches is
        deleted.

        A document in which nothing is to be deleted stays octet for octet. Any other is read as
        browsers do and written anew, as well-formed HTML in its own character set; filtering it
        again changes nothing. It is looked through in every way that a mail program could read
        it: a tag counts wherever it stands, also in a comment, in the value of an attribute, in
        `noscript` or behind a tag that is not closed. A document that has such a tag
        only there is written anew as well, so that all mail programs see the same in it.

        A document that is written anew has neither SVG nor MathML nor `template`, which programs
        read in different ways, and no comment whose end they could see in different places;
        `noscript` gives way to what stands in it, and `xmp` and `plaintext` to `pre`.
        Its character set is told at the beginning of its head. Its lines end as they did.

        The character set is that of a byte order mark, else the parameter `charset` of
        Content-Type, else what the document tells itself within its first 1024 octets, else
        windows-1252, by the names of the Encoding standard. UTF-7 is none of them: a document that
        its Content-Type declares as UTF-7, and in which something would have to be deleted if it
        were, is treated as one that is too large. Where octets of a character set could be taken
        for ASCII, as in Shift_JIS or ISO-2022-JP, characters that are not ASCII are written as
        references.

        The macros that `macro-language` deletes are the JavaScript entities of Netscape 4, code
        between `&{` and `};` in the value of an attribute, such as `width="&{barWidth};"`; the
        attribute is deleted as a whole. No other macros exist in HTML.

        With `defang`, kinds without a row keep this, and nothing else: of styles, those of type
        `text/css`; of URL schemes `http`, `https`, `ftp`, `mailto`, `tel`, `sms`, `sip`, `sips`,
        `xmpp`, `geo`, `news`, `cid`, `mid`, and `data` for PNG, GIF, JPEG, WebP and BMP images; of
        `meta`, all but those that act, such as `refresh` and `set-cookie`. Scripts, event
        handlers, macros, objects, frames, forms, and all that is loaded from outside the mail are
        deleted. Besides, whatever the rows say, `base`, `link`, SVG, MathML, `template`, `xml`,
        `bgsound`, `keygen`, `isindex` and conditional comments are deleted.

        Of CSS only the declaration or rule goes that loads or runs something. Reading takes time
        linear to the size of a document, and bounded memory; tags within more than 250 others are
        left out, what stands in them is kept. A document that has more than 100,000 tags, more than
        500 attributes in a start tag, or more than a million characters of CSS, or that
        is otherwise made to cost time, is treated as one that is larger than `max-size`. A short
        attribute `style` that is there many times counts once; attributes of end tags mean nothing,
        and are neither counted nor kept.""",
        see=("data-matching(7)", "doctype-identification(7)", "imap4-proxy.cfg(5)"),
        example="""\
html-filter SAFE {
    defang;
    external-resource accept { *.example.org };
    replace-body-script-tags "[script deleted]";
}

html-filter NO-SCRIPTS {
    script-tag-language deny *;
    intrinsic-language deny *;
    url-scheme deny { javascript, vbscript, data };
    url-scheme accept *;
}
""",
    ),
    Page(
        "mod-mail-doc",
        "what is done with mails and the documents in them",
        (AclWithMail, MailAcl, DocAcl, MailFilter),
        text=f"""Where a command-acl does not say `no-mail-scanning`, each mail is read whole,
        checked by antivirus(7) and antispam, taken apart, and judged before any of it goes on.
        First comes the `mail-filter`: it corrects what violates RFCs. Then a mail-acl is chosen for
        the mail, access-control(7), and for each document in it, depth first, a doc-acl. If one of
        them denies, or none is found, the mail is denied as a whole. Else their actions are done,
        and the result is what both sides get to see, whatever they ask for. The section
        `acl-with-mail` is not written: both kinds of ACL are derived from it.

        A mail to which nothing is done passes octet for octet. In any other only that is changed
        which an action changes; the other parts and header fields keep their octets and order. A
        replacement stands where the document stood. What a multipart loses with its last part is
        replaced by an empty text.

        Templates: a file of `replace` or `replace-body` is a text in UTF-8, in which
        {_names(f"%({name})s" for name in NAMES)} stand for values: `%(date)s` is the INTERNALDATE
        of the mail, `%(msgid)s` what the log calls it. Two percent signs stand for one. A value
        is one line of at most {LIMIT} characters; what cannot be printed in it becomes a question
        mark, and in HTML it is escaped. The document is in the character set of the session's
        `language`: ISO 8859-2, Windows-1250 or ASCII for those variants of CZ, else UTF-8. A
        character that it does not have loses its marks or becomes a question mark; in HTML it
        becomes a reference. So a template does not name a character set itself, as in a meta tag.
        Status headers are always ASCII.

        Size: with `size-preserving`, a mail that is changed gets the size that it has on the
        server. A shorter one is padded: in the replacement of a document, where no reader shows
        it, else by blanks behind its end. A longer one gives up text of its `Received` fields,
        the lowest first, but for their dates. Where that does not suffice the size changes
        (IMAP-763).

        Ambiguities: mail programs do not read all mails alike. What `ambiguous-mime` is about, by
        the names that the log has: {_ambiguities()}. A part in which one of these is found is
        written anew: with one Content-Type, transfer encoding and Content-Disposition, its
        document encoded anew, a multipart with a boundary of its own. An encoding is taken off
        where any program would do so. Antivirus gets the documents of all readings; the status is
        error where that is over a limit, antivirus(7). Base64 between lines -----BEGIN and -----END
        of one name, no more than 64K apart, is what it says and no `base64-in-text`. Not written
        anew, since they have no other form, are {_names(sorted(LASTING))}; with `deny` they are
        denied, too.

        Nothing inside multipart/signed, and no header field that signs (DKIM-, ARC-), is
        corrected: what would have to be corrected there makes the `mail-structure` invalid. An
        action of an ACL does change a signed mail.""",
        see=(
            *("access-control(7)", "acl(5)", "antivirus(7)", "data-matching(7)"),
            *("doctype-identification(7)", "imap4-proxy.cfg(5)", "mod-html-filter(5)"),
        ),
        example="""\
mail-acl VIRUS {
    virus-status { found };
    replace-body "virus.txt";
    subject-text "[VIRUS REMOVED] ";
    quarantine "/var/spool/imap4-proxy/quarantine";
    accept;
}
mail-acl UNCHECKED { virus-status { error, unknown }; deny; }
mail-acl SPAM { spam-score ge 5000; subject-text "[SPAM] "; status-headers yes; accept; }
mail-acl REST { accept; }

doc-acl PROGRAMS { filename { *.exe, *.scr }; replace "program.txt"; accept; }
doc-acl REST { accept; }
""",
    ),
    Page(
        "monitoring",
        "what others may see of a proxy",
        (Monitoring,),
        text="""The section `monitoring` stands in the section of a proxy; what it is about is told
        in monitoring(7). The folder must lie below `chroot-dir` where there is one, and children
        that have another user by `app-user` must be able to make files in it; a folder that the
        proxy makes is theirs. Where that cannot be, a folder that `comm-dir` names is an error;
        without the item there is a warning (MNTR-810), and no file.""",
        see=("application(5)", "kernun-monitor(1)", "monitoring(7)"),
        example="""\
monitoring { interval 10; http [192.0.2.1] : 9143 from { [192.0.2.10], [10.1.0.0/16] }; }
""",
    ),
    Page(
        "netio",
        "parameters of network connections",
        (SockOpt, ClientConn, ServerConn),
        text="""A proxy has a connection with the client and one with the server, each with a
        section of its own; both are derived from `sock-opt`.""",
        see=("netio(7)",),
        example="""\
client-conn { recv-timeout 300; }
server-conn { conn-timeout 10; }
""",
    ),
    Page(
        "resolving",
        "who is asked for names and addresses",
        (Resolver,),
        text="""A section `resolver` stands at the top of a configuration; a proxy refers to it by
        its name, in the item `use-resolver`. The timeouts of a proxy without that item are the
        defaults below.""",
        see=("application(5)", "resolving(7)", "test-imap4(8)"),
        example="""\
resolver OFFICE {
    server [192.0.2.53];
    server [192.0.2.54] port 5353;
    search { example.org };
}
""",
    ),
    Page(
        "source-address",
        "from which address servers are connected to",
        (WithSourceAddress,),
        text="""The item below may stand in the section of a proxy, and in the ACLs of phase 1,
        where it wins over the proxy's. The section `source-address` itself is not written.""",
        see=("imap4-proxy.cfg(5)", "netio(7)", "resolving(7)", "transparency(7)"),
        example="""\
source-address addr4 [192.0.2.1] addr6 [2001:db8::1] no-fallback;
source-address client addr6 [2001:db8::1];
""",
    ),
    Page(
        "ssl",
        "parameters of TLS",
        (SslParams,),
        text="""A section `ssl-params` stands at the top of a configuration; what speaks TLS
        refers to it by its name. It serves towards clients, where the proxy is the server, as
        well as towards servers, where the proxy is the client.""",
        see=("imap4-proxy.cfg(5)",),
        example="""\
ssl-params IN {
    cert-file "/etc/imap4-proxy/proxy.pem";
    key-file "/etc/imap4-proxy/proxy.key";
    ca-file "/etc/imap4-proxy/clients-ca.pem";
    verify optional;
}
""",
    ),
    Page(
        "tcpserver",
        "the processes of a proxy",
        (TcpServer,),
        see=("listen-on(5)", "tcpserver(7)"),
        example="tcpserver { max-children 800; min-idle 10; max-idle 40; }\n",
    ),
    Page(
        "test-expr",
        "test expressions",
        (Expression,),
        text="""The argument of the option -t of test-imap4(8) consists of the items below, in the
        language of configuration(7). They are answered in their order.""",
        see=("access-control(7)", "test-imap4(8)"),
        example="""\
test from [10.1.2.3] to [192.0.2.1] : 143 time 1930;
show-acl 2;
show-hash;
""",
    ),
    Page(
        "traffic-shaping",
        "queues",
        (Queue, WithAltq),
        text="""A section `queue` stands at the top of a configuration; the item `altq` of ACLs
        refers to it by its name. A queue has a bandwidth, which all its sessions share, or a limit
        for each session, or both; what that means to the packets is told in traffic-shaping(7).
        The item `altq` may stand in ACLs of phase 1, and, with the engines' directions besides, in
        those of phase 2. The section `altq` itself is not written.""",
        see=("imap4-proxy.cfg(5)", "traffic-shaping(7)"),
        example="""\
queue OFFICE { bandwidth 20M; ceiling 50M; dev { eth0 }; }
queue GUESTS { bandwidth 5M; ceiling 50M; per-session 1M; dev { eth0 }; priority 1; }
queue ENGINES { per-session 100M; }
""",
    ),
    Page(
        "verdict-cache",
        "what is remembered of antivirus and antispam engines",
        (VerdictCache,),
        text="""A section `verdict-cache` stands in the section of a proxy; without it nothing is
        remembered. A mail that comes again, in the same session or another, then costs no engine
        any work. Remembered is what is sure: viruses found, freedom of viruses, and scores; for
        each engine by itself, for the state of its database if it tells that (clamd by VERSION,
        ICAP servers by ISTag), and for exactly these octets of the mail. A cache that cannot be
        used costs time and no verdict: MAVC-820 is logged, and it is tried again 30 seconds
        later. A Redis server is waited for half a second at each step, twice at most.""",
        see=("antispam(5)", "antivirus(7)", "imap4-proxy.cfg(5)"),
        example="""\
verdict-cache { redis [192.0.2.30] : 6379 user proxy password-file "redis.pw" prefix "mail:"; }
""",
    ),
)


def sources() -> Dict[Path, str]:
    """The pages that can be made of rows, by their paths within the folder of the manual."""
    made = {
        Path("man5", f"{page.name}.5"): manpage.render(page, PAGES, DATE) for page in PAGES
    }
    for message in all_messages(*_PACKAGES):
        path = Path("man6", f"{message.identification}.6")
        made[path] = message_page.render(message, DATE)
    return made


def write(folder: Path) -> None:
    """Make the sections 5 and 6 below `folder` what the rows say."""
    made = sources()
    for section in {path.parent for path in made}:
        os.makedirs(folder / section, exist_ok=True)
        for present in (folder / section).iterdir():
            if section / present.name not in made and _is_made(present):
                os.unlink(present)
    for path, source in made.items():
        (folder / path).write_text(source)


def _is_made(page: Path) -> bool:
    return page.read_text().startswith(mdoc.MARK)


def main(arguments: Sequence[str]) -> None:
    write(Path(*arguments[:1] or ("man",)))


if __name__ == "__main__":
    main(sys.argv[1:])
