"""reload - ten reloads under new connections: python -m tests.bench.reload

    --rate 50 --seconds 30 --reloads 10

New sessions at a steady rate for some time, each LOGIN, NOOP, LOGOUT; and one that
stays open throughout.  Meanwhile SIGHUP, every second time with a broken file.
Prints how many sessions were served, refused or cut, what the log says of the
reloads, and whether the listening socket is the same at the end (its inode).
"""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
import threading
import time
from pathlib import Path

from tests.support.fake_imap import obliging
from tests.support.peers import FakeServer
from tests.support.proxy import Proxy

from .client import Client, Unexpected

ITEMS = "tcpserver { init-children 20; min-idle 10; max-idle 40; max-children 200; }"


class Tally:
    """What became of the sessions."""

    def __init__(self) -> None:
        self.served = 0
        self.failures: list[str] = []

    def session(self, port: int) -> None:
        try:
            with Client(port) as client:
                client.command(b"NOOP")
            self.served += 1
        except (OSError, Unexpected) as failure:
            self.failures.append(f"{type(failure).__name__}: {failure}")


def inode(port: int) -> str:
    """The listening socket of `port`, as the kernel numbers it."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        if words[1].endswith(f":{port:04X}") and words[3] == "0A":
            return words[9]
    raise RuntimeError("nobody listens")


def reload(proxy: Proxy, good: str, broken: bool) -> None:
    proxy.path.write_text(good.replace("accept;", "acept;", 1) if broken else good)
    os.kill(proxy.pid, signal.SIGHUP)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=int, default=50, help="new sessions a second")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--reloads", type=int, default=10)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        FakeServer(obliging()) as server,
        Proxy(Path(folder), server.port, items=ITEMS, level="normal") as proxy,
    ):
        good, before, tally = proxy.path.read_text(), inode(proxy.port), Tally()
        stays = Client(proxy.port)
        threads, start = [], time.monotonic()
        every = options.rate * options.seconds // (options.reloads + 1)
        for number in range(options.rate * options.seconds):
            if number and number % every == 0 and number // every <= options.reloads:
                reload(proxy, good, broken=number // every % 2 == 0)
            thread = threading.Thread(target=tally.session, args=(proxy.port,))
            thread.start()
            threads.append(thread)
            time.sleep(max(0.0, start + (number + 1) / options.rate - time.monotonic()))
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - start
        with stays:
            stays.command(b"NOOP")
        print(f"sessions served {tally.served} in {seconds:.1f} s, failed {len(tally.failures)}")
        print("\n".join(tally.failures[:5]))
        print("the session that stayed open was served to its end")
        print(f"listening socket: inode {before} before, {inode(proxy.port)} behind")
        in_force, refused = len(proxy.logged("TCPS-701")) - 1, len(proxy.logged("TCPS-646"))
        print(f"reloads: {in_force} came into force, {refused} were refused")


if __name__ == "__main__":
    main()
