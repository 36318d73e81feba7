"""proxy - the real program with a configuration of the test, on loopback.

    with Proxy(folder, plug_to=server.port) as proxy:
        client = connect(proxy.port)
        ...
        proxy.wait_for("IMAP-702")          the lines of a message, when it has been logged
    proxy.status                            its exit status

What a test wants beside the usual is given as configuration text: `sections` stand
before the section imap4-proxy, `items` in it, `session` in the only session-acl,
`command` in the only command-acl; `listen` in listen-on.  `mail` are the mail-acls and
doc-acls of mails that are scanned; without, none is.  `configuration` instead of
all these is the whole text, with `{port}` for the port; `prefix` are words before
the command that starts the program.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Dict, Optional, Sequence

import psutil

from .ports import HOST, free_ports
from .process import Process
from .program import Logging

ROOT = Path(__file__).parent.parent.parent

_CONFIGURATION = """
version IMAP4-PROXY-1_0-RELEASE;
{sections}
imap4-proxy TEST {{
    nodaemon;
    log-debug {{ level {level}; }}
    listen-on {{ non-transparent [{host}] port {port}; {listen} }}
    {items}
    session-acl ALL {{ {session} accept; }}
    command-acl ALL {{ {scanning} {command} accept; }}
    {mail}
}}
"""


def looking_at_mails(folder: Path) -> Dict[str, str]:
    """For a Proxy that scans all mails and lets them pass."""
    return {
        "items": f'mail-pool {{ dir "{folder}"; free 0; }}'
        " tcpserver { init-children 2; min-idle 1; max-idle 4; }",
        "mail": "mail-acl ALL { accept; } doc-acl ALL { accept; }",
    }


class Proxy(Logging):
    """See the file's head."""

    def __init__(
        self,
        folder: Path,
        plug_to: Optional[int] = None,
        *,
        sections: str = "",
        items: str = "tcpserver { init-children 2; min-idle 1; max-idle 4; }",
        session: str = "",
        command: str = "",
        listen: str = "",
        mail: str = "",
        level: str = "trace",
        configuration: Optional[str] = None,
        prefix: Sequence[object] = (),
    ) -> None:
        self.port: int = free_ports(1)[0]
        if plug_to is not None:
            session = f"plug-to [{HOST}] : {plug_to}; {session}"
        text = configuration or _CONFIGURATION.format(
            host=HOST,
            port="{port}",
            sections=sections,
            items=items,
            session=session,
            command=command,
            listen=listen,
            scanning="" if mail else "no-mail-scanning;",
            mail=mail,
            level=level,
        )
        self.path = folder / "imap4-proxy.cfg"
        self.path.write_text(text.replace("{port}", str(self.port)))
        self._prefix = prefix
        self.log_file = folder / "imap4-proxy.log"
        self.status: Optional[int] = None

    def start(self) -> None:
        """Start the program and wait until it listens."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [*self._prefix, sys.executable, "-m", "imap4proxy.main", "-f", self.path]
        self.process = Process(command, self.log_file, environment)
        self.process.wait_for_port(self.port)

    def stop(self) -> Optional[int]:
        """End it by SIGTERM; its exit status."""
        self.status = self.process.stop()
        return self.status

    @property
    def pid(self) -> int:
        """The parent's."""
        return self.process.pid

    def descriptors(self) -> list[str]:
        """What the files are called that it and its children have open."""
        processes = [psutil.Process(self.pid), *psutil.Process(self.pid).children(recursive=True)]
        return [
            os.readlink(path)
            for process in processes
            for path in Path(f"/proc/{process.pid}/fd").iterdir()
        ]
