"""imap4_proxy - the configuration of this proxy before the Dovecot server.

As it would be in use: logs of the normal level, in files.  There are children
enough before the first client comes; more are started when many sessions idle.
"""

from __future__ import annotations

from pathlib import Path

from imap4proxy import VERSION_TAG

_TEXT = """\
version {version};

ssl-params BENCH {{ cert-file "{certificate}"; key-file "{certificate}"; }}

imap4-proxy BENCH {{
    nodaemon;
    log-debug {{ file "{folder}/debug.log"; }}
    log-stats {{ file "{folder}/stats.log"; }}
    listen-on {{
        non-transparent [127.0.0.1] port {port};
        non-transparent [127.0.0.1] port {tls_port};
    }}
    tcpserver {{
        init-children {init};
        min-idle {min_idle};
        max-idle {max_idle};
        max-children {most};
    }}
    session-acl TLS {{
        to * port {tls_port};
        plug-to [127.0.0.1] : {server_port};
        client-ssl-params BENCH;
        accept;
    }}
    session-acl PLAIN {{ plug-to [127.0.0.1] : {server_port}; accept; }}
    {mails}
}}
"""
_ACCEPTING = (
    'mail-pool {{ dir "{folder}"; free 0; }} mail-acl ALL {{ accept; }} doc-acl ALL {{ accept; }}'
)
# What is done to mails: nothing; they are scanned (no engine is asked), and listed as the server
# holds them, or as they are when they have been processed.
MAILS = {
    "relayed": "command-acl ALL {{ no-mail-scanning; accept; }}",
    "scanned": "command-acl ALL {{ accept; }}" + _ACCEPTING,
    "processed": "command-acl ALL {{ download {{ metadata process; }} accept; }}" + _ACCEPTING,
}


def write(
    folder: Path,
    certificate: Path,
    port: int,
    tls_port: int,
    server_port: int,
    connections: int,
    idle: int,
    mails: str,
) -> Path:
    """Write the configuration, for `connections` sessions at work and `idle` that idle.

    `mails`: of MAILS.
    """
    path = folder / "imap4-proxy.cfg"
    path.write_text(
        _TEXT.format(
            version=VERSION_TAG,
            folder=folder,
            mails=MAILS[mails].format(folder=folder),
            certificate=certificate,
            port=port,
            tls_port=tls_port,
            server_port=server_port,
            init=2 * connections,
            min_idle=connections,
            max_idle=4 * connections,
            most=8 * connections + 2 * idle,
        )
    )
    return path
