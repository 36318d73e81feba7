"""productions - arguments that many commands take, each putting itself in canonical form.

    ("COPY", sequence_set, mailbox)         SP stands before each
    ("SELECT", mailbox, Maybe(parameters))  ... and before this one, if there is one

A production reads its octets from the scanner and puts what the command is to be
written from again.  See also: scanner.py, parts.py, commands.py.
"""

from __future__ import annotations

from typing import Callable, NamedTuple, Tuple, Union

from .parts import Astring, Mailbox
from .scanner import Scanner

Production = Callable[[Scanner], None]


class Maybe(NamedTuple):
    """An argument that may be missing together with the SP before it."""

    production: Production


Arguments = Tuple[Union[Production, Maybe], ...]


def steps(arguments: Arguments) -> Tuple[Production, ...]:
    """`arguments` with the SP before each."""
    return tuple(
        _if_sp(argument.production) if isinstance(argument, Maybe) else _behind_sp(argument)
        for argument in arguments
    )


def _behind_sp(production: Production) -> Production:
    def run(scan: Scanner) -> None:
        scan.put_sp()
        production(scan)

    return run


def _if_sp(production: Production) -> Production:
    def run(scan: Scanner) -> None:
        if scan.looking_at(b" "):
            scan.put_sp()
            production(scan)

    return run


def list_of(scan: Scanner, member: Production, empty: bool = False) -> None:
    """ "(" member *(SP member) ")" """
    scan.opening()
    scan.put(b"(")
    if not (empty and scan.looking_at(b")")):
        members(scan, member)
    scan.closing()
    scan.put(b")")


def members(scan: Scanner, member: Production) -> None:
    """member *(SP member)"""
    member(scan)
    while scan.looking_at(b" "):
        scan.put_sp()
        member(scan)


def astring(scan: Scanner) -> None:
    scan.put(Astring(scan.astring()))


def astrings(scan: Scanner) -> None:
    members(scan, astring)


def mailbox(scan: Scanner) -> None:
    scan.put(Mailbox(scan.mailbox()))


def sequence_set(scan: Scanner) -> None:
    scan.put(scan.sequence_set())


def flag(scan: Scanner) -> None:
    scan.put(scan.flag())
