"""actions - what a session can be told to do.

The session performs them in order and decides nothing.  `Connect` and `Secure`
have an outcome, which comes back as the next event; no octets are read from
either side before it.  `Reserve`, `Store`, `Check`, `Save` and `Quarantine` have one,
too, which comes in its time; there is never more than one of these under way.
See also: events.py, ../session.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Iterable, Mapping, Tuple, Union

from kernun_common.configuration.types import Sock
from kernun_common.errors import Side
from kernun_common.log.message import Message
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.structure import Structure
from kernun_common.netio.sources import ANY, Sources
from kernun_common.tls.section import SslParams
from kernun_common.traffic_shaping.section import Queue

from ..section.checks import Checks
from .events import PooledMail, Timer


class Result(Enum):
    """How a session went; the last word of SESSION-END."""

    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class SendToClient:
    octets: Union[bytes, memoryview] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendToServer:
    octets: Union[bytes, memoryview] = field(repr=False)  # they may hold a password


@dataclass(frozen=True, slots=True)
class Relay:
    """Move the next `octets` octets from `source` to the other side, unseen by the engine.

    They belong to a literal.  `Received(source)` follows when they are through
    and more has come, `Closed(source)` when it went away before that.
    """

    source: Side
    octets: int


@dataclass(frozen=True, slots=True)
class Connect:
    """Open the server connection: each candidate's addresses in turn -> Connected, Unreachable.

    `sources` are the addresses from which to connect.
    """

    candidates: Tuple[Sock, ...]
    sources: Sources = ANY


@dataclass(frozen=True, slots=True)
class Secure:
    """Make TLS of a side, after what was sent to it is through -> Secured, Insecure.

    Towards the client the proxy is the TLS server, towards the server the TLS
    client; `name` is then what the certificate must show, unless `params` says else.
    """

    side: Side
    params: SslParams
    name: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is sent to a side leaves by way of this queue from now on."""

    side: Side
    queue: Queue


@dataclass(frozen=True, slots=True)
class Arm:
    """Start a timer anew: LOGIN, COMMAND, MAX_TIME run through, IDLE restarts with every octet."""

    timer: Timer
    seconds: float


@dataclass(frozen=True, slots=True)
class Disarm:
    timer: Timer


@dataclass(frozen=True, slots=True)
class Log:
    message: Message
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finish:
    """The session is over: send what is queued, close both sides.  Always the last action.

    `reason` is for the log, in English; `reset` closes the client's side by TCP
    reset, where it was promised octets (a literal) that will not come.
    """

    result: Result
    reason: str = ""
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Reserve:
    """Is there room in the mail pool for so many octets? -> Reserved; the next `Store` uses it."""

    octets: int


@dataclass(frozen=True, slots=True)
class Store:
    """Keep a mail in the pool: `octets`, which have come, and the next `rest` of `source`.

    They belong to a literal -> Stored.  No octets of `source` are read before that
    but these; `Closed(source)` follows where it goes away first.
    """

    source: Side
    octets: bytes = field(repr=False)
    rest: int


@dataclass(frozen=True, slots=True)
class Check:
    """Have a mail looked at by engines -> Checked."""

    mail: PooledMail = field(repr=False)
    structure: Structure = field(repr=False)  # within these limits
    checks: Checks
    limits: Limits


@dataclass(frozen=True, slots=True)
class Save:
    """Keep octets in the pool that are made chunk by chunk, `length` in all -> Stored.

    `passing`: they wait to be sent, and are released at once: so not in memory.
    """

    length: int
    chunks: Iterable[bytes] = field(repr=False)
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Keep a mail and what is known of it in a folder, as files -> Quarantined."""

    folder: str
    name: str
    mail: PooledMail = field(repr=False)
    record: Mapping[str, Any]


Action = Union[
    SendToClient, SendToServer, Relay, Connect, Secure, Shape, Arm, Disarm, Log, Finish,
    Reserve, Store, Check, Save, Quarantine,
]  # fmt: skip
