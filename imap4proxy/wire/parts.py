"""parts - what a command is written from.

    (b" ", Mailbox(b"Sent Items"), b" (MESSAGES)")

The arguments of a command are a tuple of parts: plain `bytes` are octets in their
one canonical spelling; the classes below are values, to which encode.py gives the
form (atom, quoted string or literal) that the server can take.  A `Secret` is an
astring that only encode.py reveals.
"""

from __future__ import annotations

from typing import Iterable, List, Tuple, Union

from kernun_common.secret import Secret


class Astring(bytes):
    """astring: atom, quoted string or literal"""

    __slots__ = ()


class String(bytes):
    """string: quoted string or literal, never an atom"""

    __slots__ = ()


class Mailbox(bytes):
    """mailbox: an astring of one line, so that it always fits into a quoted string"""

    __slots__ = ()


class Pattern(bytes):
    """list-mailbox: a mailbox name with wildcards"""

    __slots__ = ()


class Binary(bytes):
    """literal8: always a literal, of any octets"""

    __slots__ = ()


Part = Union[bytes, Secret]
Parts = Tuple[Part, ...]


def joined(parts: Iterable[Part]) -> Parts:
    """`parts` with neighbours that are plain octets made one."""
    out: List[Part] = []
    run: List[bytes] = []
    for part in parts:
        if type(part) is bytes:
            run.append(part)
            continue
        if run:
            out.append(b"".join(run))
            run.clear()
        out.append(part)
    if run:
        out.append(b"".join(run))
    return tuple(out)
