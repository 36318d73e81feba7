"""other_proxies - nginx mail and perdition before a mail server, as a test's own processes.

    with OtherProxies(folder, server.port, files) as others:
        others.ports["nginx"]           plain
        others.starttls["perdition"]    with STARTTLS

Both take the name and the password themselves and log in to the server with them; from then on
they pass octets.  The folder is made readable: nginx's workers are nobody's.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Self

from tests.bench import nginx

from .certificates import Files
from .ports import HOST, free_ports
from .process import Process

_PERDITION = (
    *("perdition.imap4", "--no_daemon", "--config_file", "/dev/null", "--protocol", "IMAP4"),
    *("--bind_address", HOST, "--outgoing_server", HOST, "--no_lookup", "--quiet"),
    *("--connect_relog", "0", "--username", "nobody", "--group", "nogroup"),
)


class OtherProxies:
    """See the file's head."""

    def __init__(self, folder: Path, server_port: int, files: Files) -> None:
        self._folder = folder
        self._server_port = server_port
        self._files = files
        names = ("nginx", "perdition")
        self.ports = dict(zip(names, free_ports(2)))
        self.starttls = dict(zip(names, free_ports(2)))
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        for path in (self._folder, self._folder.parent, self._folder.parent.parent):
            path.chmod(0o755)
        self._run("nginx", ["nginx", "-c", self._nginx()], self.ports, self.starttls)
        files = ("--ssl_cert_file", self._files.cert, "--ssl_key_file", self._files.key)
        for ports, mode in ((self.ports, ["none"]), (self.starttls, ["tls_listen", *files])):
            name = f"perdition-{mode[0]}"
            pid = ("--pid_file", self._folder / f"{name}.pid", "--ssl_mode", *mode)
            where = ("--outgoing_port", self._server_port, "--listen_port", ports["perdition"])
            self._run(name, [*_PERDITION, *where, *pid], ports)
        return self

    def __exit__(self, *args: object) -> None:
        self._stack.close()

    def _run(self, name: str, command: list[object], *ports: dict[str, int]) -> None:
        process = self._stack.enter_context(Process(command, self._folder / f"{name}.log"))
        for each in ports:
            process.wait_for_port(each[name.partition("-")[0]])

    def _nginx(self) -> Path:
        both = self._folder / "both.pem"
        both.write_bytes(Path(self._files.cert).read_bytes() + Path(self._files.key).read_bytes())
        return nginx.write(
            self._folder,
            both,
            self.ports["nginx"],
            self.starttls["nginx"],
            free_ports(1)[0],
            self._server_port,
            starttls=True,
        )
