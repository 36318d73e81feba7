"""charset - octets to characters and back, by the Encoding standard of the WHATWG.

    choose(octets, "iso-8859-2")             which encoding: byte order mark, else the charset of
                                             the Content-Type, else `meta`, else windows-1252
    Encoding.decode(octets) -> text          never fails
    Encoding.encode(pieces) -> octets        never fails

A name that the standard does not know, such as utf-7, counts as none.  Written are only octets that
mean the same to every reader: in encodings whose octets can hide ASCII (shift_jis, gbk,
iso-2022-jp ...) every other character is escaped.  See also: serialise.py.
"""

from __future__ import annotations

import codecs
from enum import Enum
from typing import Callable, Iterable, Mapping, NamedTuple, Optional, Tuple

import webencodings
from html5lib.html5parser import HTMLParser

_MARKS: Mapping[bytes, str] = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16le",
    codecs.BOM_UTF16_BE: "utf-16be",
}
_DEFAULT = "windows-1252"

# Octets of `meta` that are looked at (HTML standard, 13.2.3.2).
PRESCAN = 1024

# Where octets of other characters are never octets of ASCII, whatever comes before them.
_TRANSPARENT = ("utf-8", "iso-8859-", "windows-", "koi8-", "macintosh", "ibm866")


class Escape(Enum):
    """How a character that cannot be written is written all the same."""

    MARKUP = "a character reference"
    STYLE = "an escape of CSS"
    SCRIPT = "an escape of JavaScript"
    DROP = "not at all"


_ESCAPES: Mapping[Escape, Callable[[int], str]] = {
    Escape.MARKUP: lambda code: f"&#{code};",
    Escape.STYLE: lambda code: f"\\{code:x} ",
    Escape.SCRIPT: lambda code: "".join(f"\\u{unit:04x}" for unit in _units(code)),
    Escape.DROP: lambda code: "",
}


class Encoding(NamedTuple):
    """An encoding of the standard, by its name, and the mark that the document begins with."""

    name: str
    mark: bytes = b""

    @property
    def is_transparent(self) -> bool:
        """Do all readers find the ASCII in its octets in the same places?"""
        return self.name.startswith(_TRANSPARENT)

    def decode(self, octets: bytes) -> str:
        """The characters without the mark; what is none is U+FFFD."""
        text, _ = webencodings.decode(octets[len(self.mark):], self.name)
        return text

    def encode(self, pieces: Iterable[Tuple[str, Escape]]) -> bytes:
        """The octets, with the mark if there was one."""
        codec = self._codec
        written = (codec.encode(text, f"html-filter-{way.name}")[0] for text, way in pieces)
        return self.mark + b"".join(written)

    @property
    def _codec(self) -> codecs.CodecInfo:
        if self.name.startswith("utf-16"):
            return codecs.lookup(self.name)
        if not self.is_transparent:
            return codecs.lookup("ascii")
        encoding = webencodings.lookup(self.name)
        assert encoding is not None
        return encoding.codec_info


def choose(octets: bytes, charset: Optional[str]) -> Encoding:
    """The encoding of a document; `charset` as the Content-Type of the part tells it, or None."""
    for mark, name in _MARKS.items():
        if octets.startswith(mark):
            return Encoding(name, mark)
    told = webencodings.lookup(charset.strip()) if charset else None
    return Encoding(told.name if told is not None else _by_meta(octets))


def _by_meta(octets: bytes) -> str:
    parser = HTMLParser()
    try:
        parser.parse(octets[:PRESCAN], useChardet=False)
        found = webencodings.lookup(parser.documentEncoding or "")
    except (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError):
        return _DEFAULT  # html5lib's own faults, see tree.py
    return _DEFAULT if found is None else found.name


def _units(code: int) -> Tuple[int, ...]:
    if code < 0x10000:
        return (code,)
    return 0xD800 + (code - 0x10000 >> 10), 0xDC00 + (code - 0x10000 & 0x3FF)


def _register(way: Escape) -> None:
    def escaped(error: UnicodeError) -> Tuple[str, int]:
        assert isinstance(error, UnicodeEncodeError)
        text = error.object[error.start: error.end]
        return "".join(_ESCAPES[way](ord(char)) for char in text), error.end

    codecs.register_error(f"html-filter-{way.name}", escaped)


for _way in Escape:
    _register(_way)
