"""warnings - what is allowed in a configuration, but probably not meant.

    for place, text in warnings(proxy): ...

See also: access-control(7), ../testtool.py.
"""

from __future__ import annotations

from typing import Iterator, List, Tuple

from kernun_common.acl.data_matching import member_test
from kernun_common.acl.host_matching import needs_client_names
from kernun_common.acl.section import Acl, AclWithServer
from kernun_common.configuration.text import keyword_of
from kernun_common.configuration.types import Exact, Glob, HostSet, Name, Regex, StrSet
from kernun_common.errors import Where

from .proxy import Imap4Proxy

Warning = Tuple[Where, str]

# Each layer with the one whose ACLs it names as its parents.
_LAYERS = (("session_acl", "command_acl"), ("command_acl", "mail_acl"), ("mail_acl", "doc_acl"))


def warnings(proxy: Imap4Proxy) -> Iterator[Warning]:
    """Place and text of each."""
    every: Tuple[Acl, ...] = (*proxy.session_acl, *proxy.command_acl)
    for acl in (*every, *proxy.mail_acl, *proxy.doc_acl):
        if acl.denies:
            yield from _denies_by_name(acl)
    yield from _without_server(proxy)
    yield from _unknown_parents(proxy)
    yield from _unnamed_clients(proxy)
    yield from _denied_mails(proxy)


def _denies_by_name(acl: Acl) -> Iterator[Warning]:
    for attribute, number, hosts in _host_sets(acl):
        if any(isinstance(member, _by_name(attribute)) for member in hosts.members):
            yield (
                acl.place(attribute, number),
                f"{acl.TABLE.keyword} {acl.name} denies by name: it does not apply to a host"
                " whose name or address is not known",
            )


def _by_name(attribute: str) -> Tuple[type, ...]:
    """What asks a name server; the name in plug-to is always known."""
    return (Name,) if attribute == "server" else (Name, Glob, Regex)


def _host_sets(acl: Acl) -> List[Tuple[str, int, HostSet]]:
    sets = [("from_", number, hosts) for number, hosts in enumerate(acl.from_)]
    sets += [("to", number, row.hosts) for number, row in enumerate(acl.to)]
    if isinstance(acl, AclWithServer):
        sets += [("server", number, row.hosts) for number, row in enumerate(acl.server)]
    return sets


def _without_server(proxy: Imap4Proxy) -> Iterator[Warning]:
    for acl in proxy.session_acl:
        if acl.accept and not acl.plug_to and acl.transparency == "non-transparent":
            text = "accepts only sessions that are not transparent, but names no server: plug-to"
            yield acl.where, f"session-acl {acl.name} {text}"


def _unknown_parents(proxy: Imap4Proxy) -> Iterator[Warning]:
    for attribute, layer in _LAYERS:
        above = [acl.name for acl in getattr(proxy, attribute)]
        for acl in getattr(proxy, layer):
            parents: StrSet | None = getattr(acl, attribute)
            for member in parents.members if parents is not None else ():
                if isinstance(member, Exact) and not any(map(member_test(member), above)):
                    text = f"there is no {keyword_of(attribute)} {member.text}"
                    yield acl.place(attribute), text


def _denied_mails(proxy: Imap4Proxy) -> Iterator[Warning]:
    """A mail for which there is no ACL is denied, and so is one of whose parts that holds."""
    for acl in proxy.command_acl:
        if not (acl.accept and acl.scans_any):
            continue
        for missing, acls in (("mail-acl", proxy.mail_acl), ("doc-acl", proxy.doc_acl)):
            if not acls:
                yield (
                    acl.where,
                    f"command-acl {acl.name} scans mails, and there is no {missing}: all of them"
                    " are denied",
                )


def _unnamed_clients(proxy: Imap4Proxy) -> Iterator[Warning]:
    """The system's resolver reads files of /etc, which children have below chroot-dir only."""
    if proxy.chroot_dir is None or proxy.use_resolver is not None:
        return
    acls: Tuple[Acl, ...] = (*proxy.session_acl, *proxy.command_acl)
    for acl in acls:
        if needs_client_names(acl.from_):
            yield (
                acl.place("from_"),
                f"{acl.TABLE.keyword} {acl.name} compares names of clients, which children cannot"
                " ask the system for below chroot-dir unless it has the files of resolver(5):"
                " use-resolver",
            )
