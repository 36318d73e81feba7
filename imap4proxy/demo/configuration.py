"""configuration - conf/samples/demo.cfg with the ports and the folder of this run in it.

    text = adapt(sample(), Places(port, server, 1145, 1146, folder))
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from .server import Server

SAMPLE = "demo.cfg"
_CA_FILE = "/etc/ssl/certs/ca-certificates.crt"
_VERSION = "version IMAP4-PROXY-1_0-RELEASE;\n"
_PORT = "[127.0.0.1] port 1143;"
_SERVER = "plug-to [127.0.0.1] : 1144;"
_ANTIVIRUS = "clamav [127.0.0.1] : 1145;"
_ANTISPAM = "connection [127.0.0.1] : 1146;"
_POOL = '"/var/spool/imap4-proxy"'
_NOTE = '"/etc/imap4-proxy/removed.txt"'
_COMMANDS = "use-antivirus enable VIRUS;"


class Places(NamedTuple):
    """What this run puts into the sample: ports, the server, a folder for mails."""

    port: int
    server: Server
    antivirus: int
    antispam: int
    folder: str


def sample() -> str:
    """The sample's text; FileNotFoundError."""
    return _installed("samples", SAMPLE).read_text()


def _installed(kind: str, name: str) -> Path:
    """A file of a checkout, or as installed."""
    folders = (
        Path(__file__).parents[2] / "conf" / kind,
        Path(sys.prefix) / "share" / "imap4-proxy" / kind,
    )
    for folder in folders:
        if (folder / name).exists():
            return folder / name
    raise FileNotFoundError(f"{name} is in none of {', '.join(map(str, folders))}")


def adapt(text: str, places: Places) -> str:
    """The text with these in the marked places; ValueError where it has not got the places."""
    server = places.server
    text = _replace(text, _PORT, f"[127.0.0.1] port {places.port};")
    text = _replace(text, _SERVER, f"plug-to {server.sock};")
    text = _replace(text, _ANTIVIRUS, f"clamav [127.0.0.1] : {places.antivirus};")
    text = _replace(text, _ANTISPAM, f"connection [127.0.0.1] : {places.antispam};")
    text = _replace(text, _POOL, f'"{places.folder}"')
    text = _replace(text, _NOTE, f'"{_installed("templates", "removed.txt")}"')
    if server.security:
        params = f'ssl-params SERVER {{ ca-file "{_CA_FILE}"; }}\n'
        tls = f"server-ssl-params SERVER {server.security};"
        text = _replace(text, _VERSION, _VERSION + params)
        text = _replace(text, _COMMANDS, f"{tls} {_COMMANDS}")
    return text


def _replace(text: str, old: str, new: str) -> str:
    if text.count(old) != 1:
        raise ValueError(f"{SAMPLE} should hold once: {old.strip()}")
    return text.replace(old, new)
