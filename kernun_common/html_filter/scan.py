"""scan - every tag that any reader could see in a document.

    scan(text, judge)  ->  the kinds of what has to go, as a set; empty: nothing

Where one reader sees a comment, a script, the inside of a `noscript` or of an attribute, another
sees tags.  So a tag is taken to begin at every `<` with a letter behind it, wherever it stands;
its end and its attributes follow from there, for all readers alike (HTML standard, 13.2.5.6 to
13.2.5.40).  What is found here need not be in the document as browsers read it; what is not found
here is in no reading of it.  Hence the two uses: a document with no finding is left alone octet for
octet, and one that was rewritten must have none.  See also: judge.py, filter.py.
"""

from __future__ import annotations

import re
from html import unescape
from typing import FrozenSet, Iterator, List, Set, Tuple

from .judge import Attributes, Judge
from .kinds import Kind
from .limits import TooComplex

# Tags that overlap are read again and again: at most so many characters for each of the document.
OVERLAP = 8
_ALWAYS = 65536

ATTRIBUTES = 500  # of one tag

_TAG = re.compile(r"<([a-zA-Z][^\t\n\f\r />\0]*)")
_ATTRIBUTE = re.compile(
    r"[\t\n\f\r /]*(=?[^\t\n\f\r />=]*)"
    r"(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"([^\"]*)\"?|'([^']*)'?|([^\t\n\f\r >]*)))?"
)
_STYLE_END = re.compile(r"</style", re.I)
_CONDITIONAL = re.compile(r"<!(?:--)?\s*\[\s*(?:if|endif)", re.I)
_DECLARATION = re.compile(r"<!(?:entity|attlist|notation)|<\?xml-stylesheet", re.I)
_FOREIGN = re.compile(r"<(?:[a-z]+:)?(?:svg|math)[\s/>]", re.I)


def scan(text: str, judge: Judge) -> FrozenSet[Kind]:
    """The kinds of what has to go in some reading of `text`.  TooComplex where that costs too
    much to tell."""
    found: Set[Kind] = set(_declarations(text, judge))
    left = _ALWAYS + OVERLAP * len(text)
    foreign = _FOREIGN.search(text) is not None
    for start in _TAG.finditer(text):
        name = start[1].lower()
        attributes, end = _attributes(text, start.end())
        found.update(finding.kind for finding in judge.tag(name, attributes))
        left -= end - start.start()
        if name.rpartition(":")[2] == "style":
            style, end = _style(text, end)
            found.update(_style_findings(style, judge, foreign))
            left -= len(style)
        if left < 0:
            raise TooComplex("tags within tags")
    return frozenset(found)


def _attributes(text: str, at: int) -> Tuple[Attributes, int]:
    """The attributes of the tag whose name ends at `at`, and where the tag ends."""
    attributes: List[Tuple[str, str]] = []
    while at < len(text) and text[at] != ">":
        found = _ATTRIBUTE.match(text, at)
        if found is None or found.end() == at:
            at += 1  # a NUL at the end of the name
            continue
        at = found.end()
        if found[1]:
            value = found[2] or found[3] or found[4] or ""
            attributes.append((found[1].lower(), unescape(value) if "&" in value else value))
            if len(attributes) > ATTRIBUTES:
                raise TooComplex("attributes of a tag")
    return attributes, at


def _style(text: str, at: int) -> Tuple[str, int]:
    end = _STYLE_END.search(text, at)
    stop = len(text) if end is None else end.start()
    return text[at + 1: stop], stop


def _style_findings(text: str, judge: Judge, foreign: bool) -> Iterator[Kind]:
    """In SVG and MathML a style may hold entities, comments and tags: none is taken for sure."""
    kind = judge.style(text)
    if kind is not None:
        yield kind
    elif foreign and judge.reads_styles and re.search("[<&]", text):
        yield Kind.MARKUP


def _declarations(text: str, judge: Judge) -> Iterator[Kind]:
    if judge.rules.about(Kind.CONDITIONAL) and _CONDITIONAL.search(text):
        yield Kind.CONDITIONAL
    if judge.rules and _DECLARATION.search(text):
        yield Kind.MARKUP
