"""icap_body - did the mail come back from an ICAP server as it was?  RFC 3507, section 4.4.1.

    body = Body(head.fields, pieces)        `pieces`: the mail as it was
    body.feed(octets)
    body.unchanged                          True, False; None: not known yet

A server may send a mail back that it has not changed, instead of saying 204.  The body is
compared as it arrives and never kept.  It begins with a response of HTTP, and then stands
in chunks.  Unavailable: octets that are none of that.
"""

from __future__ import annotations

import re
from typing import Iterator, Mapping, Optional

from ..errors import Unavailable
from ..netio.script import TOO_LONG

LONGEST_HEAD = 1 << 16  # octets of the response of HTTP
LONGEST_LINE = 1000  # octets before a chunk

_PARTS = re.compile(rb"res-hdr=0,[ \t]*res-body=([0-9]{1,9})")
_OK = re.compile(rb"HTTP/1\.[0-9] 200[ \r]")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})(?:[ \t]*;[^\r\n]*)?[ \t]*")


class Body:
    """See the file's first lines."""

    def __init__(self, fields: Mapping[bytes, bytes], pieces: Iterator[bytes]) -> None:
        self.unchanged: Optional[bool] = None
        self._pieces = pieces
        self._expected = memoryview(b"")
        self._buffer = bytearray()
        self._step = self._take_head
        self._chunk = 0  # octets of it that are still to come
        parts = _PARTS.fullmatch(fields.get(b"encapsulated", b""))
        if parts is None:
            self.unchanged = False  # there is no body, or not that of a response
        elif int(parts[1]) > LONGEST_HEAD:
            raise Unavailable(TOO_LONG)
        else:
            self._head = int(parts[1])

    def feed(self, octets: bytes) -> None:
        self._buffer += octets
        while self.unchanged is None and self._step():
            pass

    # Each step takes something out of the buffer; False: it is not there yet.

    def _take_head(self) -> bool:
        if len(self._buffer) < self._head:
            return False
        if not _OK.match(self._buffer, 0, self._head):
            self.unchanged = False  # another page in place of the mail
        del self._buffer[:self._head]
        self._step = self._take_size
        return True

    def _take_size(self) -> bool:
        end = self._buffer.find(b"\r\n")
        if (len(self._buffer) if end < 0 else end) > LONGEST_LINE:
            raise Unavailable(TOO_LONG)
        if end < 0:
            return False
        size = _CHUNK.fullmatch(self._buffer[:end])
        if size is None:
            raise Unavailable("the body of its answer is not in chunks")
        del self._buffer[:end + 2]
        self._chunk = int(size[1], 16)
        if self._chunk == 0:
            self.unchanged = self._next_expected() is None
        self._step = self._take_chunk
        return True

    def _take_chunk(self) -> bool:
        octets = memoryview(bytes(self._buffer[:self._chunk]))
        del self._buffer[:len(octets)]
        self._chunk -= len(octets)
        self._compare(octets)
        if self._chunk == 0:
            self._step = self._take_line_end
            return True
        return False

    def _take_line_end(self) -> bool:
        if len(self._buffer) < 2:
            return False
        if self._buffer[:2] != b"\r\n":
            raise Unavailable("the body of its answer is not in chunks")
        del self._buffer[:2]
        self._step = self._take_size
        return True

    def _compare(self, octets: memoryview) -> None:
        while octets and self.unchanged is None:
            expected = self._next_expected()
            count = min(len(octets), len(expected or b""))
            if expected is None or octets[:count] != expected[:count]:
                self.unchanged = False
                return
            octets, self._expected = octets[count:], expected[count:]

    def _next_expected(self) -> Optional[memoryview]:
        """What comes next of the mail; None at its end."""
        while not self._expected:
            piece = next(self._pieces, None)
            if piece is None:
                return None
            self._expected = memoryview(piece)
        return self._expected
