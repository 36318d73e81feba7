"""replacement - a new document in the place of one that was taken out.

    NewDocument("text/plain", "It was removed.", "note.txt").fields()   the header fields
    NewDocument(...).body(last_line_end=True)                           pieces, with a Slack
    encoded("Kůň", "text/plain", "us-ascii")  ->  b"Kun"

It is always quoted-printable: that holds any text, and takes any padding that no reader shows.
A character that the character set does not have loses its marks, or becomes a question mark; in
HTML it becomes a reference.
See also: template.py, rewrite.py, size_preserving.py.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Iterator, Tuple

from .encode import CRLF, quoted_printable
from .parameter import parameter
from .pieces import Pieces, Slack

HeaderField = Tuple[bytes, bytes]  # name, value

_LINE_END = re.compile(r"\r\n|\r|\n")
UTF_8 = "utf-8"
_HTML = "text/html"
_LAST_LINE = 72  # octets behind which the `=` of a padding has room


@dataclass(frozen=True)
class NewDocument:
    """`type` in lower case, such as text/plain; `text` with any line ends.

    `charset` is the name of a character set in which ASCII is as it is; the document is in it if
    its type is text/*.
    """

    type: str
    text: str
    filename: str | None = None
    charset: str = UTF_8

    @property
    def _is_text(self) -> bool:
        return self.type.startswith("text/")

    def fields(self) -> Iterator[HeaderField]:
        """Name and value of each field that says how the body is read."""
        charset = f"; charset={self.charset}" if self._is_text else ""
        yield b"Content-Type", (self.type + charset).encode("ascii")
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
        charset = self.charset if self._is_text else UTF_8
        written = quoted_printable(encoded(text, self.type, charset))
        if len(written) - written.rfind(b"\n") > _LAST_LINE:
            written += CRLF
        return (written, Slack(), *((CRLF,) if last_line_end else ()))


def encoded(text: str, type: str, charset: str) -> bytes:
    """`text` in a character set; see the file's first lines."""
    if charset == UTF_8:
        return text.encode(UTF_8, "replace")
    if type == _HTML:
        return text.encode(charset, "xmlcharrefreplace")
    composed = unicodedata.normalize("NFC", text)
    return b"".join(_nearest(character, charset) for character in composed)


def _nearest(character: str, charset: str) -> bytes:
    try:
        return character.encode(charset)
    except UnicodeEncodeError:
        plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore")
        return plain or (b"" if unicodedata.combining(character) else b"?")
