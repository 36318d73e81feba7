import pytest

from kernun_common.configuration.types import Exact, Glob, StrSet
from kernun_common.html_filter.judge import (
    DOCUMENTS,
    KNOWN,
    SHORT,
    STYLES,
    Finding,
    Judge,
    comment_of_script,
)
from kernun_common.html_filter.kinds import Kind
from kernun_common.html_filter.limits import TooComplex
from kernun_common.html_filter.section import HtmlFilter, Row

DEFANG = Judge(HtmlFilter(name="F", defang=True))
IDLE = Judge(HtmlFilter(name="F"))


def only(**rows):
    return Judge(
        HtmlFilter(
            name="F",
            **{
                name: (Row("accept", StrSet(tuple(map(Exact, words)))),)
                for name, words in rows.items()
            },
        )
    )


ATTRIBUTES = [
    # element, attribute, value, kind of the finding under defang
    ("p", "title", "hello", None),
    ("p", "onclick", "x", Kind.INTRINSIC),
    ("p", "ev:onclick", "x", Kind.INTRINSIC),
    ("p", "style", "color:red", None),
    ("p", "style", "width:expression(x)", Kind.INTRINSIC),
    ("p", "style", "background:url(//x)", Kind.EXTERNAL),
    ("p", "style", "background:url(cid:x)", None),
    ("p", "style", "background:url(x:y)", Kind.URL_SCHEME),
    ("p", "width", "&{x};", Kind.MACRO),
    ("a", "href", "http://x/", None),
    ("a", "href", "javascript:x", Kind.URL_SCHEME),
    ("a", "xlink:href", "javascript:x", Kind.URL_SCHEME),
    ("a", "ping", "http://x/", Kind.EXTERNAL),
    ("area", "href", "http://x/", None),
    ("use", "href", "http://x/", Kind.EXTERNAL),
    ("img", "src", "http://x/", Kind.EXTERNAL),
    ("img", "src", "cid:x", None),
    ("img", "src", "data:image/png,x", None),
    ("img", "src", "data:image/svg+xml,x", Kind.URL_SCHEME),
    ("img", "src", "x.png", None),
    ("img", "srcset", "x 1x, //y 2x", Kind.EXTERNAL),
    ("v:fill", "src", "//x", Kind.EXTERNAL),
    ("td", "background", "//x", Kind.EXTERNAL),
    ("blockquote", "cite", "http://x/", None),
    ("button", "formaction", "http://x/", Kind.FORM),
    ("x", "to", "1;javascript:x", Kind.URL_SCHEME),
    ("x", "fill", "url(//x)", Kind.EXTERNAL),
    ("p", "alt", "note: this", None),
    ("x", "srcdoc", "<p>hello", None),
    ("x", "srcdoc", "<script>x</script>", Kind.SCRIPT),
    ("x", "srcdoc", "<p srcdoc='<p srcdoc=&quot;<p onclick=x>&quot;>'>", Kind.INTRINSIC),
]


@pytest.mark.parametrize("element, name, value, kind", ATTRIBUTES)
def test_attribute(element, name, value, kind):
    found = [finding for finding in DEFANG.tag(element, [(name, value)]) if finding[1] is not None]
    assert {finding.kind for finding in found} == ({kind} if kind else set())
    assert IDLE.tag(element, [(name, value)]) == []


ELEMENTS = [
    ("p", {}, None),
    ("script", {}, Kind.SCRIPT),
    ("svg:script", {}, Kind.SCRIPT),
    ("style", {}, None),
    ("style", {"type": "text/css"}, None),
    ("style", {"type": "text/javascript"}, Kind.STYLE),
    ("iframe", {}, Kind.IFRAME),
    ("frame", {"src": "x"}, Kind.IFRAME),
    ("object", {}, Kind.OBJECT),
    ("applet", {}, Kind.OBJECT),
    ("form", {}, Kind.FORM),
    ("meta", {"charset": "utf-8"}, None),
    ("meta", {"name": "viewport", "content": "x"}, None),
    ("meta", {"http-equiv": " Refresh", "content": "5"}, Kind.META),
    ("base", {}, Kind.MARKUP),
    ("link", {}, Kind.MARKUP),
    ("svg", {}, Kind.MARKUP),
]


@pytest.mark.parametrize("name, attributes, kind", ELEMENTS)
def test_element(name, attributes, kind):
    found = DEFANG.tag(name, list(attributes.items()))
    assert found == ([Finding(kind)] if kind else [])


