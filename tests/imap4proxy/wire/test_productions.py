"""How arguments are strung together."""

from __future__ import annotations

import pytest

from imap4proxy.wire.fragments import Line
from imap4proxy.wire.limits import Limits
from imap4proxy.wire.parts import joined
from imap4proxy.wire.productions import (
    Arguments,
    Maybe,
    astring,
    astrings,
    flag,
    list_of,
    mailbox,
    sequence_set,
    steps,
)
from imap4proxy.wire.scanner import Invalid, Scanner


def flags(scan: Scanner) -> None:
    list_of(scan, flag)


def flags_or_none(scan: Scanner) -> None:
    list_of(scan, flag, empty=True)


CASES: list[tuple[Arguments, bytes, bool]] = [
    # arguments, octets, valid
    ((), b"", True),
    ((), b" ", False),
    ((mailbox,), b" a", True),
    ((mailbox,), b"a", False),
    ((mailbox,), b"  a", False),
    ((sequence_set, mailbox), b" 1:2 a", True),
    ((sequence_set, mailbox), b" 1:2", False),
    ((mailbox, Maybe(astring)), b" a", True),
    ((mailbox, Maybe(astring)), b" a b", True),
    ((mailbox, Maybe(astring)), b" a ", False),
    ((Maybe(astrings),), b"", True),
    ((Maybe(astrings),), b" a b c", True),
    ((Maybe(astrings),), b" a  b", False),
    ((flags,), b" (a b)", True),
    ((flags,), b" ()", False),
    ((flags,), b" (a b )", False),
    ((flags,), b" ( a)", False),
    ((flags,), b" (a b", False),
    ((flags_or_none,), b" ()", True),
    ((flags_or_none,), b" ( )", False),
]


@pytest.mark.parametrize("arguments, octets, valid", CASES)
def test_steps(arguments: Arguments, octets: bytes, valid: bool) -> None:
    scan = Scanner((Line(octets),), (), Limits())

    def run() -> None:
        for step in steps(arguments):
            step(scan)
        scan.end()

    if valid:
        run()
        assert b"".join(map(bytes, joined(scan.parts))) == octets
    else:
        with pytest.raises(Invalid):
            run()
