"""ambiguity - where a mail can be read in two ways, each such place by a name.

    ambiguities(octets, structure)  ->  (Ambiguity("repeated-type", span, words), ...)

The names and their words: ambiguity_names.py.  The checks: of headers and documents in
ambiguous_header.py and ambiguous_body.py; those of boundaries are notes of reader.py, and
stand in `structure` already.  Each name stands once for each part.
What the other ways lead to: readings.py.
"""

from __future__ import annotations

from typing import Iterator, Tuple

from .ambiguity_names import ambiguity
from .ambiguous_body import body_checks
from .ambiguous_header import header_checks
from .line_ends import line_end_checks
from .octets import Octets
from .structure import Ambiguity, Structure


def ambiguities(octets: Octets, structure: Structure) -> Tuple[Ambiguity, ...]:
    """The notes of the structure and what all checks find, in the order of their places."""
    found = dict.fromkeys([*structure.ambiguities, *_checked(octets, structure)])
    return tuple(sorted(found, key=lambda each: (each.span, each.name)))


def _checked(octets: Octets, structure: Structure) -> Iterator[Ambiguity]:
    for part in structure.parts():
        yield from (ambiguity(name, span) for name, span in header_checks(octets, part))
        if part.is_leaf:
            yield from (ambiguity(name, span) for name, span in body_checks(octets, part))
    binary = [part.body for part in structure.leaves() if part.encoding == "binary"]
    yield from (ambiguity(name, span) for name, span in line_end_checks(octets, binary))
