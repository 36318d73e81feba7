"""message_page - section 6 of the manual out of the rows of messages; mdoc(7).

    render(SESSION_START, date="November 22, 2026")  ->  the source of IMAP-701.6

The rows are those of ../log/message.py, which stands above this package; here only their shape is
known.
"""

from __future__ import annotations

from typing import Any, Protocol, Tuple

from kernun_common.configuration import mdoc


class Message(Protocol):
    """What is shown of a message."""

    @property
    def identification(self) -> str: ...

    @property
    def severity(self) -> Any: ...  # name, value (the letter), dbglev

    @property
    def text(self) -> str: ...

    @property
    def description(self) -> str: ...

    @property
    def see(self) -> Tuple[str, ...]: ...


def render(message: Message, date: str) -> str:
    """The source of the page of one message."""
    severity = message.severity
    name = message.identification
    lines = [
        *mdoc.head(name, 6, f"log message, {severity.name.lower()}", date),
        ".Sh SYNOPSIS",
        *mdoc.literal(f"{name}-{severity.value} {message.text}"),
        ".Sh DESCRIPTION",
        *mdoc.paragraphs(message.description),
        ".Pp",
        *mdoc.prose(f"Written from level {severity.dbglev} on."),
        *mdoc.see_also((*message.see, "logging(7)")),
    ]
    return "\n".join((*lines, ""))
