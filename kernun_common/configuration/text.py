r"""text - the spelling of things: quotes and escapes, the nearest word, keywords as attributes.

    quoted('a"b')  ->  "a\"b"          unquoted(...) is its inverse

Escapes: \" \\ \n \r \t and \xHH, the character with that number.
"""

from __future__ import annotations

import difflib
import keyword as python
import re
from functools import lru_cache
from typing import Optional, Sequence, Tuple

_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|.)", re.DOTALL)
_ESCAPED = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
_ESCAPES = {character: "\\" + letter for letter, character in _ESCAPED.items()}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NOT_AS_IT_IS = re.compile(r'["\\\x00-\x1f\x7f-\x9f\ud800-\udfff]')

_LONGEST_COMPARED = 40  # characters; no known word is longer
_MOST_COMPARED = 200  # words; comparing takes about 10 microseconds each


class BadEscape(ValueError):
    """There is no such escape; `offset` counts from the begin of the escaped text."""

    def __init__(self, escape: str, offset: int) -> None:
        super().__init__(f"there is no escape {escape}; known: \\\" \\\\ \\n \\r \\t \\xHH")
        self.offset = offset


def unquoted(text: str) -> str:
    """The characters that `text`, the inside of a quoted string, stands for."""
    return _ESCAPE.sub(_unescape, text) if "\\" in text else text


def _unescape(match: re.Match[str]) -> str:
    escape = match[1]
    if escape in _ESCAPED:
        return _ESCAPED[escape]
    if len(escape) == 3:
        return chr(int(escape[1:], 16))
    raise BadEscape(match[0], match.start())


def quoted(text: str) -> str:
    """`text` as a quoted string on one line."""
    return '"' + _NOT_AS_IT_IS.sub(_escape, text) + '"'


def printable(text: str) -> str:
    """`text` with every control character as an escape, to be shown on one line."""
    return _CONTROL.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return _ESCAPES.get(character) or f"\\x{ord(character):02x}"


@lru_cache(maxsize=1024)
def nearest(word: str, known: Tuple[str, ...]) -> Optional[str]:
    """The known word that `word` was perhaps meant to be."""
    if len(word) > _LONGEST_COMPARED:
        return None
    spelled = {candidate.lower(): candidate for candidate in known}
    found = difflib.get_close_matches(word.lower(), spelled, n=1)
    return spelled[found[0]] if found else None


def hint(word: str, known: Sequence[str]) -> str:
    """The tail of an error message about an unknown word; of many known ones some are compared."""
    near = nearest(word, tuple(known[:_MOST_COMPARED]))
    return f"; did you mean `{near}`?" if near else ""


def keyword_of(attribute: str) -> str:
    """The administrator's spelling of an attribute: from_ -> from, ip_tos -> ip-tos."""
    return attribute.rstrip("_").replace("_", "-")


def attribute_of(keyword: str) -> str:
    """The attribute for a keyword or label."""
    name = keyword.replace("-", "_")
    return f"{name}_" if python.iskeyword(name) else name
