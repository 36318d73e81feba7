"""registry - all messages that a program can log, for section 6 of the manual.

    all_messages("kernun_common", "imap4proxy")  -> the rows, by identification

They stand in the files called `messages.py`; no two may bear one number.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Iterator, Sequence

from .message import Message


def messages_of(module: ModuleType) -> list[Message]:
    """The rows of one module, in the order in which they stand there."""
    return [value for value in vars(module).values() if isinstance(value, Message)]


def all_messages(*packages: str) -> list[Message]:
    """The rows of every `messages.py` below these packages; ValueError for a number given twice."""
    found: dict[str, Message] = {}
    for name in _modules(packages):
        for row in messages_of(import_module(name)):
            if found.setdefault(row.identification, row) is not row:
                raise ValueError(f"{row.identification} is given twice, the second time in {name}")
    return [found[identification] for identification in sorted(found)]


def _modules(packages: Sequence[str]) -> Iterator[str]:
    for package in packages:
        path = import_module(package).__path__
        for module in walk_packages(path, package + "."):
            if module.name.endswith(".messages"):
                yield module.name
