import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.html_filter import css

RESOURCES = [
    ("a{color:red}", ()),
    ("a{background:url(x.png)}", ("x.png",)),
    ("a{background:url('x.png')}", ("x.png",)),
    (r"a{background:\75r\6c(x)}", ("x",)),
    ("a{background:image-set('x' 1x)}", ("x",)),
    ("@import 'x';", ("x",)),
    (r"@\69mport 'x';", ("x",)),
    ("@import/**/'x'; a{content:'y'}", ("x",)),
    ("@charset 'utf-8';", ()),
    ("a{content:'hello'}", ()),
    ("a{--x:'http://x/'}", ("http://x/",)),
    ("a{filter:p:i(src='//x')}", ("//x",)),
    ("a{b:url(x y)}", ("//",)),
    ("@media all{@supports (x){a{b:url(x)}}}", ("x",)),
    ("[a='http://x'] {}", ("http://x",)),
]


@pytest.mark.parametrize("text, urls", RESOURCES)
def test_resources(text, urls):
    assert css.resources(text) == urls


RUNS = [
    ("width:expression(x)", True),
    ("a{content:'/*';width:expression(x);x:'*/'}", True),
    ('a{content:"/*\\"";width:expression(x);x:"*/"}', True),
    ("a{/* it's */width:exp/* ' */ression(x)}", True),
    ("a{content:'/*';color:red}", False),
    ("width:exp/**/ression (x)", True),
    (r"width:\65xpression(x)", True),
    ("width:ＥＸＰＲＥＳＳＩＯＮ(x)", True),
    ("behavior:url(x)", True),
    ("-moz-binding : url(x)", True),
    ("background:url(java\tscript:x)", True),
    ("-ms-behavior:url(x)", True),
    ("scroll-behavior: smooth", False),
    ("color:red", False),
    ("content:'an expression'", False),
]


@pytest.mark.parametrize("text, runs", RUNS)
def test_runs(text, runs):
    assert css.runs(text) is runs


def bad(text):
    return "bad" in text


WITHOUT = [
    # text, of an attribute, what is left
    ("color:red; background:bad; top:1px", True, "color:red; top:1px;"),
    ("bad:1", True, ""),
    ("a{color:red;b:bad}", False, "a { color:red; }"),
    ("bad{color:red} b{top:0}", False, "b { top:0; }"),
    ("@import bad; a{top:0}", False, "a { top:0; }"),
    ("@import x;", False, "@import x;"),
    ("@media all{a{top:0;b:bad}}", False, "@media all {\na { top:0; }\n}"),
    ("@media bad{a{top:0}}", False, ""),
    ("@font-face{src:bad;font-family:x}", False, "@font-face { font-family:x; }"),
    ("a{top:0;& b{left:bad;left:0}}", False, "a { top:0; & b { left:0; } }"),
    ("a{" + "(" * 60, False, ""),
    ("a{/* bad */top:0}", False, "a { top:0; }"),
]


@pytest.mark.parametrize("text, of_attribute, left", WITHOUT)
def test_without(text, of_attribute, left):
    assert css.without(text, bad, of_attribute) == left


RAW = [
    ("a{color:red}", "a{color:red}"),
    ("a{content:'</style>'}", r"a{content:'\3c /style>'}"),
    (r"a{content:'\</style>'}", r"a{content:'\3c /style>'}"),
    (r"a{content:'\\</style>'}", r"a{content:'\\\3c /style>'}"),
    ("<!-- a{} -->", "  a{} -->"),
    ("a\x1b{}", "a{}"),
]


@pytest.mark.parametrize("text, raw", RAW)
def test_raw(text, raw):
    assert css.raw(text) == raw


@given(st.text("ab{}()[];:'\"\\/*<@!,. \n-url", max_size=60))
def test_any_text(text):
    """Anything can be asked for; what was cleaned has nothing bad, and no tag."""
    css.runs(text)
    css.resources(text)
    left = css.without(text, lambda part: bool(css.resources(part)), False)
    assert not css.resources(left)
    assert "<" not in css.raw(left) and css.raw(css.raw(left)) == css.raw(left)


def test_deep():
    assert css.is_deep("(" * 51) and not css.is_deep("()" * 100)
    assert css.resources("(" * 20_000 + "url(x)") == ("x",)
