"""charsets - character sets by the names that mails and documents give them.

    codec = find("KOI8-R")      its codec; None: there is none of that name
    load()                      all of them, before a process has another root

Only names that Python has a table of are looked for, so a name that a peer made up opens no
file; and of its codecs only those that turn octets into characters.
Sources: the table of Python's codecs; WHATWG's encodings (webencodings) are among them.
"""

from __future__ import annotations

import codecs
from encodings import normalize_encoding
from encodings.aliases import aliases
from functools import lru_cache
from typing import Optional

# Codecs that are no character sets, or stand for characters in another way.
_OTHERS = frozenset(
    "base64_codec bz2_codec hex_codec idna mbcs oem punycode quopri_codec raw_unicode_escape"
    " rot_13 undefined unicode_escape uu_codec zlib_codec".split()
)
_NAMES = frozenset(aliases.values()) | {"utf_8_sig", "koi8_t", "koi8_u", "cp874", "cp1006"}
_KNOWN = _NAMES - _OTHERS


@lru_cache(maxsize=512)
def find(name: str) -> Optional[codecs.CodecInfo]:
    """`name` in any case, with hyphens, blanks or underlines."""
    normal = normalize_encoding(name).lower()
    module = aliases.get(normal) or aliases.get(normal.replace(".", "_")) or normal
    if module not in _KNOWN:
        return None
    try:
        return codecs.lookup(module)
    except LookupError:
        return None


def load() -> None:
    """Have all of them in memory."""
    for name in _KNOWN:
        find(name)
