"""loose - what a value of MIME means to a program that only looks for words.

    content_type(b" =?x?; (y) multipart/mixed boundary*=us-ascii''b")
        -> ContentType("multipart", "mixed", (("boundary", b"b"),))
    encoding(b' "base64" junk')  -> "base64"

Any octets have a meaning.  Takes time linear in them.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from .content_type import ContentType
from .decode import READINGS

_KIND = re.compile(rb"([A-Za-z0-9-]{1,64})[ \t\r\n]*+/[ \t\r\n]*+([A-Za-z0-9.+_-]{1,64})")
_BOUNDARY = re.compile(
    rb"boundary(\*[0-9*]*)?[ \t\r\n]*+=[ \t\r\n]*+(?:\"([^\"]*)\"?|([^;, \t\r\n\"]+))", re.I
)
_CHARSET = re.compile(rb"[^']*'[^']*'")
_WORD = re.compile(rb"[a-z0-9-]+")


def content_type(value: bytes) -> ContentType:
    """With its boundary, and no other parameter."""
    kind = _KIND.search(value)
    if kind is None:
        return ContentType()
    boundary = _BOUNDARY.search(value)
    parameters = (("boundary", _boundary(boundary)),) if boundary else ()
    main, sub = kind[1].decode("ascii").lower(), kind[2].decode("ascii").lower()
    return ContentType(main, sub, parameters, (kind[1], kind[2]))


def _boundary(match: re.Match[bytes]) -> bytes:
    value = match[3] if match[2] is None else match[2]
    if match[1]:
        value = unquote_to_bytes(_CHARSET.sub(b"", value, count=1))
    return value.rstrip()


def encoding(value: bytes) -> str:
    """The first encoding that is named; 7bit if none is."""
    words = (word.decode("ascii") for word in _WORD.findall(value.lower()))
    return next((word for word in words if word in READINGS), "7bit")
