"""The demonstration: a small mailbox, two engines, the proxy before them, and how to connect.

    python -m imap4proxy.demo [--port PORT] [--server HOST:PORT]

Ends by Ctrl-C, and leaves nothing behind.
"""

from __future__ import annotations

import argparse
import importlib.util
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn, Optional, Sequence

from .configuration import Places, adapt, sample
from .mails import put
from .program import HOST, Ended, Program, free_port
from .server import Server
from .words import PASSWORD, USER, how_to_connect

PORT = 1143  # for the proxy, if nobody has it
WATCHING = 0.2  # seconds between two looks at the programs


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Exit status: 0 after Ctrl-C or SIGTERM, 1 if a program failed, 2 for wrong usage."""
    options = _parse(arguments)
    if options.server is None and importlib.util.find_spec("pymap") is None:
        print("pymap is missing: pip install '.[demo]', or give --server", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with ExitStack() as stack:
            _show(options, stack)
    except KeyboardInterrupt:
        print("\nThe proxy and the server have ended.")
        return 0
    except Ended as ended:
        print(f"imap4proxy.demo: {ended}", file=sys.stderr)
        return 1


def _parse(arguments: Optional[Sequence[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m imap4proxy.demo",
        description="Start a small mailbox and the proxy before it; Ctrl-C ends both.",
    )
    parser.add_argument(
        "--port", type=int, default=PORT, help="where the proxy listens (%(default)s, or any free)"
    )
    parser.add_argument(
        "--server",
        type=_server,
        metavar="HOST:PORT",
        help="your own server instead of the mailbox: by TLS on port 993, else by STARTTLS",
    )
    return parser.parse_args(arguments)


def _server(text: str) -> Server:
    try:
        return Server.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _show(options: argparse.Namespace, stack: ExitStack) -> NoReturn:
    """Start everything, tell how to connect, wait; what is on the stack ends it all."""
    programs, uids = [], None
    server = options.server
    if server is None:
        server = Server(HOST, free_port())
        programs.append(_start_mailbox(server.port, stack))
        uids = put(server.port, USER, PASSWORD)
    antivirus, antispam = free_port(), free_port()
    programs.append(_start_engines(antivirus, antispam, stack))
    port = free_port(options.port)
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="imap4-proxy-demo-"))
    places = Places(port, server, antivirus, antispam, folder)
    programs.append(_start_proxy(places, stack))
    print(how_to_connect(port, uids), flush=True)
    while True:
        for program in programs:
            program.check()
        time.sleep(WATCHING)


def _start_mailbox(port: int, stack: ExitStack) -> Program:
    start = "from pymap.main import main; main()"  # it has no module to be run by -m
    options = ["--host", HOST, "--port", str(port), "--no-tls", "dict", "--demo-data"]
    return _start("mailbox", ["-c", start, *options], port, stack)


def _start_engines(antivirus: int, antispam: int, stack: ExitStack) -> Program:
    ports = [str(antivirus), str(antispam)]
    return _start("engines", ["-m", "imap4proxy.demo.engines", *ports], antivirus, stack)


def _start_proxy(places: Places, stack: ExitStack) -> Program:
    path = Path(places.folder) / "demo.cfg"
    path.write_text(adapt(sample(), places))
    return _start("proxy", ["-m", "imap4proxy.main", "-f", str(path)], places.port, stack)


def _start(name: str, arguments: list[str], port: int, stack: ExitStack) -> Program:
    program = Program(name, [sys.executable, *arguments])
    stack.callback(program.stop)
    program.wait_for_port(port)
    return program


if __name__ == "__main__":
    sys.exit(main())
