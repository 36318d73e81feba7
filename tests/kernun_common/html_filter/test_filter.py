"""One document through all of it, and what must hold for any octets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.configuration.types import Exact, Glob, StrSet
from kernun_common.html_filter.charset import choose
from kernun_common.html_filter.filter import Filtered, filter_html
from kernun_common.html_filter.judge import Judge
from kernun_common.html_filter.scan import scan
from kernun_common.html_filter.section import HtmlFilter, MaxSize, Row
from tests.support.html_attacks import attacks
from tests.support.html_items import ITEMS

from .test_section import html_filter

ALL = StrSet((), everything=True)
DEFANG = HtmlFilter(name="SAFE", defang=True)
OWN = HtmlFilter(
    name="OWN",
    script_tag_language=(Row("accept", StrSet((Exact("javascript"),))),),
    url_scheme=(Row("deny", StrSet((Exact("javascript"),))), Row("accept", ALL)),
    intrinsic_language=(Row("deny", ALL),),
    external_resource=(Row("accept", StrSet((Glob("*.example.org"),))),),
    replace_intrinsic="gone",
)
FILTERS = (DEFANG, OWN)

UNCHANGED = [
    b"",
    b"just text, 1 < 2 & 3 > 2",
    b"<p>unclosed <b>and <i>crossed</b> tags</i>",
    b"<html><head><meta charset=utf-8><title>x</title></head><body bgcolor=red>x<br/></body>",
    b"<!DOCTYPE html>\r\n<table><tr><td align=center><a href='https://x/?a&b'>x</a></table>",
    b"<img src=cid:logo@x alt=logo><style>p{color:red}</style>",
    b"<meta name=viewport content=x><!-- a comment --><o:p>&nbsp;</o:p>",
    "<p>čeština</p>".encode("iso-8859-2"),
    b"\xff\xfe<\0p\0>\0x\0",
]


@pytest.mark.parametrize("octets", UNCHANGED)
def test_nothing_to_delete(octets):
    assert filter_html(octets, None, DEFANG) == Filtered()


CHANGED = [
    # octets, charset, what it becomes (within the body), kinds
    (b"<p onclick=x>\xe8", "iso-8859-2", b"<p>\xe8</p>", ("intrinsic-language",)),
    (b"<p on:x=y onx:y=z x:onclick=x>a", None, b"<p>a</p>", ("intrinsic-language",)),
    (b"<p onclick=x>\xc4\x8d", "utf-8", b"<p>\xc4\x8d</p>", ("intrinsic-language",)),
    (b"<p onclick=x>\xe8&#8364;", "iso-8859-2", b"<p>\xe8&#8364;</p>", ("intrinsic-language",)),
    (b"\x1b$B<p onclick=x>\x1b(Bx", "iso-2022-jp", b"", ()),
    (b"<p>a\r\nb<script>x</script>", None, b"<p>a\r\nb</p>", ("script-tag-language",)),
    (b"<p>a\nb<script>x</script>", None, b"<p>a\nb</p>", ("script-tag-language",)),
    (b"\n<p>a\r\nb<script>x</script>", None, b"<p>a\nb</p>", ("script-tag-language",)),
    (b"<!doctype html><p onclick=x>", None, b"<!DOCTYPE html>\r\n<html>", ("intrinsic-language",)),
    (b"<img src=//x/y alt=z>", None, b'<img alt="z">', ("external-resource",)),
    (b"<p title='<script>'>x", None, b'<p title="&lt;script&gt;">x</p>', ()),
    (b"<p\0>x<im\0g on\0load=x>", None, b"", ()),
]


@pytest.mark.parametrize("octets, charset, within, removed", CHANGED)
def test_changed(octets, charset, within, removed):
    done = filter_html(octets, charset, DEFANG)
    assert done.octets is not None and within in done.octets
    assert set(removed) <= set(done.removed) and done.otherwise is None


def test_utf_16_stays_utf_16():
    done = filter_html(b"\xff\xfe" + "<p onclick=x>č".encode("utf-16le"), "utf-8", DEFANG)
    assert done.octets is not None and done.octets.startswith(b"\xff\xfe")
    assert "<p>č</p>" in done.octets.decode("utf-16")


def test_utf_7_is_never_believed():
    octets = b"+ADw-script+AD4-x+ADw-/script+AD4-"
    assert filter_html(octets, "utf-8", DEFANG) == Filtered()
    assert filter_html(octets, "utf-7", DEFANG) == Filtered(otherwise="remove")
    assert filter_html(b"<p>1 + 1", "utf-7", DEFANG) == Filtered()


def test_hidden_in_iso_2022_jp():
    """Who reads this as iso-2022-jp sees no quotes, and so an event handler."""
    octets = b'<img \x1b$B="xx\x1b(B onerror=alert(1) ">'
    assert filter_html(octets, "utf-8", DEFANG).octets is not None


@pytest.mark.parametrize("otherwise", ["remove", "deny"])
def test_max_size(otherwise):
    options = HtmlFilter(name="F", defang=True, max_size=MaxSize(10, otherwise))
    assert filter_html(b"x" * 10, None, options) == Filtered()
    assert filter_html(b"x" * 11, None, options) == Filtered(otherwise=otherwise)
    assert filter_html(b"<p " + b"<a " * 60_000, None, DEFANG) == Filtered(otherwise="remove")


def test_without_rules_nothing_changes():
    assert filter_html(b"<script>x", None, HtmlFilter(name="F")) == Filtered()


CASES = [(item, case) for item, cases in ITEMS.items() for case in cases]


@pytest.mark.parametrize("item, case", CASES, ids=[item for item, _ in CASES])
def test_what_each_item_does(item, case):
    done = holds(case.document, "utf-8", html_filter(case.body))
    if case.unchanged or case.excess:
        assert done == Filtered(otherwise=case.excess)
    else:
        assert done.octets is not None
        assert not [octets for octets in case.gone if octets in done.octets]
        assert not [octets for octets in case.there if octets not in done.octets]


def test_every_item_has_a_case():
    assert set(ITEMS) == set(HtmlFilter.TABLE.attributes)


def holds(octets, charset, options):
    """What must hold of any document: the result has nothing that must go, and stays."""
    done = filter_html(octets, charset, options)
    if done.octets is not None:
        assert done.octets != octets and done.otherwise is None
        assert filter_html(done.octets, charset, options) == Filtered()
    return done


@pytest.mark.parametrize("options", FILTERS, ids=lambda options: options.name)
@pytest.mark.parametrize("name, document", list(attacks(lambda name: "//127.0.0.1/x")))
@pytest.mark.parametrize("charset", ["utf-8", "gbk", "utf-16"])
def test_attacks(name, document, charset, options):
    octets = document.encode(charset)
    done = holds(octets, charset, options)
    if options is DEFANG:
        assert done.octets is not None
        assert scan(choose(done.octets, charset).decode(done.octets), Judge(options)) == set()


PIECES = st.sampled_from(
    (
        *("<script>", "</script>", "<style>", "</style>", "<!--", "-->", "--!>", "<![CDATA["),
        *("]]>", "<svg>", "</svg>", "<math>", "<mtext>", "<title>", "</title>", "<template>"),
        *("<select>", "<table>", "<tr>", "<td>", "</table>", "<p ", "<a ", "<img ", "<form>"),
        *("</form>", "<b>", "</b>", "</p>", "<noscript>", "</noscript>", "<xmp>", "</xmp>"),
        *("<plaintext>", "<iframe ", "<base ", ">", "/>", "/", "=", '"', "'", "`", "<", "&lt;"),
        *("&#60;", "&", "\0", " ", "\n", "\t", "onclick=x ", "src=//x ", "href=javascript:x "),
        *("style=background:url(//x) ", "title=", "srcdoc=", "srcset=", "@import 'x';", "url(//x)"),
        *("{", "}", "\\3c ", "expression(x)", "alert(1)", "x", "é", "<meta charset=gbk>"),
        *("\x1b$B", "\x1b(B", "<!DOCTYPE html>"),
    )
)
DOCUMENTS = st.lists(PIECES, max_size=25).map("".join)
CHARSETS = st.sampled_from(("utf-8", "iso-8859-2", "shift_jis", "iso-2022-jp", "utf-16", None))


@given(DOCUMENTS, CHARSETS, st.sampled_from(FILTERS))
def test_any_document(text, charset, options):
    octets = text.encode(charset or "windows-1252", "replace")
    done = holds(octets, charset, options)
    if done.octets is not None and options is DEFANG:
        for reading in (charset, "latin-1"):
            assert not scan(choose(done.octets, reading).decode(done.octets), Judge(options))


@given(st.binary(max_size=300), CHARSETS)
def test_any_octets(octets, charset):
    holds(octets, charset, DEFANG)
