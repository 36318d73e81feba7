"""scan - what the checking of mails costs, beside amavisd-new: python -m tests.bench.scan

    [--mails 60] [--size 100000] [--passes 3] [--seconds 75]

In this process: the path of a mail without engines, and html-filter.  Then through the real
program, before Dovecot: two clients FETCH half of the mailbox each, in sessions of their own.
amavisd-new, if it is installed and port 783 is free, gets the same mails from two clients, and asks
the same clamd and spamd.  What the columns mean stands in README.md.  Needs root, clamd and spamd.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Callable, Sequence

from tests.support.dovecot import Dovecot
from tests.support.engines import Clamd, Spamd
from tests.support.ports import HOST, is_listening
from tests.support.proxy import Proxy

from . import attached, in_process
from .accounting import cpu_seconds
from .amavis import SPAMD_PORT, Amavis, is_installed
from .client import USER, Client
from .tables import aligned, cell, machine, ratios

CLIENTS = 2
REST = 0.3  # seconds for what a target does behind its last answer

COLD, CACHED, AMAVIS = "clamd, spamd, cold", "clamd, spamd, cached", "amavisd-new"
_SCANNING = "mail-acl ALL { accept; } doc-acl ALL { accept; }"
_ENGINES = "use-antivirus enable CLAMD; use-antispam enable SPAMD;"
_CONFIGURATION = """
version IMAP4-PROXY-1_0-RELEASE;
antivirus CLAMD {{ connection clamav [{host}] : {clamd}; }}
antispam SPAMD {{ connection [{host}] : {spamd}; }}
imap4-proxy BENCH {{
    nodaemon;
    log-debug {{ file "{folder}/debug.log"; }}
    log-stats {{ file "{folder}/stats.log"; }}
    listen-on {{ non-transparent [{host}] port {{port}}; }}
    tcpserver {{ init-children 4; min-idle 2; max-idle 8; }}
    mail-pool {{ dir "{folder}"; free 0; }}
    verdict-cache {{ path "{folder}/verdicts.sqlite"; }}
    session-acl ALL {{ plug-to [{host}] : {server}; accept; }}
    command-acl ALL {{ {command} accept; }}
    {mail}
}}
"""


@dataclass(frozen=True)
class Sample:
    """All mails once, in a second; CPU seconds for a mail, of the target and of both engines."""

    mails: float
    octets: float
    own: float
    engines: float


# Heading, factor to the unit that is shown, digits; as the fields of Sample.
COLUMNS = (
    ("mails/s", 1, 1),
    ("MB/s", 1e-6, 2),
    ("CPU ms/mail", 1e3, 2),
    ("engines' CPU ms/mail", 1e3, 1),
)
Samples = dict[str, list[Sample]]


@dataclass(frozen=True)
class Bench:
    """What all targets have in common."""

    sizes: Sequence[int]  # of the mails, in octets
    clamd: Clamd
    spamd: Spamd

    def measure(self, pid: int, work: Callable[[int], int]) -> Sample:
        """`work(client)` of all clients at once returns octets; `pid` is what is measured."""
        own, engines, start = cpu_seconds(pid), self._engines(), time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            octets = sum(pool.map(work, range(CLIENTS)))
        seconds = time.perf_counter() - start
        if octets < sum(self.sizes):
            raise SystemExit(f"{octets} octets are fewer than the mails have")
        time.sleep(REST)
        return Sample(
            self.mails / seconds,
            octets / seconds,
            (cpu_seconds(pid) - own) / self.mails,
            (self._engines() - engines) / self.mails,
        )

    @property
    def mails(self) -> int:
        return len(self.sizes)

    def _engines(self) -> float:
        pids = (engine.process.pid for engine in (self.clamd, self.spamd) if engine.process)
        return sum(map(cpu_seconds, pids))

    def share(self, client: int) -> range:
        """Which mails are that client's, from 0."""
        return range(self.mails * client // CLIENTS, self.mails * (client + 1) // CLIENTS)

    def configuration(self, folder: Path, server: int, command: str, mail: str) -> str:
        return _CONFIGURATION.format(
            folder=folder,
            host=HOST,
            clamd=self.clamd.port,
            spamd=self.spamd.port,
            server=server,
            command=command,
            mail=mail,
        )


def proxied(bench: Bench, server: int, command: str, mail: str, names: Sequence[str]) -> Samples:
    """A new proxy with an empty verdict-cache; the mailbox is fetched once for each name."""
    with tempfile.TemporaryDirectory(prefix="bench-scan-") as name:
        folder = Path(name)
        text = bench.configuration(folder, server, command, mail)
        with Proxy(folder, configuration=text) as proxy:
            with Client(proxy.port):
                pass

            def fetch(client: int) -> int:
                share = bench.share(client)
                with Client(proxy.port) as session:
                    session.command(b"SELECT INBOX")
                    return session.command(
                        b"FETCH %d:%d (BODY.PEEK[])" % (share.start + 1, share.stop)
                    )

            return {name: [bench.measure(proxy.pid, fetch)] for name in names}


def checked(bench: Bench, amavis: Amavis) -> Sample:
    assert amavis.process is not None

    def check(client: int) -> int:
        amavis.check(bench.share(client))
        return sum(bench.sizes[index] for index in bench.share(client))

    return bench.measure(amavis.process.pid, check)


def one_pass(bench: Bench, server: int, amavis: Amavis | None) -> Samples:
    found: Samples = {}
    found |= proxied(bench, server, "no-mail-scanning;", "", ("not scanned",))
    found |= proxied(bench, server, "", _SCANNING, ("scanned, no engines",))
    found |= proxied(bench, server, _ENGINES, _SCANNING, (COLD, CACHED))
    if amavis is not None:
        found[AMAVIS] = [checked(bench, amavis)]
    return found


def run(mails: Sequence[bytes], options: argparse.Namespace) -> Samples:
    samples: Samples = {}
    with ExitStack() as stack:
        server = stack.enter_context(Dovecot())
        server.fill(USER.decode(), mails)
        clamd, spamd = stack.enter_context(Clamd()), Spamd()
        compares = is_installed() and not is_listening(SPAMD_PORT)
        if compares:
            spamd.port = SPAMD_PORT
        stack.enter_context(spamd)
        bench = Bench([len(octets) for octets in mails], clamd, spamd)
        amavis = stack.enter_context(Amavis(clamd, mails)) if compares else None
        if amavis is not None:
            amavis.check((0,))  # spamd, too, loads some things late
        end = time.monotonic() + options.seconds
        for _ in range(options.passes):
            if samples and time.monotonic() > end:
                break
            for name, [sample] in one_pass(bench, server.port, amavis).items():
                samples.setdefault(name, []).append(sample)
    return samples


def main() -> None:
    options = _options()
    print(machine())
    mails = attached.mails(options.mails, options.size)
    print(f"processing, no engines: {in_process.processing(mails) / 1e6:.0f} MB/s of CPU time")
    for kind, dirty in (("clean", False), ("dirty", True)):
        document = in_process.html(options.size, dirty)
        rate = in_process.html_filter(document, changes=dirty)
        print(f"html-filter, {kind}: {rate / 1e3:.0f} KB/s of CPU time")
    samples = run(mails, options)
    print("\n" + _table([(name, _shown(values)) for name, values in samples.items()]))
    if AMAVIS in samples:
        print("\n" + _table([
            (f"{name} / {AMAVIS}", _ratios(samples[name], samples[AMAVIS]))
            for name in (COLD, CACHED)
        ]))
    else:
        print(f"\n{AMAVIS} is not installed, or port {SPAMD_PORT} is taken")


def _shown(samples: Sequence[Sample]) -> list[str]:
    rows = zip(*map(astuple, samples))
    return [
        cell([value * factor for value in row], digits)
        for row, (_, factor, digits) in zip(rows, COLUMNS)
    ]


def _ratios(ours: Sequence[Sample], theirs: Sequence[Sample]) -> list[str]:
    pairs = zip(zip(*map(astuple, ours)), zip(*map(astuple, theirs)))
    return [cell(ratios(mine, other), 2) for mine, other in pairs]


def _table(rows: Sequence[tuple[str, list[str]]]) -> str:
    head = ["", *(heading for heading, _, _ in COLUMNS)]
    return aligned([head, *([name, *row] for name, row in rows)])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scan")
    parser.add_argument("--mails", type=int, default=60, help="in the mailbox (60)")
    parser.add_argument("--size", type=int, default=100_000, help="octets of a mail (100000)")
    parser.add_argument("--passes", type=int, default=3, help="over all targets (3)")
    parser.add_argument("--seconds", type=float, default=75, help="no pass begins later (75)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
