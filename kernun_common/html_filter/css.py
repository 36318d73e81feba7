"""css - what a style loads and runs, and the style without it.

    resources(text)    every URL in it that could be loaded
    runs(text)         does it hold code: expression(), behavior, -moz-binding
    without(text, bad) the declarations and rules of which `bad(their text)` is false
    raw(text)          as it may stand in an element `style`, whatever reads it

By tinycss2 (CSS Syntax Level 3).  `bad` is asked of the canonical text of each declaration and
each rule; what cannot be read at all goes, and so does a style that nests deeper than DEPTH.
See also: judge.py.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Callable, Iterable, Iterator, List, Tuple

import tinycss2

# Of brackets and blocks; tinycss2 writes them by recursion.
DEPTH = 50

_OPENING, _CLOSING = "([{", ")]}"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
_STRING = r"""["](?:\\.|[^"\\\n])*+"?|['](?:\\.|[^'\\\n])*+'?"""
_STRING_OR_COMMENT = re.compile(f"({_STRING})|{_COMMENT.pattern}", re.S)
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})[ \t\r\n\f]?|\\(?:\r\n|[\r\n\f])|\\(.)", re.I | re.S)
_CODE = re.compile(
    r"expression[(]|(?<!scroll-)(?<!transition-)behaviou?r:|-moz-binding:|javascript:|vbscript:"
)
_BLANKS = re.compile(r"[\x00-\x20\xa0\ufffd]+")
_URL_LIKE = re.compile(r"[\s\x00-\x1f]*(?:[a-z][a-z0-9+.-]*:|[/\\][/\\])", re.I)
# Without any of these there is no URL in it; to look for them is cheaper than to read it.
_HINT = re.compile(r"\\|//|url|src|image|import|domain|[\"']\s*[a-z][a-z0-9+.-]*:", re.I)
_LOADING = frozenset(
    ("url", "src", "image", "image-set", "-webkit-image-set", "url-prefix", "domain")
)
_RULES_WITHIN = frozenset(
    (
        *("media", "supports", "layer", "container", "document", "-moz-document", "scope"),
        *("starting-style",),
    )
)

Bad = Callable[[str], bool]


def is_deep(text: str) -> bool:
    """Does it nest deeper than a style may, as far as its brackets tell?"""
    depth = 0
    for bracket in re.findall(r"[][(){}]", text):
        depth = max(0, depth + (1 if bracket in _OPENING else -1))
        if depth > DEPTH:
            return True
    return False


def runs(text: str) -> bool:
    """Is there code in it, however it is written, and wherever a reader sees comments?"""
    readings = {_COMMENT.sub("", text), _STRING_OR_COMMENT.sub(r"\1", text)}
    return any(map(_has_code, readings))


def _has_code(text: str) -> bool:
    plain = _ESCAPE.sub(_unescaped, text)
    folded = unicodedata.normalize("NFKC", plain).casefold()
    return _CODE.search(_BLANKS.sub("", folded)) is not None


def _unescaped(escape: re.Match[str]) -> str:
    if escape[1]:
        number = int(escape[1], 16)
        return chr(number) if 0 < number < 0x110000 else "\ufffd"
    return escape[2] or ""


def resources(text: str) -> Tuple[str, ...]:
    """What could be loaded: every url(), and every string that looks like a URL or is imported."""
    if _HINT.search(text) is None:
        return ()
    return tuple(_resources(tinycss2.parse_component_value_list(text, skip_comments=True)))


def _resources(nodes: Iterable[Any]) -> Iterator[str]:
    waiting: List[Tuple[Any, bool]] = [(node, False) for node in nodes]
    waiting.reverse()
    imported = False
    while waiting:
        node, loading = waiting.pop()
        if node.type == "url":
            yield node.value
        elif node.type == "string":
            if loading or imported or _URL_LIKE.match(node.value):
                yield node.value
        elif node.type == "at-keyword":
            imported = node.lower_value == "import"
        elif node.type == "literal" and node.value == ";":
            imported = False
        elif node.type == "error" and node.kind in ("bad-url", "bad-string"):
            yield "//"  # nobody knows
        within = getattr(node, "content", None) or getattr(node, "arguments", None) or ()
        inner = loading or (node.type == "function" and node.lower_name in _LOADING)
        waiting.extend((each, inner) for each in reversed(within))


def without(text: str, bad: Bad, declarations: bool) -> str:
    """The style less what is bad; `declarations`: of an attribute, else of an element `style`."""
    if is_deep(text):
        return ""
    if declarations:
        nodes = tinycss2.parse_blocks_contents(text, skip_comments=True)
        return _block(nodes, bad)
    nodes = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    return _written(nodes, bad)


def _written(nodes: Iterable[Any], bad: Bad) -> str:
    return "\n".join(filter(None, (_rule(node, bad) for node in nodes)))


def _rule(node: Any, bad: Bad) -> str:
    if node.type not in ("qualified-rule", "at-rule"):
        return ""
    prelude = tinycss2.serialize(node.prelude)
    head = f"@{node.at_keyword}{prelude}" if node.type == "at-rule" else prelude
    if bad(head):
        return ""
    if node.content is None:
        return f"{head.rstrip()};"
    if node.type == "at-rule" and node.lower_at_keyword in _RULES_WITHIN:
        rules = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
        return f"{head.rstrip()} {{\n{_written(rules, bad)}\n}}"
    within = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
    return f"{head.rstrip()} {{ {_block(within, bad)} }}"


def _block(nodes: Iterable[Any], bad: Bad) -> str:
    return " ".join(filter(None, (_declaration(node, bad) for node in nodes)))


def _declaration(node: Any, bad: Bad) -> str:
    if node.type != "declaration":
        return _rule(node, bad)
    text = f"{node.serialize()};"
    return "" if bad(text) else text


def raw(text: str) -> str:
    """The same style without any `<`, so that no reader finds a tag in it."""
    text = _CONTROL.sub("", text.replace("<!--", " "))
    return re.sub(r"\\(.)|<", _without_tag, text, flags=re.S)


def _without_tag(found: re.Match[str]) -> str:
    return r"\3c " if found[0] in ("<", r"\<") else found[0]
