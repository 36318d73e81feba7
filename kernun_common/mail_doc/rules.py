"""rules - what of a section mail-filter corrections ask; imap4-proxy.cfg(5), mail-filter."""

from __future__ import annotations

from typing import Protocol


class Line(Protocol):
    """max-header-line"""

    @property
    def size(self) -> int: ...

    @property
    def action(self) -> str: ...


class Rules(Protocol):
    """The items of a section mail-filter."""

    @property
    def invalid_header(self) -> str: ...

    @property
    def header_8bit_chars(self) -> str: ...

    @property
    def body_8bit_chars(self) -> str: ...

    @property
    def bad_chars(self) -> str: ...

    @property
    def correct_quoting(self) -> bool: ...

    @property
    def max_header_line(self) -> Line: ...

    @property
    def ambiguous_mime(self) -> str: ...
