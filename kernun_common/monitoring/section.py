"""section - monitoring(5): what the administrator may write about watching a proxy.

    monitoring { comm-dir "/run/imap4-proxy"; http [127.0.0.1] : 9143; }

See also: monitoring(7), helper.py.
"""

from __future__ import annotations

from typing import Iterable, NamedTuple, Optional, Tuple

from kernun_common.configuration.constraints import Constraint, between
from kernun_common.configuration.schema import Section, item, key, section
from kernun_common.configuration.types import Glob, HostSet, Name, Regex, Sock

from .defaults import COMM_DIR, LONGEST, SHORTEST
from .record import DOTS, Data, Limits

MOST_CHARS = 1000  # of a text; a slot of the shared memory has room for it


class Http(NamedTuple):
    """Where to serve HTTP, and to whom."""

    at: Sock
    from_: Optional[HostSet]


_data = Constraint(
    f"must have more characters than its tail and three dots, and at most {MOST_CHARS}",
    lambda data: (data.tail or 0) + len(DOTS) < data.chars <= MOST_CHARS,
)


def _only_addresses(http: Http) -> bool:
    members = http.from_.members if http.from_ is not None else ()
    return not any(isinstance(member, (Name, Glob, Regex)) for member in members)


_addresses = Constraint(
    "must have an address to listen on, and `from` addresses only: nothing is looked up for it",
    lambda http: http.at.host.address is not None and _only_addresses(http),
)


@section("monitoring", "Watching the sessions of a proxy, and how it is.")
class Monitoring(Section):
    """On unless `disabled`."""

    disabled: bool = key(text="Neither show sessions nor count; the items below have no effect.")
    comm_dir: str = item(
        "path",
        default=COMM_DIR,
        text="The folder of the file monitor.NAME.PID, which kernun-monitor(1) reads.  It is made"
        " if it is not there, but not the one above it.",
    )
    interval: float = item(
        "seconds",
        default="5",
        check=between(SHORTEST, LONGEST),
        text="The time between two writings of the file, and over which the speed of a session is"
        " measured.",
    )
    user: int = item(
        "<chars> uint16",
        default="8",
        check=between(1, MOST_CHARS),
        text="Of a user's name so many characters are shown.",
    )
    data: Data = item(
        "<chars> uint16 [tail uint16]",
        into=Data,
        default="180 tail 60",
        check=_data,
        text="Of other data that a session shows, such as the name of a mailbox, so many characters"
        " are shown; of longer data the beginning, three dots, and so many characters of the end.",
    )
    http: Optional[Http] = item(
        "<at> sock [from host-set]",
        into=Http,
        check=_addresses,
        text="If given, show sessions, metrics and health over HTTP, to clients of this set;"
        " without a set the address must be of the loopback, and so must clients.",
    )

    @property
    def limits(self) -> Limits:
        return Limits(self.user, self.data)

    def complaints(self) -> Iterable[Tuple[str, str]]:
        http = self.http
        if http is not None and http.from_ is None:
            address = http.at.host.address
            if address is not None and not address.is_loopback:
                yield "http", "http needs `from` where its address is not of the loopback"
