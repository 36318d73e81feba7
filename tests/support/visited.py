"""visited - octets of which it is counted how many of them are looked at.

    octets = Visited(b"...")
    parse(octets)
    octets.visited       by slices, by find, and by patterns that are searched for in reader.py
"""

from __future__ import annotations

from typing import Any

from kernun_common.mail_doc import reader


class Visited(bytes):
    """Octets like any others."""

    visited = 0

    def __getitem__(self, where: Any) -> Any:
        found = super().__getitem__(where)
        self.visited += len(found) if isinstance(where, slice) else 1
        return found

    def find(self, what: Any, start: Any = 0, end: Any = None) -> int:
        stop = len(self) if end is None else end
        found = super().find(what, start, stop)
        self.visited += (stop if found < 0 else found) - start
        return found


class _Pattern:
    """A pattern that counts how far it is searched for."""

    def __init__(self, pattern: Any) -> None:
        self._pattern = pattern

    def search(self, octets: Visited, start: int) -> Any:
        found = self._pattern.search(octets, start)
        octets.visited += (found.end() if found else len(octets)) - start
        return found


def count_patterns(monkeypatch: Any) -> None:
    """Let those of reader.py count, too."""
    original = reader._Reader._pattern
    monkeypatch.setattr(
        reader._Reader, "_pattern", lambda self, form: _Pattern(original(self, form))
    )
