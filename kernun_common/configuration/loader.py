"""loader - a configuration file becomes a Configuration; the only file here that does I/O.

    load("/etc/imap4-proxy/proxy.cfg", ROOT, "IMAP4-PROXY-1_0-RELEASE")  ->  Configuration

Files are UTF-8.  Reads the files and the system's table of services; opens nothing that the
configuration names.
"""

from __future__ import annotations

import os
import socket
from functools import lru_cache
from typing import Optional, Sequence, Type

from kernun_common.configuration.check import check
from kernun_common.configuration.includes import Includer
from kernun_common.configuration.kind import Context
from kernun_common.configuration.result import Configuration, ConfigurationErrors
from kernun_common.configuration.schema import Section
from kernun_common.errors import ConfigurationError, Where

__all__ = ["Configuration", "ConfigurationErrors", "load", "service"]


def load(path: str, root: Sequence[Type[Section]], version_tag: str) -> Configuration:
    """The configuration in the file `path`; `root` are the sections that may stand at its top.

    Raises ConfigurationErrors with everything that is wrong, also where a file cannot be read.
    """
    includer = Includer(_read)
    statements = includer.file(path, Where(path, 1, 1))
    context = Context(folder=os.path.dirname(os.path.abspath(path)), service=service)
    return check(statements, includer.errors, path, root, version_tag, context)


@lru_cache(maxsize=1024)
def service(name: str) -> Optional[int]:
    """The TCP port of a service's name, None where the system knows none."""
    try:
        return socket.getservbyname(name, "tcp")
    except (OSError, UnicodeError, ValueError):
        return None


def _read(path: str, where: Where) -> str:
    try:
        with open(path, "rb") as file:
            octets = file.read()
    except OSError as error:
        raise ConfigurationError(where, f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:  # what no path can hold
        raise ConfigurationError(where, f"cannot read {path!r}: {error}") from error
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigurationError(_place(path, octets, error.start), "no UTF-8 text") from error


def _place(path: str, octets: bytes, at: int) -> Where:
    before = octets[:at].decode("utf-8")
    return Where(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
