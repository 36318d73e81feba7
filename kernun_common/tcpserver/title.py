"""title - what ps(1) shows for a process of the proxy.

    title = Title("imap4-proxy", "MAIL")
    title.show("parent, 12 children")       imap4-proxy MAIL: parent, 12 children
"""

from __future__ import annotations

from setproctitle import setproctitle


class Title:
    """Sets the title where it changes: asking the system costs more than comparing."""

    def __init__(self, program: str, name: str) -> None:
        self._prefix = f"{program} {name}: " if name else f"{program}: "
        self._shown = ""

    def show(self, text: str) -> None:
        if text != self._shown:
            self._shown = text
            setproctitle(self._prefix + text)
