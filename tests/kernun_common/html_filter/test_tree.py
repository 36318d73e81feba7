import pytest

from kernun_common.html_filter import limits
from kernun_common.html_filter.limits import TooComplex
from kernun_common.html_filter.tree import Comment, Doctype, Element, Node, Text, parse, walk


def told(node):
    """The tree as text, for the eye."""
    if isinstance(node, Text):
        return repr(node.data)
    if isinstance(node, Comment):
        return f"!{node.data}"
    if isinstance(node, Doctype):
        return f"<!{node.name}>"
    return f"{node.name}({' '.join(map(told, node.childNodes))})"


CASES = [
    ("", "#document(html(head() body()))"),
    ("<!doctype html>a&amp;<b>b", "#document(<!html> html(head() body('a&' b('b'))))"),
    ("<title>a<b></title>", "#document(html(head(title('a<b>')) body()))"),
    ("<table>x<tr><td>y", "#document(html(head() body('x' table(tbody(tr(td('y')))))))"),
    ("<b><p>x</b>y", "#document(html(head() body(b() p(b('x') 'y'))))"),
    ("<!--c--><p>x", "#document(!c html(head() body(p('x'))))"),
    ("<a>x<a>y", "#document(html(head() body(a('x') a('y'))))"),
    ("<svg><title><p>x", "#document(html(head() body(svg(title(p('x'))))))"),
]


@pytest.mark.parametrize("text, tree", CASES)
def test_tree(text, tree):
    assert told(parse(text)) == tree


def test_walk_is_in_the_order_of_the_document():
    names = [node.name for node in walk(parse("<p>x<b>y</b></p><i>")) if isinstance(node, Element)]
    assert names == ["html", "head", "body", "p", "b", "i"]


def depth(node):
    found = 0
    while isinstance(node, Node):
        found += 1
        node = node.parent
    return found


DEEP = ["<div>", "<b>", "<p><font size=1>", "<table><td>", "<svg>", "<ul><li>", "<a href=x><p>"]


@pytest.mark.parametrize("tags", DEEP)
def test_deep_tags_are_flattened(tags):
    document = parse(tags * (30_000 // len(tags)) + "<i>x")
    assert max(depth(node.parent) for node in walk(document)) <= limits.DEPTH + 40
    (text,) = {node.data for node in walk(document) if isinstance(node, Text)}
    assert text == "x"


def test_too_many_tags(monkeypatch):
    monkeypatch.setattr(limits, "TAGS", 1000)
    parse("<p>" * 1000)
    with pytest.raises(TooComplex):
        parse("<p>" * 1001)


def test_formatting_is_not_opened_again_and_again():
    fonts = "".join(f"<font size={number}>" for number in range(1000))
    document = parse(f"<p>{fonts}</p>" + "<p>x" * 1000)
    assert sum(1 for _ in walk(document)) < 1000 * (limits.FORMATTING + 3)
