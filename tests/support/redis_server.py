"""redis_server - a real Redis server on loopback, that keeps nothing.

    with RedisServer() as server:
        server.port
        server.look()               a client of its own, without TLS
        server.stop(); server.start()

With `user` and `password` nobody else may do anything, and the user only with keys that begin
with `prefix`.  With `files` (tests/support/certificates.py) it also speaks TLS, at `tls_port`.
"""

from __future__ import annotations

from pathlib import Path
from typing import List, Optional

import redis

from .certificates import Files
from .engines import Engine
from .ports import HOST, free_ports


class RedisServer(Engine):
    """See the file's first lines; `ca` is the file of who certifies clients."""

    def __init__(
        self,
        user: Optional[str] = None,
        password: str = "",
        prefix: str = "",
        files: Optional[Files] = None,
        ca: Optional[str] = None,
    ) -> None:
        super().__init__()
        self.tls_port = free_ports(1)[0]
        self._password = password
        self._user = user
        lines = [f"bind {HOST}", f"port {self.port}", f"dir {self.folder}", 'save ""']
        if user is not None:
            lines += ["user default off", f"user {user} on >{password} ~{prefix}* +@all"]
        if files is not None:
            lines += self._tls(files, ca)
        (self.folder / "redis.conf").write_text("\n".join(lines) + "\n")

    def _tls(self, files: Files, ca: Optional[str]) -> List[str]:
        clients = "tls-auth-clients no" if ca is None else f"tls-ca-cert-file {ca}"
        own = [f"tls-cert-file {files.cert}", f"tls-key-file {files.key}"]
        return [f"tls-port {self.tls_port}", *own, clients]

    def start(self) -> None:
        self.run("redis-server", Path(self.folder, "redis.conf"))

    def look(self) -> redis.Redis:
        password = self._password if self._user is not None else None
        return redis.Redis(HOST, self.port, username=self._user, password=password)
