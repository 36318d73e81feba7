"""cli - the command line of a daemon: -h -v -d dbglev -f cfgfile.

    options = parse(program, argv)       SystemExit: 0 after -h and -v, 2 if used wrongly
"""

from __future__ import annotations

import argparse
import os
from typing import List, NamedTuple, Optional

from kernun_common.log.message import LEVELS

LEAST, MOST = min(LEVELS.values()), max(LEVELS.values())


class Options(NamedTuple):
    """What the command line says."""

    file: str  # absolute
    level: int  # of the log, until the configuration has been read


def parser(name: str, version: str) -> argparse.ArgumentParser:
    """The options that all programs share; `version` is what -v prints."""
    made = argparse.ArgumentParser(prog=name, add_help=False, allow_abbrev=False)
    made.add_argument("-h", action="help", help="display usage information and exit")
    made.add_argument(
        "-v", action="version", version=version, help="print version information and exit"
    )
    made.add_argument(
        "-d",
        type=int,
        choices=range(LEAST, MOST + 1),
        default=LEVELS["normal"],
        metavar="dbglev",
        help=f"log level, {LEAST} to {MOST}, until the configuration has been read",
    )
    made.add_argument(
        "-f", required=True, metavar="cfgfile", help="read configuration from cfgfile"
    )
    return made


def parse(name: str, version: str, argv: Optional[List[str]] = None) -> Options:
    """`argv` without the program's name; None: that of this process."""
    found = parser(name, version).parse_args(argv)
    return Options(os.path.abspath(found.f), found.d)
