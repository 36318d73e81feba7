"""facts - what is known of a session when an acl layer is asked.

    facts = Facts(client, to, transparent, when)                   # phase 1
    replace(facts, server=Server.of(sock), parent="STAFF")         # phase 2
    replace(facts, mail=mail, parent="STAFF")                      # phase 3, once a mail
    replace(facts, document=document, parent="SPAM")               # phase 3, once a document

Facts never change: every layer gets its own, with what the layers before it
have settled.  Nothing here asks a clock, a resolver or a socket; the session
does, and only for what an ACL compares.

See also: choose.py, access-control(7).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import FrozenSet, Mapping, Protocol, Tuple

from kernun_common.configuration.types import Host, Sock
from kernun_common.sockaddr import Address, Sockaddr

# What the names of the configuration stand for now, by the name in lower case.
# A name that is not here could not be resolved; one with no addresses has none.
Resolution = Mapping[str, Tuple[Address, ...]]


class Certificate(Protocol):
    """What an ACL compares of a certificate, and ../tls/certificate.py knows; here only the names.

    Subjects and issuers: the whole distinguished name, then each of its parts
    alone.  `dns_names` and `addresses` are those of the `sans` that name hosts.
    """

    @property
    def subjects(self) -> Tuple[str, ...]: ...

    @property
    def issuers(self) -> Tuple[str, ...]: ...

    @property
    def sans(self) -> Tuple[str, ...]: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def dns_names(self) -> Tuple[str, ...]: ...

    @property
    def addresses(self) -> Tuple[str, ...]: ...


@dataclass(frozen=True)
class Server:
    """The server of a session, as it was named and, once connected, where it is."""

    host: Host
    port: int
    address: Address | None = None

    @classmethod
    def of(cls, sock: Sock) -> Server:
        """The server that a `plug-to` names."""
        return cls(sock.host, sock.port, sock.host.address)

    @classmethod
    def at(cls, place: Sockaddr) -> Server:
        """The server that a transparent client addressed itself."""
        return cls(Host(place.address, None), place.port, place.address)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Header(Protocol):
    """What an ACL compares of the header of a mail, and ../mail_doc/ reads of it when asked.

    Characters, with encoded words decoded and folds taken out.  `subjects` is ("",) without one.
    """

    @property
    def subjects(self) -> Tuple[str, ...]: ...

    @property
    def senders(self) -> Tuple[str, ...]: ...

    @property
    def recipients(self) -> Tuple[str, ...]: ...

    def values(self, name: str) -> Tuple[str, ...]:
        """Those of the fields `name`, which is without regard to case."""


@dataclass(frozen=True)
class Mail:
    """One mail that is transferred.

    `direction` download or upload; `size` in octets; `structure` valid, corrected or invalid.
    `virus_status` found, free, skipped, unknown or error; `spam_score` in thousandths, never
    negative, None where it is not known.
    """

    direction: str
    size: int
    structure: str
    header: Header
    virus_status: str = "skipped"
    spam_score: int | None = None


class Document(Protocol):
    """What an ACL compares of one document of a mail, and ../mail_doc/ reads of it when asked.

    `size` is that of the decoded document in octets.  `types` are its MIME types in lower case,
    ("",) if not known; more than one where mail programs may disagree.  `names` are those that a
    file of it may get; `members` the names within an archive, and what is within those.
    """

    @property
    def size(self) -> int: ...

    @property
    def types(self) -> Tuple[str, ...]: ...

    @property
    def names(self) -> Tuple[str, ...]: ...

    @property
    def members(self) -> Tuple[str, ...]: ...


@dataclass(frozen=True)
class Facts:
    """What entry conditions are compared with.

    `to` is where the client connected: the original destination if `transparent`.
    `client_names` are the forward-confirmed reverse names of the client, in lower
    case without a final dot; None where nobody asked or no answer came.
    `when` is local time.  `user` is None where nobody has logged in.
    From phase 2 on: `server`, the client's `certificate` if it showed one, and
    `parent`, the name of the ACL that the layer before selected.
    In phase 3: the `mail`, and the `document` of it where a doc-acl is asked.
    """

    client: Sockaddr
    to: Sockaddr
    transparent: bool
    when: datetime
    client_names: Tuple[str, ...] | None = None
    user: str | None = None
    groups: FrozenSet[str] = frozenset()
    server: Server | None = None
    certificate: Certificate | None = None
    parent: str = ""
    mail: Mail | None = None
    document: Document | None = None
    resolution: Resolution = field(default_factory=dict, repr=False)
