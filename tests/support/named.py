"""named - the real program where names matter, with a name server of the test's own.

    with proxy(folder, names, "plug-to imap.example.org : 143;") as it:
        assert is_served(it.port)

`names` is a DnsServer, None for the system's resolver.
"""

from __future__ import annotations

from pathlib import Path

from .dns_server import DnsServer
from .peers import connect
from .proxy import Proxy

NAME = "imap.example.org"
OTHER = "other.example.org"
CLIENT = "127.0.0.1"
FEW = "tcpserver { init-children 1; min-idle 1; max-idle 2; }"
PATIENT = "conf-timeout 30; initial-timeout 10; query-timeout 10; total-timeout 30;"
HASTY = "conf-timeout 0.2; initial-timeout 0.05; query-timeout 0.05; total-timeout 0.2;"


def resolver(*servers: int, items: str = PATIENT) -> str:
    rows = " ".join(f"server [{CLIENT}] port {port};" for port in servers)
    return f"resolver R {{ {rows} {items} }}"


def proxy(
    folder: Path,
    names: DnsServer | None,
    session: str,
    *,
    times: str = PATIENT,
    items: str = FEW,
    others: str = "",
    listen: str = "",
    sections: str | None = None,
) -> Proxy:
    """`others` are ACLs before the last one, whose items are `session`."""
    asked = resolver(names.port, items=times) if names is not None else ""
    use = "use-resolver R;" if names is not None or sections is not None else ""
    return Proxy(
        folder,
        sections=asked if sections is None else sections,
        items=f"{items} {use} {others}",
        session=session,
        listen=listen,
    )


def greeting(port: int, host: str = CLIENT) -> bytes:
    """What a client hears first; b"" if nothing."""
    with connect(port, host) as client:
        try:
            return client.line()
        except (EOFError, ConnectionError):
            return b""


def is_served(port: int) -> bool:
    return greeting(port).startswith(b"* OK")
