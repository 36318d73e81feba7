"""serialise - a tree as HTML that every reader reads alike.

    serialise(document, charset, newline)  ->  pieces of text, each with how to write what is not
                                               in the character set

Every attribute stands in quotes; `<`, `>`, `&` and `"` are entities in text and attributes, so
that no tag begins but where one is meant; CSS holds no `<`.  What has an end tag gets it.
The character set is told first in the head.  See also: charset.py, edit.py.
"""

from __future__ import annotations

import re
from typing import Dict, Iterator, List, Optional, Tuple, Union

from . import css
from .charset import Escape
from .tree import Child, Comment, Doctype, Document, Element, Node, Text

Piece = Tuple[str, Escape]

_VOID = frozenset(
    (
        *("area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img"),
        *("input", "keygen", "link", "meta", "param", "source", "track", "wbr"),
    )
)
_FIRST_NEWLINE_LOST = frozenset(("pre", "textarea"))

_ENTITIES: Dict[int, Optional[str]] = {
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord('"'): "&quot;",
    **dict.fromkeys((code for code in range(0x20) if code not in b"\t\n\f"), None),
    ord("\r"): "&#13;",
    0xA0: "&nbsp;",
}
_IDENTIFIER = re.compile(r"[ !#-%'-;=?-~]*")


def serialise(document: Document, charset: str) -> Iterator[Piece]:
    """The document in pieces; lines end in LF."""
    waiting: List[Union[Child, str]] = list(reversed(document.childNodes))
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node, Escape.MARKUP
        elif isinstance(node, Element):
            yield _start(node, charset), Escape.MARKUP
            if node.name not in _VOID:
                waiting.append(f"</{node.name}>")
                waiting.extend(reversed(node.childNodes))
        else:
            yield _leaf(node)


def _leaf(node: Child) -> Piece:
    if isinstance(node, Text):
        return _text(node)
    if isinstance(node, Comment):
        return f"<!--{node.data}-->", Escape.DROP
    assert isinstance(node, Doctype)
    return _doctype(node), Escape.MARKUP


def _text(text: Text) -> Piece:
    parent = text.parent.name if isinstance(text.parent, Node) else ""
    if parent == "script":
        return text.data, Escape.SCRIPT
    if parent == "style":
        return css.raw(text.data), Escape.STYLE
    return _escaped(text.data), Escape.MARKUP


def _escaped(text: str) -> str:
    return text.translate(_ENTITIES)


def _start(element: Element, charset: str) -> str:
    attributes = "".join(
        f' {name}="{_escaped(value)}"' for name, value in element.attributes.items()
    )
    tag = f"<{element.name}{attributes}>"
    if element.name == "head":
        return f'{tag}<meta charset="{charset}">'
    first = element.childNodes[0] if element.childNodes else None
    if element.name in _FIRST_NEWLINE_LOST and isinstance(first, Text):
        return tag + "\n" if first.data.startswith("\n") else tag
    return tag


def _doctype(doctype: Doctype) -> str:
    """The mode of layout depends on the identifiers."""
    name = doctype.name if doctype.name.isalnum() and doctype.name.isascii() else "html"
    public, system = (
        f' "{each}"' if each and _IDENTIFIER.fullmatch(each) else ""
        for each in (doctype.publicId, doctype.systemId)
    )
    if public:
        return f"<!DOCTYPE {name} PUBLIC{public}{system}>\n"
    return f"<!DOCTYPE {name} SYSTEM{system}>\n" if system else f"<!DOCTYPE {name}>\n"
