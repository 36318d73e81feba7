"""`html-filter` through the checker: rows, defaults and complaints."""

import pytest

from kernun_common.configuration.check import check
from kernun_common.configuration.kind import Context
from kernun_common.configuration.parser import parse
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.configuration.types import Exact, Glob, StrSet
from kernun_common.html_filter.section import HtmlFilter, MaxSize, Row

TAG = "ECHO-1_0-RELEASE"


def html_filter(body):
    parsed = parse(f"version {TAG}; html-filter F {{ {body} }}", "f")
    checked = check(parsed.statements, parsed.errors, "f", (HtmlFilter,), TAG, Context())
    (section,) = checked.sections("html-filter")
    return section


def test_defaults():
    assert html_filter("defang;") == HtmlFilter(
        name="F", defang=True, max_size=MaxSize(4 * 2**20, "remove")
    )


KINDS = (
    *("script-tag-language", "style-tag-type", "iframe-tag-src", "intrinsic-language"),
    *("macro-language", "object-tag-type", "form-action", "external-resource", "url-scheme"),
    "meta-tag-name",
)


@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_a_kind_in_their_order(kind):
    section = html_filter(f"{kind} accept {{ *.example.org, x }}; {kind} deny *;")
    assert getattr(section, kind.replace("-", "_")) == (
        Row("accept", StrSet((Glob("*.example.org"), Exact("x")))),
        Row("deny", StrSet((), everything=True)),
    )


TEXTS = (
    *("replace-head-script-tags", "replace-body-script-tags", "replace-style-tags"),
    *("replace-iframe-tags", "replace-intrinsic"),
)


@pytest.mark.parametrize("item", TEXTS)
def test_texts(item):
    assert getattr(html_filter(f'{item} "gone";'), item.replace("-", "_")) == "gone"


def test_max_size():
    assert html_filter("max-size 1M deny;").max_size == MaxSize(2**20, "deny")


BAD = [
    ("max-size 0 deny;", "must not be zero"),
    ("max-size 1M;", "expected"),
    ("url-scheme drop *;", "expected"),
    ("defang; defang;", "given twice"),
]


@pytest.mark.parametrize("body, told", BAD)
def test_bad(body, told):
    with pytest.raises(ConfigurationErrors) as errors:
        html_filter(body)
    assert told in str(errors.value)
