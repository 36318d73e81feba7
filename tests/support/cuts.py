"""cuts - the ways in which TCP may deliver the same octets.

    for parts in every_cut(b"a1 NOOP\\r\\n"):
        ...feed each of `parts`...

Whole, every two halves, and octet by octet.  A parser must not notice.
"""

from __future__ import annotations

from typing import Iterator


def every_cut(octets: bytes) -> Iterator[list[bytes]]:
    """Lists of non-empty parts that join to `octets`."""
    if not octets:
        return
    yield [octets]
    for at in range(1, len(octets)):
        yield [octets[:at], octets[at:]]
    yield [octets[at:at + 1] for at in range(len(octets))]
