"""phase3 - facts of a session, a mail and a document, for tests of the ACLs of phase three."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from ipaddress import ip_address
from typing import Mapping, Tuple

from kernun_common.acl.facts import Facts, Mail, Server
from kernun_common.sockaddr import Sockaddr

SESSION = Facts(
    client=Sockaddr(ip_address("10.1.2.3"), 40312),
    to=Sockaddr(ip_address("192.0.2.1"), 143),
    transparent=False,
    when=datetime(2026, 11, 22),
    server=Server.at(Sockaddr(ip_address("192.0.2.7"), 993)),
    parent="STAFF",
)


@dataclass(frozen=True)
class SomeHeader:
    """A header as a test says that it is."""

    subjects: Tuple[str, ...] = ("Hello world",)
    senders: Tuple[str, ...] = ("alice@example.org",)
    recipients: Tuple[str, ...] = ("bob@example.org", "carol@example.net")
    fields: Mapping[str, Tuple[str, ...]] = field(default_factory=dict)

    def values(self, name: str) -> Tuple[str, ...]:
        return self.fields.get(name.lower(), ())


@dataclass(frozen=True)
class SomeDocument:
    """A document as a test says that it is."""

    size: int = 1000
    types: Tuple[str, ...] = ("text/plain",)
    names: Tuple[str, ...] = ()
    members: Tuple[str, ...] = ()


def with_mail(header: SomeHeader = SomeHeader(), **rows: object) -> Facts:
    """Of a mail that is downloaded, but for what `rows` say."""
    given = {"direction": "download", "size": 5000, "structure": "valid", **rows}
    return replace(SESSION, mail=Mail(header=header, **given))  # type: ignore[arg-type]


def with_document(**rows: object) -> Facts:
    document = SomeDocument(**rows)  # type: ignore[arg-type]
    return replace(with_mail(), parent="SPAM", document=document)
