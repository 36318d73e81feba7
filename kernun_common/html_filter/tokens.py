"""tokens - the tokens of a document as html5lib reads them, in linear time and bounded number.

    parser.tokenizer = Tokens(stream, parser=parser)

Start tags that would nest too deep are left out.  html5lib compares the name of each attribute
with all before it in its tag, only to report an error for which nobody asks; here it sees no other.
Which of two attributes of one name counts is decided where the tag ends.  Attributes of an end tag,
which mean nothing, are not kept.  TooComplex: more tags than limits.TAGS, or elements than
limits.ELEMENTS.  See also: tree.py.
"""

from __future__ import annotations

import re
from typing import Any, Iterator, List, Optional

from html5lib._tokenizer import HTMLTokenizer
from html5lib.constants import tokenTypes

from . import limits
from .limits import TooComplex

_FORMATTING = frozenset(
    (
        *("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong"),
        *("tt", "u"),
    )
)
_START, _END = tokenTypes["StartTag"], tokenTypes["EndTag"]

# An attribute in which nothing is an error or an entity, and which ends before the chunk does.
_PLAIN = re.compile(
    r"[\t\n\f ]*([a-zA-Z][a-zA-Z0-9_:.-]*)"
    r"=(?:\"([^\"&\0]*)\"|'([^'&\0]*)'|([^\t\n\f \"'&<=>`\0]+))(?=[\t\n\f >])"
)


class Tokens(HTMLTokenizer):
    """See the file's first lines; method names are those of html5lib."""

    parser: Any
    currentToken: Any
    _hidden: Optional[List[Any]] = None  # the attributes of the tag, while html5lib sees the last

    def __iter__(self) -> Iterator[Any]:
        tree, tags, elements = self.parser.tree, 0, 0
        for token in super().__iter__():
            if token["type"] == _START:
                tags += 1
                if self._too_deep(tree, token["name"]):
                    continue
            elements += 1 + len(tree.activeFormattingElements)
            if tags > limits.TAGS or elements > limits.ELEMENTS * limits.FORMATTING:
                raise TooComplex("elements")
            yield token

    def _too_deep(self, tree: Any, name: str) -> bool:
        if len(tree.openElements) >= limits.DEPTH:
            return True
        return name in _FORMATTING and len(tree.activeFormattingElements) >= limits.FORMATTING

    def beforeAttributeNameState(self) -> bool:
        """Attributes that are plainly written are taken at once, the others as html5lib does."""
        stream = self.stream
        if self.currentToken["type"] == _END:
            self.currentToken["data"].clear()
        while found := _PLAIN.match(stream.chunk, stream.chunkOffset):
            name, *values = found.groups("")
            self.currentToken["data"].append([name.lower(), "".join(values)])
            stream.chunkOffset = found.end()
        return bool(super().beforeAttributeNameState())

    def attributeNameState(self) -> bool:
        self._hidden, token = self.currentToken["data"], self.currentToken
        token["data"] = self._hidden[-1:]
        goes_on = super().attributeNameState()
        self._show(token)
        return bool(goes_on)

    def emitCurrentToken(self) -> None:
        self._show(self.currentToken)
        super().emitCurrentToken()

    def _show(self, token: Any) -> None:
        if self._hidden is not None:
            token["data"], self._hidden = self._hidden, None
