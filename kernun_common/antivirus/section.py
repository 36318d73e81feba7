"""section - antivirus(5): which antivirus engine is asked, and how.

    antivirus CLAMAV { connection clamav [127.0.0.1] : 3310; max-checked-size 50M; }

See also: antivirus(7), engine.py.
"""

from __future__ import annotations

import re
from typing import Iterable, NamedTuple, Optional, Tuple, Union

from kernun_common.configuration.constraints import Constraint, nonzero
from kernun_common.configuration.schema import Section, item, part, section
from kernun_common.configuration.types import Sock
from kernun_common.netio.section import SockOpt

SERVICE = "avscan"  # what c-icap calls its antivirus

Place = Union[Sock, str]  # host and port, or the path of a unix socket


class Connection(NamedTuple):
    """One of the first three is given."""

    clamav: Optional[Place] = None
    clamav_file: Optional[Place] = None
    icap: Optional[Sock] = None
    service: Optional[str] = None

    @property
    def place(self) -> Place:
        """Where the engine listens."""
        return next(place for place in self[:3] if place is not None)


_SERVICE = re.compile(r"[!-~]+")

service_name = Constraint(
    "must name its service, if any, in printable ASCII without blanks",
    lambda connection: connection.service is None or bool(_SERVICE.fullmatch(connection.service)),
)


@section("antivirus", "An antivirus engine.", named=True)
class Antivirus(Section):
    """Sizes in octets."""

    connection: Connection = item(
        "clamav sock|path | clamav-file sock|path | icap sock [service str]",
        into=Connection,
        mandatory=True,
        check=service_name,
        text="Where the engine listens, and how it is asked: clamav sends mails to clamd(8);"
        " clamav-file lets clamd read a file, in comm-dir or, without comm-dir, by a descriptor"
        " that is passed over its unix socket; icap sends mails to a service of an ICAP server"
        f" (RFC 3507), `{SERVICE}` if not given.",
    )
    sock_opt: SockOpt = part(
        SockOpt,
        text="Timeouts and buffers of a connection with the engine, netio(5). recv-timeout is how"
        " long the whole answer may take.",
    )
    max_checked_size: int = item(
        "size",
        default="20M",
        check=nonzero,
        text="A larger mail is not checked; its status is skipped.",
    )
    comm_dir: Optional[str] = item(
        "path",
        text="The folder of the files that clamav-file lets clamd read; it must be there, and both"
        " programs must be allowed to use it.",
    )

    def complaints(self) -> Iterable[Tuple[str, str]]:
        """What does not fit together."""
        place = self.connection.clamav_file
        if self.comm_dir is not None and place is None:
            yield "comm_dir", "only clamav-file makes use of it"
        if isinstance(place, Sock) and self.comm_dir is None:
            yield "connection", "clamav-file over TCP needs comm-dir"
