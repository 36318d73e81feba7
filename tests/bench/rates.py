"""rates - a flood from one address while another is served: python -m tests.bench.rates

    --rate 1000 --seconds 10

The proxy in listener mode with conn-rate-per-ip 10.  One client (127.0.0.1) opens
sessions one after the other; then it does so again while another address (127.0.0.2)
opens connections at a rate that the limit does not allow.  Prints the first client's
time from connecting to the end of LOGOUT, without and with the flood, and what the
flood was given.
"""

from __future__ import annotations

import argparse
import socket
import statistics
import tempfile
import threading
import time
from pathlib import Path

from tests.support.fake_imap import obliging
from tests.support.peers import FakeServer
from tests.support.proxy import Proxy

from .client import Client

ITEMS = (
    "tcpserver { init-children 10; min-idle 5; max-idle 20; "
    "listener yes; conn-rate 2000; conn-rate-per-ip 10; }"
)
FLOODER = "127.0.0.2"
PAUSE = 0.15  # seconds between two sessions of the client: below its own limit


class Flood(threading.Thread):
    """Connections from one address at a steady rate; how many were served and closed."""

    def __init__(self, port: int, rate: int) -> None:
        super().__init__()
        self._port, self._rate = port, rate
        self.over = threading.Event()
        self.made = self.greeted = 0

    def run(self) -> None:
        start = time.monotonic()
        while not self.over.is_set():
            with socket.create_connection(("127.0.0.1", self._port), 10, (FLOODER, 0)) as flooding:
                self.made += 1
                try:
                    self.greeted += bool(flooding.recv(4))
                except ConnectionResetError:
                    pass
            time.sleep(max(0.0, start + self.made / self._rate - time.monotonic()))


def latency(port: int, seconds: float) -> tuple[float, float]:
    """Median and worst time of a session, in milliseconds."""
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.monotonic()
        with Client(port):
            pass
        times.append((time.monotonic() - begun) * 1000)
        time.sleep(PAUSE)
    return statistics.median(times), max(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=int, default=1000, help="connections a second")
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        FakeServer(obliging()) as server,
        Proxy(Path(folder), server.port, items=ITEMS, level="warning") as proxy,
    ):
        print("without: median %.1f ms, worst %.1f ms" % latency(proxy.port, options.seconds))
        flood = Flood(proxy.port, options.rate)
        flood.start()
        print("with:    median %.1f ms, worst %.1f ms" % latency(proxy.port, options.seconds))
        flood.over.set()
        flood.join()
        rate = flood.made / options.seconds
        print(f"flood:   {flood.made} connections ({rate:.0f} a second), {flood.greeted} served")


if __name__ == "__main__":
    main()
