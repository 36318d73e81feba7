"""mail_programs - how each mail program fetches a whole mailbox, without a user at hand.

    PROGRAMS["mutt"](folder, Endpoint(port, "starttls", ca))  -> the mails of INBOX, by number
    in_maildir(folder)      what mbsync or offlineimap has got there, though it failed
    delivered(folder)       ... or another one

All log in as `USER` and check the server's certificate against `ca`, for the name
localhost.  Mails come back with CRLF, and without what the program added itself.
"""

from __future__ import annotations

import imaplib
import os
import pty
import re
import ssl
import subprocess
from pathlib import Path
from typing import Callable, Iterable, NamedTuple

from .dovecot import PASSWORD

USER = "alice"
SERVER = "localhost"
PLAIN, TLS, STARTTLS = SECURITIES = ("plain", "tls", "starttls")


# Of a session without TLS mbsync warns as it has to, and fetchmail of who starts it.
_COMPLAINT = re.compile("(?<!IMAP )warning(?!: Running as root)|error", re.IGNORECASE)


class Endpoint(NamedTuple):
    """Where to connect, and how: one of SECURITIES."""

    port: int
    security: str
    ca: str


def _run(command: list[object], seconds: float = 120) -> None:
    done = subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=seconds,
    )
    said = done.stdout.decode(errors="backslashreplace")
    assert done.returncode == 0 and not _COMPLAINT.search(said), said


def _read(paths: Iterable[Path]) -> list[bytes]:
    return [re.sub(rb"\r?\n", b"\r\n", path.read_bytes()) for path in paths]


def _maildir(folder: Path) -> list[Path]:
    """The files of a maildir by the UID that mbsync and offlineimap note in their names."""
    found = re.compile(r"U=(\d+)").search
    files = [path for path in folder.rglob("*") if path.is_file() and found(path.name)]
    return sorted(files, key=lambda path: int(found(path.name)[1]))  # type: ignore[index]


def in_maildir(folder: Path) -> list[bytes]:
    mails = _read(_maildir(folder))
    return [re.sub(rb"\r\nX-TUID: [^\r]*", b"", mail, count=1) for mail in mails]


def delivered(folder: Path) -> list[bytes]:
    """What one of the other programs has got there, likewise."""
    return _read(sorted((folder / "mail").iterdir(), key=lambda path: int(path.name)))


def mbsync(folder: Path, endpoint: Endpoint) -> list[bytes]:
    kind = {PLAIN: "None", TLS: "IMAPS", STARTTLS: "STARTTLS"}[endpoint.security]
    (folder / "mail").mkdir()
    (folder / "rc").write_text(
        f"IMAPAccount test\nHost {SERVER}\nPort {endpoint.port}\nUser {USER}\nPass {PASSWORD}\n"
        f"AuthMechs LOGIN\nSSLType {kind}\nSystemCertificates no\nCertificateFile {endpoint.ca}\n\n"
        "IMAPStore far\nAccount test\n\n"
        f"MaildirStore near\nPath {folder}/mail/\nInbox {folder}/mail/INBOX\n\n"
        "Channel all\nFar :far:\nNear :near:\nPatterns INBOX\nCreate Near\nSyncState *\n"
    )
    _run(["mbsync", "-c", folder / "rc", "-a"])
    return in_maildir(folder / "mail")


def offlineimap(folder: Path, endpoint: Endpoint) -> list[bytes]:
    secured = "" if endpoint.security == PLAIN else f"sslcacertfile = {endpoint.ca}\n"
    (folder / "rc").write_text(
        f"[general]\naccounts = test\nmetadata = {folder}/meta\nui = basic\n"
        "[Account test]\nlocalrepository = near\nremoterepository = far\n"
        f"[Repository near]\ntype = Maildir\nlocalfolders = {folder}/mail\n"
        f"[Repository far]\ntype = IMAP\nremotehost = {SERVER}\nremoteport = {endpoint.port}\n"
        f"remoteuser = {USER}\nremotepass = {PASSWORD}\nreadonly = True\ncreatefolders = False\n"
        f"ssl = {'yes' if endpoint.security == TLS else 'no'}\n"
        f"starttls = {'yes' if endpoint.security == STARTTLS else 'no'}\n"
        f"{secured}folderfilter = lambda name: name == 'INBOX'\n"
    )
    for _ in range(5):
        try:
            _run(["offlineimap", "-c", folder / "rc", "-o"], 30)
            break
        except subprocess.TimeoutExpired:  # imaplib2's reader may miss the answer to STARTTLS
            assert endpoint.security == STARTTLS
    return in_maildir(folder / "mail")


