"""edit - a tree without what has to go.

    edit(document, judge)  ->  the kinds that were deleted; the document is changed

Besides, what two readers read in two ways goes from every tree that is rewritten: SVG and MathML,
`template`, raw text that browsers show nowhere; `noscript` gives way to what is in it, `xmp` and
`plaintext` to `pre`.  See also: judge.py, tree.py, serialise.py.
"""

from __future__ import annotations

import re
from typing import FrozenSet, Iterator, List, Optional, Set, Tuple

from .judge import Finding, Judge
from .kinds import Kind
from .scan import scan
from .tree import HTML, Child, Comment, Document, Element, Node, Text, walk

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?")

_DROPPED = frozenset(("template", "noembed", "noframes"))
_RENAMED = {"xmp": "pre", "plaintext": "pre", "listing": "pre"}
_RAW = frozenset(("script", "style"))
_ROOTS = frozenset(("html", "head", "body"))

# Where text would move elsewhere, or be taken for code, a comment stands instead.
_WITHOUT_TEXT = frozenset(
    (
        *("html", "head", "table", "thead", "tbody", "tfoot", "tr", "colgroup", "frameset"),
        *("select", "optgroup", "noscript"),
    )
)


def edit(document: Document, judge: Judge) -> FrozenSet[Kind]:
    """Take out of the document what has to go; the kinds of that."""
    editor = _Editor(judge)
    editor.edit(document)
    return frozenset(editor.removed)


class _Editor:
    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self.removed: Set[Kind] = set()

    def edit(self, document: Document) -> None:
        waiting: List[Tuple[Node, bool]] = [(document, False)]
        while waiting:
            parent, in_head = waiting.pop()
            parent.childNodes = list(self._children(parent, in_head))
            for child in parent.childNodes:
                child.parent = parent
                if isinstance(child, Element) and child.name not in _RAW:
                    waiting.append((child, in_head or child.name == "head"))

    def _children(self, parent: Node, in_head: bool) -> Iterator[Child]:
        """What stays of the children; what is unwrapped is read on in its place."""
        waiting = list(reversed(parent.childNodes))
        while waiting:
            child = waiting.pop()
            if isinstance(child, Element):
                instead = self._element(child, in_head, parent.name in _WITHOUT_TEXT)
                if instead is None:
                    yield child
                else:
                    waiting.extend(reversed(instead))
            elif not isinstance(child, Comment) or self._keeps(child.data):
                yield child

    def _element(self, element: Element, in_head: bool, no_text: bool) -> Optional[List[Child]]:
        """None: it stays; else what stands in its place."""
        if element.namespace not in (None, HTML):
            return self._foreign(element)
        findings = self._judge.tag(element.name, _attributes(element))
        about = [finding.kind for finding in findings if finding.attribute is None]
        if about:
            self.removed.update(about)
            unwrapped = set(about) == {Kind.FORM}
            return element.childNodes if unwrapped else self._text(about[0], in_head, no_text)
        if element.name in _DROPPED or _is_charset(element):
            return []
        if element.name == "noscript" or not _NAME.fullmatch(element.name):
            return element.childNodes
        self._change(element, findings)
        return self._inside(element)

    def _inside(self, element: Element) -> Optional[List[Child]]:
        element.name = _RENAMED.get(element.name, element.name)
        if element.name == "style":
            self._style(element)
        elif element.name == "script" and _is_ambiguous(element):
            self.removed.add(Kind.SCRIPT)
            return []
        elif element.name == "iframe":
            element.childNodes = []
        return None

    def _foreign(self, element: Element) -> List[Child]:
        for node in (element, *walk(element)):
            if isinstance(node, Element):
                findings = self._judge.tag(node.name, _attributes(node))
                self.removed.update(finding.kind for finding in findings)
        return []

    def _change(self, element: Element, findings: List[Finding]) -> None:
        """Give the element the attributes that stay."""
        self.removed.update(finding.kind for finding in findings)
        instead = {finding.attribute: finding.value for finding in reversed(findings)}
        gone = {finding.attribute for finding in findings if finding.value is None}
        element.attributes = {
            name: instead.get(index) or value
            for index, (name, value) in enumerate(_attributes(element))
            if index not in gone and _NAME.fullmatch(name)
        }

    def _style(self, element: Element) -> None:
        text = _text_of(element)
        kind = self._judge.style(text)
        if kind is not None:
            self.removed.add(kind)
            element.childNodes = [Text(self._judge.cleaned(text, False))]

    def _text(self, kind: Kind, in_head: bool, no_text: bool) -> List[Child]:
        """What the section has put in place of an element of this kind."""
        options = self._judge.options
        text = {
            Kind.SCRIPT: (
                options.replace_head_script_tags if in_head else options.replace_body_script_tags
            ),
            Kind.STYLE: options.replace_style_tags,
            Kind.IFRAME: options.replace_iframe_tags,
        }.get(kind)
        if not text:
            return []
        return [Comment(_calm(re.sub("[<>]", "", text))) if no_text else Text(text)]

    def _keeps(self, comment: str) -> bool:
        """May the comment stay: does every reader see its end, and no tag in it that must go?"""
        kinds = scan(f"<!--{comment}-->", self._judge)
        self.removed.update(kinds)
        return not kinds and comment == _calm(comment)


def _attributes(element: Element) -> List[Tuple[str, str]]:
    """As a tag has them; those of SVG and MathML with their prefixes."""
    return [
        (name if isinstance(name, str) else f"{name[0] or ''}:{name[1]}".lstrip(":"), value)
        for name, value in element.attributes.items()
    ]


def _text_of(element: Element) -> str:
    return "".join(child.data for child in element.childNodes if isinstance(child, Text))


def _is_charset(element: Element) -> bool:
    """Does it tell the character set?  serialise.py tells it anew."""
    if element.name != "meta":
        return False
    header = element.attributes.get("http-equiv", "").strip().lower()
    return "charset" in element.attributes or header == "content-type"


def _is_ambiguous(script: Element) -> bool:
    """May its end be seen elsewhere (HTML standard, 4.12.1.3)?"""
    text = _text_of(script).lower()
    return "<!--" in text and "<script" in text


def _calm(comment: str) -> str:
    """A comment whose end no reader sees elsewhere."""
    text = re.sub(r"-(?=-)", "- ", comment.replace("\0", "").replace("<!", "< !"))
    text = re.sub(r"^(-?>)", r" \1", text)
    return text + " " if text.endswith("-") else text
