"""url - what a URL in a document names: its scheme, and the host that would be asked.

    schemes("java\nscript:x")        ("javascript",)    its names for url-scheme; () if relative
    host("//Example.ORG/x")          "example.org"      None: nothing outside the mail is asked
    srcset("a.png 1x, b.png 2x")     ("a.png", "b.png")

As browsers read them (the URL standard of the WHATWG, by ada); a URL that they cannot read has
the host "", which only `*` matches.  See also: kinds.py, judge.py.
"""

from __future__ import annotations

import re
from typing import Optional, Tuple

from ada_url import URL

# Relative URLs show in that they get what no document can mean: ws is for scripts alone.
_NOWHERE = "relative.invalid"
_BASE = f"ws://{_NOWHERE}/"

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)", re.I)
_BLANKS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff\ufffd]+")

# Come with the mail, or hold what they mean themselves.
_INSIDE = frozenset(("about", "blob", "cid", "data", "mid"))

# Run what stands behind them.
_ACTIVE = re.compile(
    r"(?:^|[;,])(?:javascript|vbscript|livescript|mocha|jscript):|^data:text/html", re.I
)


def _parsed(text: str) -> Optional[URL]:
    try:
        return URL(text.encode("utf-8", "replace").decode(), _BASE)
    except ValueError:
        return None


def schemes(text: str) -> Tuple[str, ...]:
    """The scheme, lower case; of a data URL also with its type; () where it is relative."""
    squeezed = _BLANKS.sub("", text)
    found = _SCHEME.match(squeezed)
    if found is None:
        return ()
    scheme = found[0].lower()
    if scheme == "data":
        return scheme, f"data:{re.split('[;,]', squeezed[5:], maxsplit=1)[0].lower()}"
    return (scheme,)


def is_active(text: str) -> bool:
    """Would it run as a script, were it taken for a URL, or for a list of URLs?"""
    return _ACTIVE.search(_BLANKS.sub("", text)) is not None


def host(text: str) -> Optional[str]:
    """The host that is asked for it, lower case; "" where none can be told."""
    parsed = _parsed(text)
    if parsed is None:
        return ""
    if parsed.hostname == _NOWHERE or str(parsed.protocol).rstrip(":") in _INSIDE:
        return None
    return str(parsed.hostname).lower()


def srcset(text: str) -> Tuple[str, ...]:
    """Whatever could be a URL in an attribute `srcset`, or in another list of URLs."""
    words = (word.strip(",") for word in text.split())
    return tuple({part for word in words for part in (word, *word.split(",")) if part})
