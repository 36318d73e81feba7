"""events - what can happen to a session.

    actions = engine.feed(Received(Side.CLIENT, b"a1 NOOP\\r\\n"), now)

The session makes one of these of everything that it sees: octets, the outcome
of an action, time, the end.  `now` is a monotonic clock in seconds.
See also: actions.py, engine.py, ../session.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol, Tuple, Union

from kernun_common.acl.facts import Resolution
from kernun_common.auth.user import User
from kernun_common.errors import Side
from kernun_common.mail_doc.octets import Octets
from kernun_common.sockaddr import Sockaddr
from kernun_common.tls.certificate import Certificate


class Timer(Enum):
    """What can run out; the value is the item that sets it."""

    LOGIN = "login-timeout"
    COMMAND = "command-timeout"
    MAX_TIME = "max-time"
    IDLE = "idle-timeout"
    RECV = "recv-timeout"
    SEND = "send-timeout"
    PROGRESS = "progress"  # no item: RFC 9585 asks for a word every now and then


@dataclass(frozen=True, slots=True)
class Accepted:
    """A client connected; always the first event.

    `to` is where it connected: the original destination if transparent.
    `client_names` are its forward-confirmed reverse names, None if nobody asked;
    `resolution` is what the names in the configuration stand for in this session.
    `user` is who has logged in at the client's address, out of band.
    A `probe` is a balancer's own connection, of which there is no stats record.
    """

    client: Sockaddr
    to: Sockaddr
    transparent: bool
    when: datetime
    client_names: Tuple[str, ...] | None = None
    user: User | None = None
    resolution: Resolution = field(default_factory=dict, repr=False)
    probe: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """Octets from a side, as many as there were; never empty."""

    side: Side
    octets: bytes = field(repr=False)  # they may hold a password


@dataclass(frozen=True, slots=True)
class Closed:
    """A side will say no more; `deaf`: it takes nothing either.

    `failure` is what broke the connection, in the system's words; "" where the peer ended it.
    """

    side: Side
    deaf: bool = False
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Connected:
    """`Connect` succeeded; `host` is the server as it was named (host or address)."""

    host: str
    server: Sockaddr


@dataclass(frozen=True, slots=True)
class Unreachable:
    """`Connect` failed for every candidate; `reason` is of the last one."""

    reason: str


@dataclass(frozen=True, slots=True)
class Secured:
    """`Secure` succeeded; the peer's verified certificate, None if it showed none."""

    side: Side
    certificate: Certificate | None
    version: str
    cipher: str


@dataclass(frozen=True, slots=True)
class Insecure:
    """`Secure` failed: handshake, verification or the name."""

    side: Side
    reason: str


@dataclass(frozen=True, slots=True)
class Expired:
    """A timer ran out; `side` tells whose silence it was, for RECV and SEND."""

    timer: Timer
    side: Side = Side.CLIENT


@dataclass(frozen=True, slots=True)
class Stopped:
    """The program ends: the parent asked this child to end its session now."""


class PooledMail(Protocol):
    """A mail in the mail pool, as the session keeps it; ../spool.py."""

    @property
    def octets(self) -> Octets: ...

    @property
    def digest(self) -> bytes: ...

    def __len__(self) -> int: ...

    def view(self, start: int = 0, end: int | None = None) -> memoryview: ...

    def release(self) -> None: ...


class Findings(Protocol):
    """What the engines said of a mail; ../mail_check.py.

    The status is a word of virus-status; the score in thousandths, None: unknown.
    """

    @property
    def virus_status(self) -> Enum: ...

    @property
    def virus_name(self) -> str | None: ...

    @property
    def spam_score(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Reserved:
    """`Reserve` is over; `reason` says why there is no room, "" if there is."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """`Store` or `Save` is over; `mail` is None where there was no room, and why is `reason`."""

    mail: PooledMail | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """`Check` is over: what the engines said, or why they could not be asked."""

    findings: Findings
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """`Quarantine` is over; `reason` says why the mail could not be kept, "" if it is."""

    reason: str = ""


Event = Union[
    Accepted, Received, Closed, Connected, Unreachable, Secured, Insecure, Expired, Stopped,
    Reserved, Stored, Checked, Quarantined,
]  # fmt: skip
