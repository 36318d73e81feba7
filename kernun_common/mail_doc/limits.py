"""limits - how large a mail's structure may be before nobody looks into it any further.

    Limits()                      the defaults of `mail-filter { limits ... }`
    Limits(parts=50, depth=5)

A mail over one of them has `mail-structure invalid`; reading it stops there.
See also: imap4-proxy.cfg(5), mail-filter.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """`headers` is octets, of each header by itself: the mail's, and those of its parts."""

    parts: int = 1000  # with the mail itself; a digest of a busy list has some hundreds
    depth: int = 20  # of a part below the mail; a chain of forwards has five to ten
    headers: int = 256 * 1024  # some 10,000 recipients; Postfix takes 100 KB
