"""A disk that is full, under the mail pool, the quarantine, the log and the verdict-cache.

Each lies on a small file system of its own, in a mount namespace that ends with the proxy.
What cannot be kept is not passed, what is lost is counted, and with room again all is as before.
Needs root.  `pytest -s` prints what became of each.
"""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path
from typing import Callable, Iterator

import pytest

from tests.support.daemons import lives
from tests.support.fault_table import FaultTable
from tests.support.faulty_session import FOLDERS, FORBIDDEN, GOOD, REFUSED, USUAL, FaultySessions
from tests.support.peers import FakeServer, Peer
from tests.support.ports import HOST
from tests.support.waiting import wait_until

DISK = 512 << 10  # octets of each file system
DIED = ("TCPS-640", "TCPS-641", "TCPS-645")

Make = Callable[..., FaultySessions]


@pytest.fixture(scope="module")
def table() -> Iterator[FaultTable]:
    table = FaultTable("full disks")
    yield table
    print(table)


class OnSmallDisks(FaultySessions):
    """Each folder is a file system; `there` is a folder as the proxy sees it."""

    def __init__(self, folder: Path, **parts: str) -> None:
        mounts = "".join(
            f"mount -t tmpfs -o size={DISK},mode=700 tmpfs '{folder}/{name}' && "
            for name in FOLDERS
        )
        prefix = ("unshare", "--mount", "sh", "-c", f'{mounts} exec "$@"', "sh")
        super().__init__(folder, prefix=prefix, **parts)
        self._folder = folder

    def there(self, name: str) -> Path:
        return Path(f"/proc/{self.pid}/root{self._folder}/{name}")

    def fill(self, name: str, room: int = 0) -> None:
        """Leave so many octets."""
        with (self.there(name) / "filler").open("wb", buffering=0) as filler:
            try:
                while filler.write(bytes(4096)):
                    pass
            except OSError:
                filler.truncate(max(0, filler.tell() - room))
            os.fsync(filler.fileno())

    def empty(self, name: str) -> None:
        (self.there(name) / "filler").unlink()

    def healthy(self, children: list[int]) -> bool:
        return all(map(lives, children)) and not any(map(self.logged, DIED))


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[OnSmallDisks] = []

    def make(**parts: str) -> OnSmallDisks:
        made.append(OnSmallDisks(tmp_path, **parts))
        made[-1].__enter__()
        return made[-1]

    yield make
    for proxy in made:
        proxy.__exit__(None, None, None)


def test_mail_pool(make: Make, table: FaultTable) -> None:
    """Neither download nor upload; nothing is left of what there was no room for."""
    proxy = make()
    children = proxy.children()
    proxy.fill("pool")  # before any session: of one, pages may be freed a little later
    with table.case("mail pool is full", children[0]) as row:
        assert proxy.play("scanned") == REFUSED
        row.outcome = "mails refused, IMAP-620, session goes on"
    assert all("would stay free" in line for line in proxy.wait_for("IMAP-620", 4))
    assert len(proxy.logged("IMAP-620")) == 4  # once for each mail
    proxy.empty("pool")
    with table.case("mail pool has room again", children[0]) as row:
        assert proxy.play("scanned") == USUAL
        row.outcome = "as usual"
    assert proxy.healthy(children) and not list(proxy.there("pool").iterdir())


def kept(proxy: OnSmallDisks) -> list[bytes]:
    """The mails in quarantine; each has its record."""
    folder = proxy.there("quarantine")
    mails = sorted(folder.glob("*.eml"))
    assert sorted(path.with_suffix(".eml") for path in folder.glob("*.json")) == mails
    return [path.read_bytes() for path in mails]


