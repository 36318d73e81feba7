"""monitor - the program kernun-monitor: what the proxies of this machine are doing.

    kernun-monitor [-h] [-g [-f]] [-d dir] [-o file] [-r sec] [-c cols] [-t n [-T col]] [-s col]
                   [application...]
    kernun-monitor [-d dir] -k pid

It reads what the proxies publish (publish.py) and needs none that runs.  With -r it
goes on until it is interrupted; but HTML for standard output is made once, because
there the browser is who asks again.

Called by a web server (CGI, RFC 3875) it sends the head of a response, and with -f
does as the query of the form asks.

Exit status: 0; 1: the folder cannot be read, the file not be written, the session not be
ended; 2: used wrongly.
See also: kernun-monitor(1), report.py, page.py.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
import time
from contextlib import suppress
from typing import Iterator, List, Optional, Tuple

from .columns import COLUMNS, Column, Columns, columns
from .defaults import COMM_DIR, LONGEST
from .page import page
from .process import parent_of
from .publish import published
from .report import lines
from .status import Session, Status
from .view import PAGE, TEXT, View, number

NAME = "kernun-monitor"
FAILED = 1

_CLEAR = "\033[H\033[2J\033[3J"  # a terminal; ECMA-48: CUP, ED
_CGI_HEAD = "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n\r\n"


def main(argv: Optional[List[str]] = None) -> int:
    """From the command line to the exit status; SystemExit after -h and wrong usage."""
    options = _parser().parse_args(argv)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # who reads no more ends it
    try:
        if options.k is not None:
            return _end_session(options.d, options.k)
        _report(options)
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except KeyboardInterrupt:
        pass
    return 0


def _fail(text: str) -> int:
    print(f"{NAME}: {text}", file=sys.stderr)
    return FAILED


# --- the command line ------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=NAME, add_help=False, allow_abbrev=False)
    add = parser.add_argument
    add("-h", action="help", help="display usage information and exit")
    add("-g", action="store_true", help="make a page in HTML instead of text")
    add("-f", action="store_true", help="the same with a form, and do as it asks")
    add("-d", metavar="dir", default=COMM_DIR, help="where the proxies publish (%(default)s)")
    add("-o", metavar="file", help="write to this file instead of standard output")
    add("-r", metavar="sec", type=_seconds, help="again and again, after so many seconds")
    add("-c", metavar="cols", type=_columns, help=f"columns, of {', '.join(COLUMNS)}")
    add("-t", metavar="n", type=_number, help="only the first n sessions ...")
    add("-T", metavar="col", type=_column, default="speed", help="... by this column (speed)")
    add("-s", metavar="col", type=_column, default="speed", help="sort by this column (speed)")
    add("-k", metavar="pid", type=_number, help="end the session of this process")
    add("application", nargs="*", help="only proxies of these names")
    return parser


def _columns(text: str) -> Columns:
    try:
        return columns(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _column(text: str) -> Column:
    if text not in COLUMNS:
        raise argparse.ArgumentTypeError(f"no such column: {text}")
    return COLUMNS[text]


def _number(text: str) -> int:
    try:
        return number(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _seconds(text: str) -> int:
    seconds = _number(text)
    if not 0 < seconds <= LONGEST:
        raise argparse.ArgumentTypeError(f"must be from 1 to {LONGEST}")
    return seconds


# --- reports ---------------------------------------------------------------------------------


def _report(options: argparse.Namespace) -> None:
    view = _view(options)
    html = options.g or options.f
    while True:
        statuses = _statuses(options.d)
        text = _html(options, view, statuses) if html else _text(options, view, statuses)
        if options.o is not None:
            _write(options.o, text)
        else:
            sys.stdout.write(text)
            sys.stdout.flush()
        if options.r is None or (html and options.o is None):
            return
        time.sleep(options.r)


def _view(options: argparse.Namespace) -> View:
    usual = columns(PAGE if options.g or options.f else TEXT)
    proxies = frozenset(options.application)
    view = View(options.c or usual, options.s, options.t, options.T, proxies)
    return view.asked(os.environ.get("QUERY_STRING", "")) if options.f else view


def _statuses(folder: str) -> Tuple[Status, ...]:
    """None where the folder that is meant without -d is not there: then no proxy is."""
    try:
        return tuple(published(folder, _unread))
    except FileNotFoundError:
        if folder != COMM_DIR:
            raise
        return ()


def _unread(path: str, reason: str) -> None:
    print(f"{NAME}: {path}: {reason}", file=sys.stderr)


def _text(options: argparse.Namespace, view: View, statuses: Tuple[Status, ...]) -> str:
    terminal = options.o is None and sys.stdout.isatty()
    width = os.get_terminal_size(sys.stdout.fileno()).columns if terminal else None
    report = "\n".join(lines(statuses, view, time.time(), width)) + "\n"
    if options.r is None or options.o is not None:
        return report
    return _CLEAR + report if terminal else report + "\n"


def _html(options: argparse.Namespace, view: View, statuses: Tuple[Status, ...]) -> str:
    text = page(statuses, view, time.time(), options.r, form=options.f)
    return _CGI_HEAD + text if "GATEWAY_INTERFACE" in os.environ else text


def _write(path: str, text: str) -> None:
    """In one step, so that nobody reads half a report."""
    temporary = f"{path}.{secrets.token_hex(8)}"
    try:
        with open(temporary, "x", encoding="utf-8", errors="replace") as file:
            file.write(text)
        os.rename(temporary, path)
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise


# --- the end of a session --------------------------------------------------------------------


def _end_session(folder: str, pid: int) -> int:
    """Only a child of a living proxy that has shown a session is told to end."""
    for status, session in _sessions(_statuses(folder)):
        if session.pid == pid and parent_of(pid) == status.parent:
            os.kill(pid, signal.SIGTERM)
            return 0
    return _fail(f"process {pid} serves no session of a proxy that publishes in {folder}")


def _sessions(statuses: Tuple[Status, ...]) -> Iterator[Tuple[Status, Session]]:
    for status in statuses:
        for session in status.sessions:
            yield status, session


if __name__ == "__main__":
    sys.exit(main())
