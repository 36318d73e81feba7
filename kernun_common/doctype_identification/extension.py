"""extension - the type of a file by the end of its name.

    table = parse(lines of /etc/mime.types)      {"htm": "text/html", "tar.gz": ...}
    identify(table, subject)  ->  "text/html"; "" where the name has no extension that is known

A line is a type and, behind blanks, the extensions without dot; `#` begins a comment.  Extensions
are compared without regard to case, and the longest of a name counts.  Where two lines name the
same extension, the first is meant.  See also: order.py, load.py, mime.types(5).
"""

from __future__ import annotations

from typing import Dict, Iterable, Mapping

from .order import Subject

# Dots of a name that are looked at, from its end.
DOTS = 4


def parse(lines: Iterable[str]) -> Mapping[str, str]:
    """The types by their extensions, both in lower case."""
    table: Dict[str, str] = {}
    for line in lines:
        words = line.partition("#")[0].lower().split()
        for extension in words[1:]:
            table.setdefault(extension.removeprefix("."), words[0])
    return table


def identify(table: Mapping[str, str], subject: Subject) -> str:
    """The type that the table has for the extension."""
    name = (subject.filename or "").strip().rstrip(". ").lower()
    parts = name.split(".")
    for first in range(max(1, len(parts) - DOTS), len(parts)):
        found = table.get(".".join(parts[first:]))
        if found is not None:
            return found
    return ""
