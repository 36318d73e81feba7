"""amavis - amavisd-new in a scratch folder, with the clamd and the spamd of a test.

    with Amavis(clamd, mails) as amavis:
        amavis.check(range(3))      has it look at these mails; Unexpected: no `continue`

Needs root, Debian's amavisd-new, and spamd at port 783, which is written into its client.
It is fed by AM.PDP, the protocol of milters: the mails lie in files before it is asked, and it
neither receives nor sends them on, which SMTP would have it do.
See also: tests/support/engines.py, README.protocol of amavisd-new.
"""

from __future__ import annotations

import shutil
import socket
from pathlib import Path
from typing import Iterable, Sequence

from tests.support.engines import Clamd, Engine
from tests.support.ports import HOST

from .client import TIMEOUT, Unexpected

SPAMD_PORT = 783
CHILDREN = 2
_OWNER = "amavis"
_PROGRAM = "/usr/sbin/amavisd"
# Debian's files before ours; not those that ask the system for its name or choose the scanners.
_FILES = ("01-debian", "15-content_filter_mode", "20-debian_defaults", "25-amavis_helpers")
_CONFIGURATION = r"""
use strict;
$MYHOME = '{folder}/home'; $TEMPBASE = "$MYHOME/mails"; $db_home = $MYHOME;
$pid_file = "$MYHOME/pid"; $lock_file = "$MYHOME/lock"; $QUARANTINEDIR = undef;
$myhostname = 'bench.example.org'; $mydomain = 'example.org';
$daemon_user = '{owner}'; $daemon_group = '{owner}';
$max_servers = {children};
$enable_db = 0;
$DO_SYSLOG = 0; $logfile = "$MYHOME/log"; $log_level = 0;
$unix_socketname = undef; $inet_socket_bind = '{host}'; $inet_socket_port = [{port}];
@inet_acl = ('{host}');
$interface_policy{{'{port}'}} = 'PDP';
$policy_bank{{'PDP'}} = {{ protocol => 'AM.PDP' }};
@av_scanners = (['clamd', \&ask_daemon, ["CONTSCAN {{}}\n", '{clamd}'],
    qr/\bOK$/m, qr/\bFOUND$/m, qr/^.*?: (?!Infected Archive)(.*) FOUND$/m]);
@av_scanners_backup = ();
@spam_scanners = (['SpamdClient', 'Amavis::SpamControl::SpamdClient']);
@bypass_virus_checks_maps = (0); @bypass_spam_checks_maps = (0);
1;
"""
_REQUEST = (
    "request=AM.PDP\r\nsender=<a@example.org>\r\nrecipient=<alice@example.net>\r\n"
    "tempdir={folder}\r\ntempdir_removed_by=client\r\nmail_file={folder}/email.txt\r\n\r\n"
)


def is_installed() -> bool:
    return Path(_PROGRAM).exists()


class Amavis(Engine):
    """See the file's first lines."""

    def __init__(self, clamd: Clamd, mails: Sequence[bytes]) -> None:
        super().__init__()
        text = _CONFIGURATION.format(
            folder=self.folder,
            host=HOST,
            port=self.port,
            owner=_OWNER,
            children=CHILDREN,
            clamd=clamd.path,
        )
        (self.folder / "amavisd.conf").write_text(text)
        self._mails = self.folder / "home" / "mails"
        for number, octets in enumerate(mails):
            folder = self._mails / str(number)
            folder.mkdir(parents=True)
            (folder / "email.txt").write_bytes(octets.replace(b"\r\n", b"\n"))
        for path in (self.folder / "home", *(self.folder / "home").rglob("*")):
            shutil.chown(path, _OWNER, _OWNER)

    def start(self) -> None:
        files = [f"/etc/amavis/conf.d/{name}" for name in _FILES]
        options = [word for path in (*files, self.folder / "amavisd.conf") for word in ("-c", path)]
        self.run(_PROGRAM, *options, "foreground")

    def check(self, indices: Iterable[int]) -> None:
        """One after the other, on a connection of their own, which occupies a child."""
        with socket.create_connection((HOST, self.port), TIMEOUT) as connection:
            for index in indices:
                folder = self._mails / str(index)
                connection.sendall(_REQUEST.format(folder=folder).encode())
                answer = _answer(connection)
                if b"return_value=continue\r\n" not in answer:
                    raise Unexpected(repr(answer))


def _answer(connection: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        octets = connection.recv(1 << 16)
        if not octets:
            raise Unexpected(f"closed behind {answer!r}")
        answer += octets
    return answer
