"""choice - what a mail program makes of a mail that is not clear.

    Choice()                the way of mime.py
    Choice(last=True)       of fields and parameters that are there twice, the last one counts
    CHOICES                 the ways that are followed where a mail can be read in two of them
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict


@dataclass(frozen=True)
class Choice:
    """Each is a way of some mail programs.

    last         the last Content-Type, encoding and boundary count, not the first
    whole_lines  a boundary is one only if nothing but blanks stands behind it
    loose        a type, encoding or boundary is what looks like it, whatever stands around it
    early        a line of blanks ends a header, and so does a line that is no field
    """

    last: bool = False
    whole_lines: bool = False
    loose: bool = False
    early: bool = False


CHOICES: Dict[str, Choice] = {
    "the usual way": Choice(),
    "the last field counts": Choice(last=True),
    "boundaries are whole lines": Choice(whole_lines=True),
    "words in the fields count": Choice(loose=True),
    "the body begins early": Choice(early=True),
    "all of these": Choice(True, True, True, True),
}
