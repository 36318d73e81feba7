"""filter - one HTML document: is there anything to delete, and if so, the document without it.

    filter_html(octets, "utf-8", HtmlFilter(defang=True))  ->  Filtered

`octets` are those of the document, its transfer encoding taken off; `charset` is the parameter of
its Content-Type, or None; the HtmlFilter is a section of the configuration.

    Filtered.octets     None: nothing is to be deleted, the document stays octet for octet;
                        else the new document, in the character set of the old one, of which
                        charset.py tells.  Filtering it again gives None.
    Filtered.removed    the kinds of what was deleted, as kinds.py names them, sorted; empty where
                        nothing was, or where only its markup could be read in two ways
    Filtered.otherwise  "remove" or "deny": the document was not filtered, for it is larger than
                        max-size or cannot be read in linear time, and this is to be done with it

What has to go is looked for in every reading of the octets (scan.py).  If there is anything, the
document is read as browsers do (tree.py), edited and written anew; until that has no finding.
Nothing is raised whatever the octets.  Lines end as the first line of the old document does.
See also: mod-html-filter(5).
"""

from __future__ import annotations

import re
from typing import FrozenSet, Iterator, NamedTuple, Optional, Set, Tuple

from . import charset as charsets
from .charset import Encoding, Escape
from .edit import edit
from .judge import Judge
from .kinds import Kind
from .limits import TooComplex
from .scan import scan
from .section import HtmlFilter
from .serialise import serialise
from .tree import Document, parse

# How often a document is written until it says the same to all readers; two are enough as a rule.
ROUNDS = 4


# What is no ASCII in ISO 2022: up to the next escape, or for some readers to the end of the line.
_SHIFTED = (
    re.compile(rb"\x1b(?:\$[(]?.|[(]I)[^\x1b]*", re.S),
    re.compile(rb"\x1b(?:\$[(]?.|[(]I)[^\x1b\r\n]*", re.S),
)


class Filtered(NamedTuple):
    """The outcome; see the file's first lines."""

    octets: Optional[bytes] = None
    removed: Tuple[str, ...] = ()
    otherwise: Optional[str] = None


def filter_html(octets: bytes, charset: Optional[str], options: HtmlFilter) -> Filtered:
    """The document without what the section deletes; see the file's first lines."""
    judge = Judge(options)
    if len(octets) > options.max_size.size:
        return Filtered(otherwise=options.max_size.otherwise)
    if not judge.rules:
        return Filtered()
    try:
        if _is_hidden(octets, charset, judge):
            return Filtered(otherwise=options.max_size.otherwise)
        return _filtered(octets, charsets.choose(octets, charset), judge)
    except TooComplex:
        return Filtered(otherwise=options.max_size.otherwise)


def _filtered(octets: bytes, encoding: Encoding, judge: Judge) -> Filtered:
    removed: Set[Kind] = set()
    document = octets
    for _ in range(ROUNDS):
        if not _found(document, encoding, judge):
            break
        written, kinds = _written(document, encoding, judge)
        removed |= kinds
        if written == document:
            break
        document = written
    else:
        raise TooComplex("it never says the same twice")
    if document == octets:
        return Filtered()
    return Filtered(document, tuple(sorted(kind.value for kind in removed)))


def _is_hidden(octets: bytes, charset: Optional[str], judge: Judge) -> bool:
    """Would something have to go, were it read as utf-7, as the mail asks for and no standard
    permits?"""
    named = charset is not None and "utf-7" in charset.lower()
    return named and bool(scan(octets.decode("utf-7", "replace"), judge))


def _found(octets: bytes, encoding: Encoding, judge: Judge) -> FrozenSet[Kind]:
    """What has to go in any reading of the octets."""
    found = scan(encoding.decode(octets), judge)
    for text in _other_readings(octets, encoding):
        found = found or scan(text, judge)
    return found


def _other_readings(octets: bytes, encoding: Encoding) -> Iterator[str]:
    """What a reader sees that takes the document for another encoding, or passes over NUL."""
    if not encoding.is_transparent or b"\0" in octets:
        yield octets.replace(b"\0", b"").decode("latin-1")
    for shifted in _SHIFTED if b"\x1b" in octets else ():
        yield shifted.sub(b"\xff", octets).decode("latin-1")


def _written(octets: bytes, encoding: Encoding, judge: Judge) -> Tuple[bytes, FrozenSet[Kind]]:
    text = encoding.decode(octets)
    document = parse(text)
    kinds = edit(document, judge)
    return encoding.encode(_lines(document, encoding, _newline(text))), kinds


def _newline(text: str) -> str:
    """As the first line ends; of a single line, as in mails."""
    first, end, _ = text.partition("\n")
    return "\n" if end and not first.endswith("\r") else "\r\n"


def _lines(document: Document, encoding: Encoding, newline: str) -> Iterator[Tuple[str, Escape]]:
    for text, escape in serialise(document, encoding.name):
        yield text.replace("\n", newline), escape