ACCEPTING = [
    # rows that accept, tag, attributes, kinds
    ({"script_tag_language": ["javascript"]}, "script", [], set()),
    ({"script_tag_language": ["javascript"]}, "script", [("type", "text/javascript; x")], set()),
    ({"script_tag_language": ["javascript"]}, "script", [("language", "JavaScript1.2")], set()),
    (
        {"script_tag_language": ["javascript"]},
        "script",
        [("type", "text/javascript"), ("language", "vbscript")],
        {Kind.SCRIPT},
    ),
    (
        {"script_tag_language": ["javascript"]},
        "script",
        [("type", "text/javascript"), ("type", "text/vbscript")],
        {Kind.SCRIPT},
    ),
    ({"script_tag_language": ["text/vbscript"]}, "script", [], {Kind.SCRIPT}),
    ({"style_tag_type": ["css"]}, "style", [], set()),
    ({"iframe_tag_src": ["http://x/"]}, "iframe", [("src", " http://x/ ")], set()),
    ({"iframe_tag_src": ["http://x/"]}, "iframe", [("src", "http://x/y")], {Kind.IFRAME}),
    ({"intrinsic_language": ["vbscript"]}, "p", [("onclick", "vbscript:x")], set()),
    ({"intrinsic_language": ["vbscript"]}, "p", [("onclick", "x")], {Kind.INTRINSIC}),
    ({"macro_language": ["javascript"]}, "p", [("width", "&{x};")], set()),
    ({"object_tag_type": ["application/pdf"]}, "object", [("type", "application/PDF")], set()),
    ({"object_tag_type": ["application/pdf"]}, "object", [], {Kind.OBJECT}),
    ({"form_action": ["http://x/"]}, "form", [("action", "http://x/")], set()),
    ({"form_action": ["http://x/"]}, "form", [], {Kind.FORM}),
    ({"external_resource": ["example.org"]}, "img", [("src", "//EXAMPLE.org/x")], set()),
    ({"external_resource": ["example.org"]}, "img", [("src", "//x.example.org/")], {Kind.EXTERNAL}),
    ({"external_resource": ["x"]}, "base", [("href", "http://y/")], {Kind.EXTERNAL}),
    (
        {"external_resource": ["x"]},
        "meta",
        [("http-equiv", "refresh"), ("content", "0; url='//y'")],
        {Kind.EXTERNAL},
    ),
    ({"url_scheme": ["http"]}, "a", [("href", "https://x")], {Kind.URL_SCHEME}),
    ({"url_scheme": ["http"]}, "a", [("href", "x")], set()),
    ({"meta_tag_name": ["author"]}, "meta", [("name", "Author")], set()),
    ({"meta_tag_name": ["author"]}, "meta", [("property", "og:title")], {Kind.META}),
]


@pytest.mark.parametrize("rows, name, attributes, kinds", ACCEPTING)
def test_accepted(rows, name, attributes, kinds):
    assert {finding.kind for finding in only(**rows).tag(name, attributes)} == kinds


def test_hosts_by_glob():
    judge = Judge(
        HtmlFilter(
            name="F", external_resource=(Row("accept", StrSet((Glob("*.example.org"),))),)
        )
    )
    assert judge.tag("img", [("src", "//a.example.org/")]) == []
    assert judge.tag("img", [("src", "//evil.example/a.example.org")]) != []


def test_a_style_keeps_what_is_harmless():
    (found,) = DEFANG.tag("p", [("style", "color:red;background:url(//x);top:0")])
    assert found == Finding(Kind.EXTERNAL, 0, "color:red; top:0;")


def test_replaced_handler_is_not_replaced_again():
    judge = Judge(HtmlFilter(name="F", defang=True, replace_intrinsic="gone */ x"))
    (found,) = judge.tag("p", [("onclick", "x()")])
    assert found.value == comment_of_script("gone */ x") == "/* gone * / x */"
    assert judge.tag("p", [("onclick", found.value)]) == []


def test_documents_within_documents_are_bounded():
    judge = Judge(HtmlFilter(name="F", defang=True), DOCUMENTS)
    assert judge.tag("x", [("srcdoc", "<p>hello")]) == [Finding(Kind.IFRAME, 0)]


def test_a_short_style_that_is_there_many_times_counts_once():
    judge = Judge(HtmlFilter(name="F", defang=True))
    text = "color:red;" * 10
    for _ in range(STYLES // len(text) + 1):
        assert judge.tag("p", [("style", text)]) == []
    with pytest.raises(TooComplex):
        for number in range(STYLES // len(text) + 1):
            judge.tag("p", [("style", f"{text}top:{number}")])


def test_little_is_kept_of_what_attributes_say():
    judge = Judge(HtmlFilter(name="F", defang=True))
    for number in range(2 * KNOWN):
        judge.tag("p", [("title", str(number)), ("title", "x" * SHORT)])
    assert len(judge._known) == KNOWN and all(len(said[2]) < SHORT for said in judge._known)
