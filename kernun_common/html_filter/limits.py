"""limits - what bounds the reading of a document in time and memory.

    check(text)    raises TooComplex where html5lib would take more than linear time

html5lib appends to strings piece by piece: where one token has many pieces, that costs the square
of its length.  The stretches that such a token can cover are measured here, whatever the reader
takes them for; documents that people write stay far below.  See also: tree.py, scan.py.
"""

from __future__ import annotations

import re
from typing import Tuple

# Elements within each other; browsers flatten at 512, nobody writes 30.
DEPTH = 256

# Formatting elements (b, font, a ...) that are open at once: each paragraph opens them all again.
FORMATTING = 32

# Start tags of a document, and elements of its tree.  A table of 20,000 rows has less.
TAGS = 100_000
ELEMENTS = 200_000

# Characters that may be copied while tokens grow: about a second.
COPIED = 8_000_000_000


class TooComplex(Exception):
    """Reading the document would cost more than it may."""


# A stretch, and what cuts it into pieces.
_GROWING: Tuple[Tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"=\s*\"[^\"]*"), "&\0"),
    (re.compile(r"=\s*'[^']*"), "&\0"),
    (re.compile(r"=\s*[^\s\"'>][^\s>]*"), "&\0\"'<=`"),
    (re.compile(r"<!--.*?(?:-->|\Z)", re.S), "-\0"),
)

# Names and numbers grow letter by letter, and the longest that mean something are short.
_LONG = re.compile(
    r"<[a-z/][^\s/>]{2000}|&#x?[0-9a-f]{200}|<!doctype[^>]{4000}"
    r"|[\s/\"'][^\s/>=\"'a-z0-9<][^\s/>=a-z0-9<]{2000}",
    re.I,
)


def check(text: str) -> None:
    """Raise TooComplex where reading `text` would take more than linear time."""
    if _LONG.search(text):
        raise TooComplex("a name")
    copied = 0
    for stretch, cuts in _GROWING:
        for found in stretch.finditer(text):
            part = found[0]
            copied += len(part) * sum(map(part.count, cuts))
            if copied > COPIED:
                raise TooComplex("a token of many pieces")
