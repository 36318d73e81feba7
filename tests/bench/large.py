"""large - sessions that all fetch a mail of 100 MiB at once: python -m tests.bench.large

    --sessions 20 --mib 100 --seconds 120

The mail is scanned (no engine is asked) and passes as it is.  Prints how many sessions got
all octets, by their hash; how much RssAnon (proc(5)) of each child grew; and the time until
the last was served.  Whoever has not ended after so many seconds counts as not served.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import tempfile
import threading
import time
from pathlib import Path

from tests.support.daemons import busy
from tests.support.dovecot import PASSWORD
from tests.support.mail_policies import USER, MailPolicies, Policy
from tests.support.mail_samples import TEXT, mixed, part
from tests.support.memory import MIB, anonymous
from tests.support.peers import Peer, connect

MOST = 32  # MiB that a child may grow


def session(port: int) -> Peer:
    client = connect(port)
    client.socket.settimeout(None)
    client.line()
    client.command(b"LOGIN %b %b" % (USER.encode(), PASSWORD.encode()))
    assert b"x OK" in client.command(b"SELECT INBOX")
    return client


def digest(client: Peer) -> bytes:
    """SHA-256 of the mail; its octets are read past the peer, which would keep them."""
    client.send(b"a FETCH 1 (BODY.PEEK[])\r\n")
    with client.socket.makefile("rb", MIB) as file:
        line = file.readline()
        while line.startswith(b"* OK"):  # INPROGRESS, RFC 9585
            line = file.readline()
        left, hashed = int(line[line.index(b"{") + 1 : -3]), hashlib.sha256()
        while left:
            octets = file.read(min(left, MIB))
            if not octets:
                raise EOFError(f"{left} octets are missing")
            hashed.update(octets)
            left -= len(octets)
        assert file.readline() == b")\r\n" and file.readline().startswith(b"a OK")
    return hashed.digest()


class Run:
    """What has come of the sessions so far."""

    def __init__(self, wanted: bytes) -> None:
        self._wanted = wanted
        self.right = 0
        self.failures: list[str] = []
        self._lock = threading.Lock()

    def fetch(self, client: Peer) -> None:
        try:
            right = digest(client) == self._wanted
        except (OSError, EOFError, ValueError, AssertionError) as failure:
            self.failures.append(f"{type(failure).__name__}: {failure}")
            return
        with self._lock:
            self.right += right


def measure(policies: MailPolicies, mail: bytes, count: int, seconds: float) -> None:
    run = Run(hashlib.sha256(mail).digest())
    clients = [session(policies.port("passes")) for _ in range(count)]
    before = {pid: anonymous(pid) for pid in busy(policies.proxy.pid)}
    most, start = dict(before), time.monotonic()
    threads = [
        threading.Thread(target=run.fetch, args=(client,), daemon=True) for client in clients
    ]
    for thread in threads:
        thread.start()
    while any(it.is_alive() for it in threads) and time.monotonic() < start + seconds:
        for pid in most:
            most[pid] = max(most[pid], anonymous(pid))
        time.sleep(0.05)
    took = time.monotonic() - start
    grown = sorted((most[pid] - before[pid]) / MIB for pid in before)
    print(f"{run.right} of {count} sessions got all {len(mail) / MIB:.1f} MiB right, {took:.1f} s")
    print(f"IMAP-760 tells of {len(policies.proxy.logged('IMAP-760'))} mails that were looked at")
    print(f"RssAnon of {len(grown)} children grew by MiB: " + " ".join(f"{it:.1f}" for it in grown))
    print(f"the most: {grown[-1]:.1f} MiB, {'below' if grown[-1] < MOST else 'NOT below'} {MOST}")
    for failure in run.failures:
        print(failure)
    for client in clients:
        client.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--mib", type=int, default=100, help="octets of the mail, in MiB")
    parser.add_argument("--seconds", type=float, default=120)
    options = parser.parse_args()
    large = os.urandom(options.mib * MIB * 3 // 4)
    mail = mixed(TEXT, part("application/octet-stream", large, name="large.bin"))
    with (
        tempfile.TemporaryDirectory() as folder,
        MailPolicies(Path(folder), [Policy("passes")], {"large": mail}) as policies,
    ):
        measure(policies, mail, options.sessions, options.seconds)


if __name__ == "__main__":
    main()
