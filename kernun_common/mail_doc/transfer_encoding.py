"""transfer_encoding - the value of a Content-Transfer-Encoding; RFC 2045 section 6.

    parse(b" Base64 (a comment)") -> "base64"

Whatever is no token by itself counts for nothing, as with Dovecot: the part is 7bit then.
"""

from __future__ import annotations

from .remembered import remembered
from .scanner import TOKEN, Scanner

DEFAULT = "7bit"
IDENTITY = frozenset({"7bit", "8bit", "binary"})


@remembered
def parse(value: bytes) -> str:
    """The encoding's name in lower case."""
    scanner = Scanner(value)
    scanner.skip()
    token = scanner.take(TOKEN)
    scanner.skip()
    return token[0].decode("latin-1").lower() if token and scanner.over else DEFAULT
