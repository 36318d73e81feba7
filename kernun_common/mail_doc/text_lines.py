"""text_lines - the lines of a stream, for the encodings that go by lines.

    for line in lines(chunks)     without CRLF or LF; a long one comes in pieces
"""

from __future__ import annotations

from typing import Iterable, Iterator

LONGEST = 64 * 1024  # octets; no encoding has lines of more than 1,000


def lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Each without its line end; the last need not have one."""
    rest: list[bytes] = []
    size = 0
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        rest.append(first)
        size += len(first)
        if others or size > LONGEST:
            yield b"".join(rest).removesuffix(b"\r")
            yield from (line.removesuffix(b"\r") for line in others[:-1])
            rest, size = others[-1:], sum(map(len, others[-1:]))
    if size:
        yield b"".join(rest)
