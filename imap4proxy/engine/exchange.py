"""exchange - a command in flight that goes on in lines, not in commands.

AUTHENTICATE (authenticate.py) and IDLE (idle.py): the server's continuation
requests go to it, and the client's next lines.
"""

from __future__ import annotations

from typing import Protocol


class Exchange(Protocol):
    @property
    def line_due(self) -> bool:
        """Is the client's next line for this exchange?"""

    def on_continuation(self, text: bytes) -> None:
        """The server sent `+ text`; PeerError where none is due."""

    def on_line(self, line: bytes) -> None:
        """The client sent a line (without CRLF)."""
