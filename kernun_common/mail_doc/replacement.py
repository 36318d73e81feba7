"""replacement - a new document in the place of one that was taken out.

    NewDocument("text/plain", "It was removed.", "note.txt").fields()   the header fields
    NewDocument(...).body(last_line_end=True)                           pieces, with a Slack

It is always quoted-printable: that holds any text, and takes any padding that no reader shows.
See also: template.py, rewrite.py, size_preserving.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator, Tuple

from .encode import CRLF, quoted_printable
from .parameter import parameter
from .pieces import Pieces, Slack

HeaderField = Tuple[bytes, bytes]  # name, value

_LINE_END = re.compile(r"\r\n|\r|\n")
_LAST_LINE = 72  # octets behind which the `=` of a padding has room


@dataclass(frozen=True)
class NewDocument:
    """`type` in lower case, such as text/plain; `text` with any line ends."""

    type: str
    text: str
    filename: str | None = None

    def fields(self) -> Iterator[HeaderField]:
        """Name and value of each field that says how the body is read."""
        charset = b"; charset=utf-8" if self.type.startswith("text/") else b""
        yield b"Content-Type", self.type.encode("ascii") + charset
        yield b"Content-Transfer-Encoding", b"quoted-printable"
        if self.filename is None:
            yield b"Content-Disposition", b"inline"
        else:
            yield (
                b"Content-Disposition",
                b"attachment; " + parameter("filename", self.filename),
            )

    def body(self, last_line_end: bool) -> Pieces:
        """`last_line_end`: with the line end that a mail ends with, and a part does not."""
        text = CRLF.decode().join(_LINE_END.split(self.text.rstrip("\r\n")))
        written = quoted_printable(text.encode("utf-8", "replace"))
        if len(written) - written.rfind(b"\n") > _LAST_LINE:
            written += CRLF
        return (written, Slack(), *((CRLF,) if last_line_end else ()))
