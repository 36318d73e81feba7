"""dovecot - a private Dovecot 2.3 on loopback, as the mail server behind the proxy.

    with Dovecot(certificate=(cert, key)) as server:
        server.fill("alice", mails(200))
        imaplib.IMAP4(HOST, server.port).login("alice", PASSWORD)
        server.seen("alice")            what it was told after login, octet for octet

Plain and STARTTLS on `port`, TLS on `tls_port`.  Without a certificate, plain only.
`seen` needs `rawlog=True`.
Every user has the password `PASSWORD`.  Needs root, since Dovecot drops to other users.
"""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
import time
from pathlib import Path
from typing import Optional, Sequence, Tuple

from .ports import HOST, free_ports
from .process import Process
from .program import Started

PASSWORD = "secret"
_OWNER = "nobody"  # of the mailboxes: Dovecot serves none as root

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = {host}
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5
mail_location = maildir:~/mail
first_valid_uid = 1
mail_max_userip_connections = 10000
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
service imap-login {{
  process_min_avail = 1
  service_count = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 800
  service_count = 100
}}
"""
_RAWLOG = """
service imap {
  executable = imap postlogin
}
service postlogin {
  executable = script-login -d rawlog
  unix_listener postlogin {
  }
}
"""
_WITH_TLS = "ssl = yes\nssl_cert = <{certificate}\nssl_key = <{key}\n"
_WITHOUT_TLS = "ssl = no\n"


class Dovecot(Started):
    """See the file's head; `settings` are further lines of its configuration."""

    def __init__(
        self,
        certificate: Optional[Tuple[str, str]] = None,
        settings: str = "",
        rawlog: bool = False,
    ) -> None:
        # Not in pytest's folder: other users' processes have to find their way in.
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.folder.chmod(0o755)
        self.port, self.tls_port = free_ports(2)
        owner = pwd.getpwnam(_OWNER)
        self._owner = owner.pw_uid, owner.pw_gid
        for name in ("run", "home"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "home", *self._owner)
        self._write_configuration(certificate, settings + (_RAWLOG if rawlog else ""))

    def _write_configuration(self, certificate: Optional[Tuple[str, str]], settings: str) -> None:
        text = _CONFIGURATION.format(
            folder=self.folder,
            host=HOST,
            password=PASSWORD,
            uid=self._owner[0],
            gid=self._owner[1],
            port=self.port,
            tls_port=self.tls_port,
        )
        if certificate is None:
            text += _WITHOUT_TLS
        else:
            text += _WITH_TLS.format(certificate=certificate[0], key=certificate[1])
        (self.folder / "dovecot.conf").write_text(text + settings)

    def start(self) -> None:
        command = ["dovecot", "-F", "-c", self.folder / "dovecot.conf"]
        self._process = Process(command, self.folder / "output")
        self._process.wait_for_port(self.port)

    def stop(self) -> None:
        self._process.stop()
        shutil.rmtree(self.folder)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="backslashreplace")

    def fill(self, user: str, mails: Sequence[bytes], mailbox: str = "INBOX") -> None:
        """Lay the mails into a mailbox; those of an empty one get UIDs from 1, in their order."""
        home = self.folder / "home" / user
        maildir = home / "mail" if mailbox == "INBOX" else home / "mail" / f".{mailbox}"
        for name in ("cur", "new", "tmp"):
            (maildir / name).mkdir(parents=True, exist_ok=True)
        (home / "dovecot.rawlog").mkdir(exist_ok=True)
        for number, octets in enumerate(mails):
            (maildir / "cur" / f"{1700000000 + number}.M{number}.test:2,").write_bytes(octets)
        for path in (home, *home.rglob("*")):
            os.chown(path, *self._owner)

    def seen(self, user: str) -> bytes:
        """What all its sessions were told after login; waits until those sessions are over."""
        folder = self.folder / "home" / user / "dovecot.rawlog"
        logs = sorted(folder.glob("*.in"), key=os.path.getctime)
        for path in logs:  # DATE-TIME-PID.in, complete when that process has gone
            pid = path.stem.rpartition("-")[2]
            while Path("/proc", pid).exists():
                time.sleep(0.01)
        return b"".join(path.read_bytes() for path in logs)
