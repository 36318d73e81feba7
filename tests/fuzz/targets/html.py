"""HTML: what was filtered stays as it is, and html5lib's own tree of it shows nothing that acts."""

from __future__ import annotations

import re
from typing import Any, Iterator, Sequence, Tuple

import html5lib

from kernun_common.html_filter.charset import choose
from kernun_common.html_filter.filter import Filtered, filter_html
from kernun_common.html_filter.section import HtmlFilter

from ..target import Target, same

DEFANG = HtmlFilter(name="SAFE", defang=True)
CHARSETS = ("utf-8", None)

# What `defang` of mod-html-filter(5) keeps, in our words and not in those of the filter.
SCHEMES = frozenset("http https ftp mailto tel sms sip sips xmpp geo news cid mid data".split())
DELETED = frozenset(
    "script iframe frame object embed applet form base link svg math template".split()
)
URLS = frozenset(
    "href src action formaction background poster data cite longdesc usemap lowsrc dynsrc"
    " manifest xlink:href codebase".split()
)
LOADED = URLS - {"href", "cite", "longdesc", "usemap", "action", "formaction"}
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_IMAGE = re.compile(r"data:image/(?:png|gif|jpe?g|webp|bmp)[;,]", re.IGNORECASE)


def check(octets: bytes) -> None:
    for charset in CHARSETS:
        done = filter_html(octets, charset, DEFANG)
        again = done.octets
        if again is not None:
            assert done.otherwise is None and again != octets
            same(filter_html(again, charset, DEFANG), Filtered(), "filtered twice")
        if done.otherwise is None:
            _check_tree(octets if again is None else again, charset)


def _check_tree(octets: bytes, charset: str | None) -> None:
    """No reader of the result sees anything that acts."""
    _check_text(choose(octets, charset).decode(octets))


def _check_text(text: str) -> None:
    try:
        tree = html5lib.parse(text, namespaceHTMLElements=False)
    except (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError):
        return  # html5lib's own faults, see kernun_common/html_filter/tree.py
    for name, attributes in _elements(tree):
        assert name not in DELETED, name
        for attribute, value in attributes:
            _check_attribute(name, attribute, value)


def _elements(tree: Any) -> Iterator[Tuple[str, Sequence[Tuple[str, str]]]]:
    for element in tree.iter():
        if isinstance(element.tag, str):  # no comment
            name = _local(element.tag)
            yield name, [(_local(key), value) for key, value in element.attrib.items()]


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()


def _check_attribute(element: str, name: str, value: str) -> None:
    assert not name.startswith("on"), (element, name)
    if name == "srcdoc":
        _check_text(value)
    if name not in URLS:
        return
    scheme = _scheme(value)
    assert scheme in SCHEMES or not scheme, (element, name, value)
    if scheme == "data":
        assert _IMAGE.match(_squeezed(value)), value
    if name in LOADED:
        assert scheme in ("cid", "mid", "data", "") and not _is_absolute(value), value


def _squeezed(value: str) -> str:
    """As the URL standard reads it: without controls around it, without tabs and line ends."""
    return re.sub(r"[\t\n\r]", "", value.strip("".join(map(chr, range(0x21)))))


def _scheme(value: str) -> str:
    found = _SCHEME.match(_squeezed(value))
    return found[1].lower() if found else ""


def _is_absolute(value: str) -> bool:
    return _squeezed(value).replace("\\", "/").startswith("//")


def _seeds() -> Sequence[bytes]:
    from tests.kernun_common.html_filter import test_filter as tests
    from tests.support.html_attacks import attacks

    documents = [text.encode() for _, text in attacks(lambda name: "//127.0.0.1/x")]
    return [octets for octets in [*documents, *tests.UNCHANGED, *(row[0] for row in tests.CHANGED)]
            if 0 < len(octets) <= 1000]  # fmt: skip


WORDS = (
    b"<script>", b"</script>", b"<style>", b"</style>", b"<!--", b"-->", b"--!>", b"<![CDATA[",
    b"]]>",
    b"<svg>", b"</svg>", b"<math>", b"<mtext>", b"<title>", b"</title>", b"<template>", b"<select>",
    b"<table>", b"<tr>", b"<td>", b"</table>", b"<p ", b"<a ", b"<img ", b"<form>", b"</form>",
    b"<b>",
    b"</p>", b"<noscript>", b"<xmp>", b"</xmp>", b"<plaintext>", b"<iframe ", b"<base ", b">",
    b"/>", b"/",
    b"=", b'"', b"'", b"`", b"<", b"&lt;", b"&#60;", b"&", b"\0", b" ", b"\n", b"\t",
    b" onclick=x ",
    b" src=//x ", b" href=javascript:x ", b" style=background:url(//x) ", b" title=", b" srcdoc=",
    b" srcset=", b"@import 'x';", b"url(//x)", b"{", b"}", b"\\3c ", b"expression(x)",
    b"<meta charset=gbk>",
    b"\x1b$B", b"\x1b(B", b"<!DOCTYPE html>", b"\xff\xfe", b"\xe9", b"<o:p>", b"<annotation-xml>",
    b"data:",
)  # fmt: skip

TARGET = Target(check, _seeds, WORDS, rounds=250, longest=600, grown=2000,
                work=lambda octets: filter_html(octets, "utf-8", DEFANG))  # fmt: skip
