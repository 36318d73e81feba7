"""section - resolving(5): who is asked for names and addresses, and for how long.

See also: resolving(7), stub.py.
"""

from __future__ import annotations

from typing import NamedTuple, Tuple

from kernun_common.configuration.constraints import Constraint, nonzero
from kernun_common.configuration.hosts import host_name
from kernun_common.configuration.schema import Section, item, items, section
from kernun_common.configuration.types import Host

DNS_PORT = 53


class NameServer(NamedTuple):
    """Where a name server listens, for UDP and TCP."""

    host: Host
    port: int | None = None


has_address = Constraint(
    "must be an address: nobody can be asked for its name",
    lambda server: server.host.address is not None,
)
domains = Constraint(
    "must be a list of domains", lambda names: all(host_name(name) for name in names)
)


@section("resolver", "The name servers that are asked, and for how long.", named=True)
class Resolver(Section):
    """Times in seconds."""

    server: Tuple[NameServer, ...] = items(
        "<host> host [port port]",
        into=NameServer,
        mandatory=True,
        check=has_address,
        text="A name server that answers for others (recursion); port 53 if not given. The next"
        " one is asked where this one does not answer in time or cannot answer, and this one"
        " again after the last.",
    )
    search: Tuple[str, ...] | None = item(
        "str-list",
        check=domains,
        text="Domains in which a name without a dot is looked for, one after the other, before it"
        " is looked for as it stands. A name with a dot is complete.",
    )
    conf_timeout: float = item(
        "seconds",
        default="15",
        check=nonzero,
        text="How long the look-up of a name in the configuration may take, whatever the number of"
        " servers and domains.",
    )
    initial_timeout: float = item(
        "seconds",
        default="1",
        check=nonzero,
        text="How long to wait for an answer to the first try of a query.",
    )
    query_timeout: float = item(
        "seconds",
        default="3",
        check=nonzero,
        text="How long to wait for an answer to every further try.",
    )
    total_timeout: float = item(
        "seconds",
        default="10",
        check=nonzero,
        text="How long a look-up for a session may take, such as that of a client's names,"
        " whatever the number of queries, servers and tries.",
    )
    cache_size: int = item(
        "uint32",
        default="10000",
        text="For how many clients a process remembers the names, as long as they are good.",
    )


class Refresh(NamedTuple):
    """The value of cfg-resolution."""

    refresh: float
