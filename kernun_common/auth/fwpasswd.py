"""fwpasswd - the program kernun-fwpasswd: users in a password file, kernun-fwpasswd(1).

    kernun-fwpasswd [-c] [-d] [-g groups] [-i] file user

The file is replaced in one step, and keeps its mode, its owner and all other lines.  Who
changes it at the same time waits; while somebody types a password nobody does, so what there
is of the user is looked at again then.  A symbolic link stays one: the file behind it changes.

Exit status: 0 done; 1 it cannot be done; 2 used wrongly.
"""

from __future__ import annotations

import argparse
import fcntl
import getpass
import os
import re
import sys
import tempfile
from contextlib import contextmanager
from typing import Iterator, List, Optional, Tuple

from ..secret import Secret
from .passwd import COMMENT, Entry, hashed

NAME = "kernun-fwpasswd"
DONE, FAILED = 0, 1
NEW_MODE = 0o600

# What would be taken for something else in a line of the file.
_NAME = re.compile(rf"(?!{COMMENT})[^:\x00-\x1f\x7f]+")
_GROUPS = re.compile(r"[^:\x00-\x1f\x7f]*")


class Failure(Exception):
    """It cannot be done, and why."""


def main(argv: Optional[List[str]] = None) -> int:
    """From the command line to the exit status; SystemExit where it is used wrongly."""
    parser = _parser()
    options = parser.parse_args(argv)
    if _NAME.fullmatch(options.user) is None:
        parser.error("a user's name has no colon and no control characters, and no # before it")
    if options.g is not None and _GROUPS.fullmatch(options.g) is None:
        parser.error("groups have no colon and no control characters")
    if options.d and (options.c or options.i or options.g is not None):
        parser.error("-d stands alone")
    try:
        _change(options)
    except (Failure, OSError, UnicodeDecodeError) as failure:
        print(f"{NAME}: {failure}", file=sys.stderr)
        return FAILED
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(NAME, add_help=False, allow_abbrev=False)
    parser.add_argument("-h", action="help", help="display usage information and exit")
    parser.add_argument("-c", action="store_true", help="make the file if it is not there")
    parser.add_argument("-d", action="store_true", help="delete the user")
    parser.add_argument("-g", metavar="groups", help="the groups of the user, with commas between")
    parser.add_argument("-i", action="store_true", help="read the password from standard input")
    parser.add_argument("file")
    parser.add_argument("user")
    return parser


def _change(options: argparse.Namespace) -> None:
    path = os.path.realpath(options.file)
    known = _find(_read(path, options.c), options.user) is not None
    if options.d or known and options.g is not None and not options.i:
        encrypted = None  # as it is
    else:
        encrypted = hashed(_password(options.i))  # may wait for somebody who types
    with _locked(path):
        lines = _read(path, options.c)
        entry = _entry(options, _find(lines, options.user), encrypted)
        others = [line for line in lines if _user(line) != options.user]
        _write(path, others if options.d else [*others, entry.write()])


def _entry(
    options: argparse.Namespace, present: Optional[Entry], encrypted: Optional[str]
) -> Entry:
    """What is not given stays as it is."""
    if encrypted is None:
        if present is None:
            raise Failure(f"{options.file}: there is no user {options.user}")
        encrypted = present.encrypted
    if options.g is not None:
        groups: Tuple[str, ...] = tuple(filter(None, options.g.split(",")))
    else:
        groups = present.groups if present is not None else ()
    return Entry(options.user, encrypted, groups)


def _password(from_input: bool) -> Secret:
    if from_input:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass.getpass("New password: ")
        if getpass.getpass("Again: ") != password:
            raise Failure("these are two different passwords")
    if not password:
        raise Failure("the password is empty")
    return Secret(password.encode("utf-8"))


def _find(lines: List[str], user: str) -> Optional[Entry]:
    return next((Entry.read(line) for line in lines if _user(line) == user), None)


def _user(line: str) -> Optional[str]:
    entry = Entry.read(line)
    return entry.name if entry is not None else None


# --- the file --------------------------------------------------------------------------------


def _read(path: str, new: bool) -> List[str]:
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
    except FileNotFoundError:
        if not new:
            raise Failure(f"{path}: there is no such file; -c makes it") from None
        return []
    return lines[:-1] if lines[-1] == "" else lines


@contextmanager
def _locked(path: str) -> Iterator[None]:
    """By the folder, because the file is another one afterwards; no link leads to `path`."""
    folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _write(path: str, lines: List[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    number, draft = tempfile.mkstemp(prefix=".fwpasswd-", dir=os.path.dirname(path))
    try:
        with open(number, "w", encoding="utf-8") as file:
            file.write(text)
            _take_over(path, file.fileno())
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def _take_over(path: str, number: int) -> None:
    """Mode and owner of the file that there was."""
    try:
        former = os.stat(path)
    except FileNotFoundError:
        os.fchmod(number, NEW_MODE)
        return
    if (former.st_uid, former.st_gid) != (os.geteuid(), os.getegid()):
        os.fchown(number, former.st_uid, former.st_gid)
    os.fchmod(number, former.st_mode & 0o777)


if __name__ == "__main__":
    sys.exit(main())
