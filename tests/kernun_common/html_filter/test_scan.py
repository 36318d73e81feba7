import pytest

from kernun_common.html_filter.judge import Judge
from kernun_common.html_filter.kinds import Kind
from kernun_common.html_filter.limits import TooComplex
from kernun_common.html_filter.scan import ATTRIBUTES, scan
from kernun_common.html_filter.section import HtmlFilter
from tests.support.html_attacks import attacks

DEFANG = Judge(HtmlFilter(name="F", defang=True))

CASES = [
    ("", set()),
    ("a < b, a<1, </p>", set()),
    ("<p>hello &lt;script&gt;", set()),
    ("<p title='a>b' class=x>hello", set()),
    ("<!-- hello -->", set()),
    ("<script>", {Kind.SCRIPT}),
    ("<SCRIPT/x", {Kind.SCRIPT}),
    ("<!-- <script> -->", {Kind.SCRIPT}),
    ("<p title='<script>'>", {Kind.SCRIPT}),
    ("<xmp><p onclick=x></xmp>", {Kind.INTRINSIC}),
    ("<p x='y'onclick=x>", {Kind.INTRINSIC}),
    ("<p/onclick='x", {Kind.INTRINSIC}),
    ("<p =onclick=x>", set()),
    ("<p x= onclick=x>", set()),  # the value of x
    ("<p x=\"\" onclick\n=\n'x'>", {Kind.INTRINSIC}),
    ("<a href=java&#115;cript:x>", {Kind.URL_SCHEME}),
    ("<style>p{background:url(//x)}", {Kind.EXTERNAL}),
    ("<style>p{top:0}</style><p>background:url(//x)", set()),
    ("<svg:svg><style>&#64;x</style>", {Kind.MARKUP}),
    ("<!--[if mso]> x <![endif]-->", {Kind.CONDITIONAL}),
    ("<![if mso]>", {Kind.CONDITIONAL}),
    ("<!ENTITY x>", {Kind.MARKUP}),
    ("<?xml-stylesheet href=x?>", {Kind.MARKUP}),
]


@pytest.mark.parametrize("text, kinds", CASES)
def test_scan(text, kinds):
    assert scan(text, DEFANG) == kinds
    assert scan(text, Judge(HtmlFilter(name="F"))) == set()


@pytest.mark.parametrize("name, document", list(attacks(lambda name: "//127.0.0.1/x")))
def test_attacks_are_found(name, document):
    if "NUL" not in name:  # filter.py reads those without
        assert scan(document, DEFANG)


COSTLY = ["<p " + "<a " * 60_000, "<p" + " x=y" * (ATTRIBUTES + 1) + ">", "<style>" * 10_000]


@pytest.mark.parametrize("text", COSTLY, ids=lambda text: text[:8])
def test_what_costs_too_much(text):
    with pytest.raises(TooComplex):
        scan(text, DEFANG)
