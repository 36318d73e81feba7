"""engines - real antivirus and antispam engines on loopback, offline, for a test session.

    clamd.port  clamd.path              it knows two signatures: of EICAR and of clamav-testfiles

They are fixtures of tests/conftest.py, started when the first test asks for one.  Folders are
not pytest's, because some engines run as other users.
"""

from __future__ import annotations

import shutil
import socket
import tempfile
from pathlib import Path
from typing import Optional

from .ports import HOST, free_ports
from .process import Process

# It is written in two parts, so that no engine takes this file for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" b"ANTIVIRUS-TEST-FILE!$H+H*"
EICAR_NAME = "Eicar-Test-Signature.UNOFFICIAL"  # ClamAV says so of what is not from its makers
TEST_FILE_NAME = "ClamAV-Test-File.UNOFFICIAL"

_SIGNATURES = """\
44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature
aa15bcf478d165efd2065190eb473bcb:544:ClamAV-Test-File
"""
_CLAMD = """\
DatabaseDirectory {folder}/db
TemporaryDirectory {folder}
TCPSocket {port}
TCPAddr {host}
LocalSocket {folder}/clamd.sock
Foreground yes
OfficialDatabaseOnly no
StreamMaxLength {most}
User root
"""


class Engine:
    """A program in a folder of its own, from `start` to `stop`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="engine-"))
        self.folder.chmod(0o755)
        self.port = free_ports(1)[0]
        self.process: Optional[Process] = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        raise NotImplementedError

    def run(self, *command: object) -> None:
        self.process = Process(command, self.folder / "output")
        self.process.wait_until(self.answers, f"{command[0]} does not answer")

    def answers(self) -> bool:
        """Does it serve?  Asked again and again while it starts."""
        try:
            socket.create_connection((HOST, self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def stop(self) -> None:
        if self.process is not None:
            self.process.stop()


class Clamd(Engine):
    """clamd(8); `most` octets are the longest stream that it takes."""

    def __init__(self, most: str = "100M") -> None:
        super().__init__()
        (self.folder / "db").mkdir()
        (self.folder / "db" / "test.hdb").write_text(_SIGNATURES)
        text = _CLAMD.format(folder=self.folder, port=self.port, host=HOST, most=most)
        (self.folder / "clamd.conf").write_text(text)

    @property
    def path(self) -> str:
        return str(self.folder / "clamd.sock")

    def start(self) -> None:
        self.run("clamd", "-c", self.folder / "clamd.conf")