@pytest.mark.parametrize("room", [0, 4096], ids=["nothing fits", "only the mail fits"])
def test_quarantine(make: Make, table: FaultTable, room: int) -> None:
    """A mail that is to be kept is denied even where the policy would let it pass."""
    keep = 'quarantine "FOLDER/quarantine";'
    proxy = make(keep=keep)
    children = proxy.children()
    assert proxy.play("scanned") == USUAL
    assert sorted(kept(proxy)) == sorted([GOOD, GOOD, FORBIDDEN, FORBIDDEN])
    proxy.fill("quarantine", room)
    with table.case(f"quarantine is full, {room} octets are left", children[0]) as row:
        assert proxy.play("scanned") == REFUSED
        row.outcome = "mails denied, IMAP-622, session goes on"
    assert len(proxy.wait_for("IMAP-622", 4)) == 4
    assert sorted(kept(proxy)) == sorted([GOOD, GOOD, FORBIDDEN, FORBIDDEN])
    proxy.empty("quarantine")
    with table.case("quarantine has room again", children[0]) as row:
        assert proxy.play("scanned") == USUAL
        row.outcome = "as usual"
    assert sorted(kept(proxy)) == sorted(2 * [GOOD, GOOD, FORBIDDEN, FORBIDDEN])
    assert proxy.healthy(children)


def test_log(make: Make, table: FaultTable) -> None:
    """Each line is there or counted, no line is half there, and sessions do not wait for any."""
    proxy = make(log='file "FOLDER/logs/debug.log";')
    children, path = proxy.children(), proxy.there("logs") / "debug.log"

    def lines() -> list[str]:
        return path.read_text().splitlines()

    def ended() -> int:
        return sum("IMAP-702-I" in line for line in lines())

    wait_until(lambda: "TCPS-701" in path.read_text(), "the start")
    before = len(lines())
    assert proxy.play("scanned") == USUAL
    wait_until(lambda: ended() == 1, "the end of the session")
    each = len(lines()) - before
    proxy.fill("logs")
    with table.case("log is full", children[0]) as row:
        for _ in range(5):
            assert proxy.play("scanned") == USUAL
        row.outcome = "sessions as usual, lines lost and counted"
    seen = ended()
    assert seen < 6
    proxy.empty("logs")
    with table.case("log has room again", children[0]) as row:
        assert proxy.play("scanned") == USUAL
        wait_until(lambda: ended() > seen, "the last session")
        row.outcome = "APPL-880 tells how many"
    counts = list(map(int, re.findall(r"APPL-880-W LOG-LINES-LOST COUNT=(\d+)", path.read_text())))
    assert path.read_text().endswith("\n")
    assert all(" imap4-proxy[" in line for line in lines())
    assert before + 7 * each == len(lines()) - len(counts) + sum(counts)
    assert all(map(lives, children))


def clean(peer: Peer) -> None:
    """clamd, which finds nothing."""
    command = peer.until(b"\0")
    if command == b"zVERSION\0":
        peer.send(b"ClamAV 1.0.0/27000/Mon Mar  2 10:00:00 2026\0")
    elif command == b"zINSTREAM\0":
        while size := int.from_bytes(peer.take(4)):
            peer.take(size)
        peer.send(b"stream: OK\0")
    peer.rest()


def asked(engine: FakeServer) -> int:
    """How many mails it was asked about."""
    return engine.received.count(b"zINSTREAM")


def test_verdict_cache(make: Make, table: FaultTable) -> None:
    """Engines are asked as if there were no cache, which is told once."""
    with FakeServer(clean) as engine:
        proxy = make(
            sections=f"antivirus CLAM {{ connection clamav [{HOST}] : {engine.port}; }}",
            more='verdict-cache { path "FOLDER/cache/verdicts"; }',
            scanning="use-antivirus enable CLAM;",
            keep="virus-status free;",
        )
        [child] = proxy.children()[:1]
        proxy.fill("cache")
        with table.case("verdict-cache is full", child) as row:
            assert proxy.play("scanned") == USUAL
            row.outcome = "engines are asked, MAVC-820, session goes on"
        assert asked(engine) >= 4 and len(proxy.wait_for("MAVC-820")) == 1
        proxy.empty("cache")
        assert proxy.healthy([child])
        for it in proxy.children():  # each leaves the cache alone for half a minute
            os.kill(it, signal.SIGQUIT)
        wait_until(lambda: child not in proxy.children(), "new children")
        with table.case("verdict-cache has room again", proxy.children()[0]) as row:
            assert proxy.play("scanned") == USUAL
            before = asked(engine)
            assert proxy.play("scanned") == USUAL and asked(engine) == before
            row.outcome = "verdicts are kept"
        assert not any(map(proxy.logged, DIED))
