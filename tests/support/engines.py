"""engines - real antivirus and antispam engines on loopback, offline, for a test session.

    clamd.port  clamd.path      it knows two signatures: of EICAR and of clamav-testfiles
    c_icap.port                 its service avscan asks that clamd, its service echo nobody
    spamd.port                  SpamAssassin with local rules; GTUBE scores 1000
    rspamd.port                 without rules; GTUBE scores 15

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
from .program import Started

# It is written in two parts, so that no engine takes this file for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" b"ANTIVIRUS-TEST-FILE!$H+H*"
EICAR_NAME = "Eicar-Test-Signature.UNOFFICIAL"  # ClamAV says so of what is not from its makers
TEST_FILE_NAME = "ClamAV-Test-File.UNOFFICIAL"

_SIGNATURES = """\
44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature
aa15bcf478d165efd2065190eb473bcb:544:ClamAV-Test-File
"""
GTUBE = (  # likewise
    b"From: a@example.org\r\nTo: b@example.org\r\nSubject: spam\r\n"
    b"Date: Wed, 25 Nov 2026 20:00:00 +0000\r\nMessage-ID: <1@example.org>\r\n\r\n"
    b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-" b"ANTI-UBE-TEST-EMAIL*C.34X\r\n"
)
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
_C_ICAP = """\
PidFile {folder}/pid
CommandsSocket {folder}/control
StartServers 1
MaxServers 2
MinSpareThreads 2
MaxSpareThreads 10
ThreadsPerChild 10
Port {host}:{port}
TmpDir {folder}
ModulesDir {modules}
ServicesDir {modules}
TemplateDir /usr/share/c_icap/templates/
LoadMagicFile /etc/c-icap/c-icap.magic
ServerLog {folder}/server.log
AccessLog {folder}/access.log
Service echo srv_echo.so
Module common clamd_mod.so
clamd_mod.ClamdSocket {clamd}
Service antivirus_module virus_scan.so
ServiceAlias avscan virus_scan?allow204=on&sizelimit=off&mode=simple
virus_scan.ScanFileTypes TEXT DATA EXECUTABLE ARCHIVE GIF JPEG MSOFFICE
virus_scan.MaxObjectSize 100M
virus_scan.DefaultEngine clamd
"""
# Without the names of all top level domains and languages it starts in half a second.
_RSPAMD = """\
options {{
    pidfile = "{folder}/pid"; tempdir = "{folder}"; hs_cache_dir = "{folder}";
    control_socket = "{folder}/control mode=0600"; url_tld = "{folder}/tld";
    filters = ""; local_addrs = []; dns {{ nameserver = ["127.0.0.1:1"]; }}
}}
lang_detection {{ languages = "{folder}/none"; }}
logging {{ type = "console"; level = "info"; }}
lua = "/dev/null";
actions {{ reject = 15; add_header = 6; greylist = 4; }}
worker {{ type = "normal"; bind_socket = "{host}:{port}"; count = 1; }}
"""


class Engine(Started):
    """A program in a folder of its own, from `start` to `stop`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="engine-"))
        self.folder.chmod(0o755)
        self.port = free_ports(1)[0]
        self.process: Optional[Process] = None

    def __exit__(self, *args: object) -> None:
        super().__exit__(*args)
        shutil.rmtree(self.folder, ignore_errors=True)

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


class CIcap(Engine):
    """c-icap with its module virus_scan, which asks clamd."""

    def __init__(self, clamd: Clamd) -> None:
        super().__init__()
        [modules] = Path("/usr/lib").glob("*/c_icap")
        text = _C_ICAP.format(
            folder=self.folder, port=self.port, host=HOST, modules=modules, clamd=clamd.path
        )
        (self.folder / "c-icap.conf").write_text(text)

    def start(self) -> None:
        self.run("c-icap", "-N", "-f", self.folder / "c-icap.conf")


class Spamd(Engine):
    """SpamAssassin; -L: no tests that need a network."""

    def start(self) -> None:
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        home.chmod(0o777)
        here = ("--listen", HOST, "-p", self.port, "-s", "stderr")
        self.run("spamd", "-L", "-x", "-m", 2, "-u", "nobody", "-H", home, *here)


class Rspamd(Engine):
    """rspamd's worker that scans, which speaks the protocol of spamd."""

    def start(self) -> None:
        text = _RSPAMD.format(folder=self.folder, host=HOST, port=self.port)
        (self.folder / "rspamd.conf").write_text(text)
        (self.folder / "tld").write_text("org\n")
        places = [f"--var={name}={self.folder}" for name in ("DBDIR", "RUNDIR", "LOGDIR")]
        self.run("rspamd", "-f", "-i", "-c", self.folder / "rspamd.conf", *places)
