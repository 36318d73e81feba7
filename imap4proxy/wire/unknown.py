"""unknown - a command that the proxy does not know, as words, strings and balanced lists.

It is read no further than two programs can read it in one way only: single SP
between tokens, strings whole, parentheses closed.  Words stay as they are.
"""

from __future__ import annotations

import re

from .abnf import PRINTABLE, octets
from .parts import Binary, String
from .scanner import Invalid, Scanner

# What is neither SP nor begins a string, a literal or a list.
_WORD = re.compile(b"[" + octets(bytes(o for o in PRINTABLE if o not in b' "(){')) + b"]+")


def arguments(scan: Scanner) -> None:
    """*(SP value), where value = word / string / literal8 / "(" [value *(SP value)] ")" *word"""
    depth = 0
    if not (scan.ended or scan.looking_at(b" ")):
        raise Invalid("SP expected")
    while not scan.ended:
        if scan.looking_at(b" "):
            scan.put_sp()
            _value_due(scan)
        elif scan.accept(b"("):
            scan.put(b"(")
            depth += 1
            if depth > scan.limits.nesting or scan.looking_at(b" "):
                raise Invalid("value expected")
        elif scan.accept(b")"):
            scan.put(b")")
            depth -= 1
            if depth < 0:
                raise Invalid("end of the command expected")
        elif not _word(scan):
            _string(scan)
    if depth:
        raise Invalid("closing parenthesis expected")


def _value_due(scan: Scanner) -> None:
    if scan.ended or scan.looking_at(b" ") or scan.looking_at(b")"):
        raise Invalid("value expected")


def _word(scan: Scanner) -> bool:
    found = _WORD.match(scan.text, scan.at)
    if found is None:
        return False
    scan.at = found.end()
    scan.put(found[0])
    return True


def _string(scan: Scanner) -> None:
    """string / literal8, between delimiters"""
    if type(scan.parts[-1]) is not bytes or scan.parts[-1] not in (b" ", b"("):
        raise Invalid("SP expected")
    content = scan.literal8()
    scan.put(String(scan.string()) if content is None else Binary(content))
    if not (scan.ended or scan.looking_at(b" ") or scan.looking_at(b")")):
        raise Invalid("SP expected")
