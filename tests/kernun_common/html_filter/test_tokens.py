"""The tokens are those of html5lib's own tokenizer, and their attributes cost what they are."""

import sys

import pytest
from html5lib._tokenizer import HTMLTokenizer
from html5lib.constants import tokenTypes
from html5lib.html5parser import HTMLParser
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.html_filter.scan import ATTRIBUTES
from kernun_common.html_filter.tokens import Tokens
from kernun_common.html_filter.tree import parse


def tags(kind, text):
    """The tags of the tokens, without what errors there are."""
    return [
        (token["name"], token["selfClosing"], list(token["data"].items()))
        if token["type"] == tokenTypes["StartTag"]
        else f"/{token['name']}"
        for token in kind(text, parser=HTMLParser())
        if "selfClosing" in token
    ]


WRITTEN = [
    "<p a=1 b='2' c=\"3\" d>",
    "<p a=1 A=2 a='3' b=4>",
    "<p a = 1 b= '2' c =\"3\">",
    "<p a='1'b=\"2\"c=3/>",
    "<p a=1/><p a='1'/><p a=\"1\" />",
    "<p a='&amp;&lt' b=&amp;c d=\"x&y\">",
    "<p a='\0' \0=\"x\" =y '=z <=a>",
    "<p a='<b>' b=\"=`\" c==d e=`f`>",
    "</p a=1 b='2'><p/a=1>",
    "<p\ta=1\r\nb=2\fc=3\rd='\r\n'>",
    "<p a='1' b='2",
    "<p a='1' b=2",
    "<p data-x:y.z_1=1 é=2 xé='3'>",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_tags(text):
    assert tags(Tokens, text) == tags(HTMLTokenizer, text)


PIECES = st.sampled_from(
    (
        *("<p ", "</p ", "<a", ">", "/>", "/", " ", "\n", "\t", "=", "'", '"', "a", "A", "b-c"),
        *("x1", "é", "&", "&amp;", "&lt", "\0", "`", "<", ";", "a=1 ", "b='2' ", 'c="3"', "\r"),
    )
)


@given(st.lists(PIECES, max_size=20).map(lambda pieces: "<p " + "".join(pieces) + ">"))
def test_any_tags(text):
    assert tags(Tokens, text) == tags(HTMLTokenizer, text)


def test_an_attribute_that_a_chunk_of_the_input_cuts():
    for blanks in range(10_230, 10_245):
        text = " " * blanks + "<p abc='def' ghi=jkl>"
        assert tags(Tokens, text) == tags(HTMLTokenizer, text)


def lines(function):
    """How many lines of Python run, in the libraries as well."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("tag", ["<p{}>", "</p{}>"])
@pytest.mark.parametrize("attribute", [" a{}", " a{}=&amp;", " é{}='1'", " a{}=1"])
def test_the_time_is_linear_in_the_attributes_of_a_tag(tag, attribute):
    def work(count):
        names = "".join(map(attribute.format, range(count)))
        return lines(lambda: parse("<p>" + tag.format(names)))

    assert ATTRIBUTES == 500 and work(ATTRIBUTES) < 4.5 * work(ATTRIBUTES // 4)