def curl(folder: Path, endpoint: Endpoint) -> list[bytes]:
    scheme = "imaps" if endpoint.security == TLS else "imap"
    url = f"{scheme}://{SERVER}:{endpoint.port}/INBOX"
    command = ["curl", "--silent", "--show-error", "--fail", "--cacert", endpoint.ca]
    if endpoint.security == STARTTLS:
        command.append("--ssl-reqd")
    command += ["--user", f"{USER}:{PASSWORD}"]
    _run([*command, url, "--request", "STATUS INBOX (MESSAGES)", "--output", folder / "status"])
    count = int((folder / "status").read_bytes().split()[-1].rstrip(b")"))
    (folder / "mail").mkdir()
    _run([*command, f"{url};UID=[1-{count}]", "--output", f"{folder}/mail/#1"])
    return delivered(folder)


def mutt(folder: Path, endpoint: Endpoint) -> list[bytes]:
    """In a terminal of its own, where it is told: tag all, pipe each to a file, quit."""
    scheme = "imaps" if endpoint.security == TLS else "imap"
    starttls = "yes" if endpoint.security == STARTTLS else "no"
    (folder / "mail").mkdir()
    (folder / "rc").write_text(
        f"set imap_user={USER} imap_pass={PASSWORD} imap_peek=yes folder={folder}\n"
        f"set ssl_starttls={starttls} ssl_force_tls={starttls}\n"
        f"set ssl_ca_certificates_file={endpoint.ca} certificate_file={folder}/certificates\n"
        "set sort=mailbox-order pipe_split=yes pipe_sep='' pipe_decode=no wait_key=no\n"
        "set delete=no move=no\n"
    )
    keys = "T~A<enter>;|cat > mail/\\$(ls mail | wc -l)<enter>q"  # mutt cuts long ones
    url = f"{scheme}://{SERVER}:{endpoint.port}/INBOX"
    _run_in_terminal(
        ["mutt", "-n", "-F", str(folder / "rc"), "-f", url, "-e", f'push "{keys}"'], folder
    )
    return delivered(folder)


def _run_in_terminal(command: list[str], home: Path) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(home)
        os.environ.update(TERM="xterm", HOME=str(home))
        os.execvp(command[0], command)
    screen = b""
    try:
        while octets := os.read(terminal, 65536):
            screen += octets
    except OSError:  # how the end of a terminal shows
        pass
    os.close(terminal)
    assert os.waitpid(pid, 0)[1] == 0, screen.decode(errors="backslashreplace")


def fetchmail(folder: Path, endpoint: Endpoint) -> list[bytes]:
    checked = f"sslproto TLS1.2+ sslcertck sslcertfile {endpoint.ca}"
    security = {PLAIN: "sslproto ''", TLS: f"ssl {checked}", STARTTLS: checked}[endpoint.security]
    (folder / "mail").mkdir()
    (folder / "rc").write_text(
        "set invisible\nset no bouncemail\n"
        f"poll {SERVER} protocol imap port {endpoint.port} auth password\n"
        f"user {USER} password {PASSWORD} {security}\n"
        "fetchall keep no rewrite no dropstatus no mimedecode pass8bits no stripcr\n"
        f'mda "cat > {folder}/mail/$(ls {folder}/mail | wc -l)"\n'
    )
    (folder / "rc").chmod(0o600)
    command = ["fetchmail", "-f", folder / "rc", "--nosyslog", "--pidfile", folder / "pid"]
    _run(["env", f"FETCHMAILHOME={folder}", *command])
    return delivered(folder)


def python_imaplib(folder: Path, endpoint: Endpoint) -> list[bytes]:
    context = ssl.create_default_context(cafile=endpoint.ca)
    if endpoint.security == TLS:
        client: imaplib.IMAP4 = imaplib.IMAP4_SSL(SERVER, endpoint.port, ssl_context=context)
    else:
        client = imaplib.IMAP4(SERVER, endpoint.port)
    with client:
        if endpoint.security == STARTTLS:
            client.starttls(context)
        client.login(USER, PASSWORD)
        client.select("INBOX", readonly=True)
        _, answer = client.fetch("1:*", "(UID BODY.PEEK[])")  # type: ignore[assignment]
    return [piece[1] for piece in answer if isinstance(piece, tuple)]


PROGRAMS: dict[str, Callable[[Path, Endpoint], list[bytes]]] = {
    "mbsync": mbsync,
    "offlineimap3": offlineimap,
    "curl": curl,
    "mutt": mutt,
    "fetchmail": fetchmail,
    "imaplib": python_imaplib,
}
