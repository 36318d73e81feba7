"""configuration - conf/samples/demo.cfg with the ports of this run in it.

    text = adapt(sample(), port, server)
"""

from __future__ import annotations

import sys
from pathlib import Path

from .server import Server

SAMPLE = "demo.cfg"
_CA_FILE = "/etc/ssl/certs/ca-certificates.crt"
_VERSION = "version IMAP4-PROXY-1_0-RELEASE;\n"
_PORT = "[127.0.0.1] port 1143;"
_SERVER = "plug-to [127.0.0.1] : 1144;"
_LAST_ACTION = "no-mail-scanning;"


def sample() -> str:
    """The sample's text, of a checkout or as installed; FileNotFoundError."""
    folders = (
        Path(__file__).parents[2] / "conf" / "samples",
        Path(sys.prefix) / "share" / "imap4-proxy" / "samples",
    )
    for folder in folders:
        if (folder / SAMPLE).exists():
            return (folder / SAMPLE).read_text()
    raise FileNotFoundError(f"{SAMPLE} is in none of {', '.join(map(str, folders))}")


def adapt(text: str, port: int, server: Server) -> str:
    """The text with these in the marked places; ValueError where it has not got the places."""
    text = _replace(text, _PORT, f"[127.0.0.1] port {port};")
    text = _replace(text, _SERVER, f"plug-to {server.sock};")
    if server.security:
        params = f'ssl-params SERVER {{ ca-file "{_CA_FILE}"; }}\n'
        tls = f"server-ssl-params SERVER {server.security};"
        text = _replace(text, _VERSION, _VERSION + params)
        text = _replace(text, _LAST_ACTION, f"{tls} {_LAST_ACTION}")
    return text


def _replace(text: str, old: str, new: str) -> str:
    if text.count(old) != 1:
        raise ValueError(f"{SAMPLE} should hold once: {old.strip()}")
    return text.replace(old, new)
