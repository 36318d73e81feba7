"""tree - a document as browsers read it.

    parse(text)      ->  Document, whose children are Doctype, Comment and Element
    walk(document)   every node, each before its children

By html5lib, which follows the HTML standard; its nodes are ours, so that text is gathered in
linear time and nothing recurses.  What nests too deep is flattened: its start tag is left out.
TooComplex: too many elements, or what html5lib cannot cope with.  See also: limits.py.
"""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Optional, Union

from html5lib.constants import namespaces
from html5lib.html5parser import HTMLParser
from html5lib.treebuilders import base

from . import limits
from .limits import TooComplex
from .tokens import Tokens

HTML = namespaces["html"]


class Text:
    """Characters; `pieces` joined are the text."""

    def __init__(self, data: str) -> None:
        self.pieces = [data]
        self.parent: Optional[Node] = None

    @property
    def data(self) -> str:
        return "".join(self.pieces)


class Node(base.Node):
    """What may have children; the interface of html5lib's tree builders."""

    def __init__(self, name: str, namespace: Optional[str] = None) -> None:
        super().__init__(name)
        self.namespace = namespace
        self.attributes: Dict[Any, str] = {}
        self.childNodes: List[Child] = []
        self.nameTuple = (namespace or HTML, name)

    def appendChild(self, node: Child) -> None:
        node.parent = self
        self.childNodes.append(node)

    def insertText(self, data: str, insertBefore: Optional[Child] = None) -> None:
        at = len(self.childNodes) if insertBefore is None else self.childNodes.index(insertBefore)
        last = self.childNodes[at - 1] if at else None
        if isinstance(last, Text):
            last.pieces.append(data)
        else:
            text = Text(data)
            text.parent = self
            self.childNodes.insert(at, text)

    def insertBefore(self, node: Child, refNode: Child) -> None:
        node.parent = self
        self.childNodes.insert(self.childNodes.index(refNode), node)

    def removeChild(self, node: Child) -> None:
        self.childNodes.remove(node)
        node.parent = None

    def reparentChildren(self, newParent: Node) -> None:
        for child in self.childNodes:
            newParent.appendChild(child)
        self.childNodes = []

    def cloneNode(self) -> Node:  # type: ignore[override]
        clone = type(self)(self.name, self.namespace)
        clone.attributes = dict(self.attributes)
        return clone

    def hasContent(self) -> bool:  # type: ignore[override]
        return bool(self.childNodes)


class Element(Node):
    """A tag, its attributes by their names (a tuple in SVG and MathML), and what is within."""


class Comment(Node):
    def __init__(self, data: str) -> None:
        super().__init__("#comment")
        self.data = data


class Doctype(Node):
    def __init__(self, name: str, publicId: Optional[str], systemId: Optional[str]) -> None:
        super().__init__(name or "")
        self.publicId = publicId
        self.systemId = systemId


class Document(Node):
    def __init__(self) -> None:
        super().__init__("#document")


Child = Union[Node, Text]


class _Builder(base.TreeBuilder):
    documentClass = Document
    elementClass = Element
    commentClass = Comment
    doctypeClass = Doctype
    fragmentClass = Document

    def getDocument(self) -> Document:
        document: Document = self.document
        return document


class _Parser(HTMLParser):
    def mainLoop(self) -> None:
        self.tokenizer = Tokens(self.tokenizer.stream.dataStream, parser=self)
        super().mainLoop()

    def parseError(self, errorcode: Any = "", datavars: Any = None) -> None:
        """Nobody asks for them, and there can be millions."""


# What html5lib 1.1 raises on some of the octets that nobody writes.
_ITS_FAULTS = (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError)


def parse(text: str) -> Document:
    """The tree of a document; TooComplex where it cannot be had."""
    limits.check(text)
    try:
        document = _Parser(_Builder).parse(text)
    except _ITS_FAULTS as fault:
        raise TooComplex(f"html5lib: {type(fault).__name__}") from fault
    assert isinstance(document, Document)
    return document


def walk(document: Node) -> Iterator[Child]:
    """Every node below it, each before its children."""
    waiting: List[Child] = list(reversed(document.childNodes))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Node):
            waiting.extend(reversed(node.childNodes))
