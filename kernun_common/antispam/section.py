"""section - antispam(5): which antispam engine is asked, and how.

    antispam SPAMASSASSIN { connection [127.0.0.1] : 783; }

See also: engine.py.
"""

from __future__ import annotations

from typing import Optional

from kernun_common.configuration.constraints import Constraint
from kernun_common.configuration.schema import Section, item, part, section
from kernun_common.configuration.types import Sock
from kernun_common.netio.section import SockOpt

printable = Constraint(
    "must be printable", lambda user: user is None or (user.isprintable() and user != "")
)


@section("antispam", "An antispam engine.", named=True)
class Antispam(Section):
    """It speaks the protocol of SpamAssassin's spamd."""

    connection: Sock = item(
        "sock",
        mandatory=True,
        text="Where the engine listens: spamd of SpamAssassin, or rspamd.",
    )
    sock_opt: SockOpt = part(
        SockOpt,
        text="Timeouts and buffers of a connection with the engine, netio(5). recv-timeout is how"
        " long the whole answer may take.",
    )
    user: Optional[str] = item(
        "str",
        check=printable,
        text="The user by whose settings mails are checked; the engine's default if not given.",
    )
