"""oob - the program kernun-oob: users log in and out of band, kernun-oob(8).

    kernun-oob [-hv] [-d dbglev] -f cfgfile NAME                        serve the login page
    kernun-oob [-hv] [-d dbglev] -f cfgfile NAME add|del|list|flush ... keep the list

NAME is a section oob-auth of the configuration.  It stays in the foreground, and logs to
standard error; a service manager is told when the page can be had.  Exit status: 0 ended as
it was told to, or done; 1 it could not be done, or the configuration is bad; 2 used wrongly.

See also: ../kernun_common/auth/oob.py.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import List

from kernun_common.application import cli
from kernun_common.application.notify import Notify
from kernun_common.auth import oob
from kernun_common.auth.section import OobAuth
from kernun_common.configuration.loader import load
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.errors import ConfigurationError, Where
from kernun_common.log.sinks import to_standard_error

from . import VERSION_TAG
from .section import ROOT

NAME = "kernun-oob"
BAD_CONFIGURATION, USED_WRONGLY = 1, 2
UMASK = 0o077  # logins are nobody's business


def main(argv: List[str] | None = None) -> int:
    """From the command line to the exit status; SystemExit after -h, -v and wrong usage."""
    options = _parser().parse_args(argv)
    os.umask(UMASK)
    log = to_standard_error(NAME, options.d)
    try:
        section = _section(os.path.abspath(options.f), options.name)
        if not options.command:
            return oob.serve(section, log, Notify(os.environ).ready)
        return oob.manage(section, log, options.command[0], options.command[1:])
    except (ConfigurationError, ConfigurationErrors) as errors:
        print(*([errors] if isinstance(errors, ConfigurationError) else errors),
              sep="\n", file=sys.stderr)
        return BAD_CONFIGURATION
    except oob.Usage as wrong:
        print(f"{NAME}: {wrong}", file=sys.stderr)
        return USED_WRONGLY


def _parser() -> argparse.ArgumentParser:
    parser = cli.parser(NAME, VERSION_TAG)
    parser.add_argument("name", metavar="NAME", help="a section oob-auth")
    parser.add_argument(
        "command", nargs="*", help="add ADDRESS USER [GROUP...] | del ADDRESS | list | flush"
    )
    return parser


def _section(file: str, name: str) -> OobAuth:
    """The section of that name; ConfigurationErrors."""
    sections: tuple[OobAuth, ...] = load(file, ROOT, VERSION_TAG).sections("oob-auth")
    for section in sections:
        if section.name == name:
            return section
    raise ConfigurationError(Where(file, 1, 1), f"there is no oob-auth `{name}`")


if __name__ == "__main__":
    sys.exit(main())
