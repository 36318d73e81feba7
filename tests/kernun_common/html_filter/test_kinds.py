import pytest

from kernun_common.configuration.types import Exact, StrSet
from kernun_common.html_filter.kinds import PRESET, Kind, Rules
from kernun_common.html_filter.section import HtmlFilter, Row

ALL = StrSet((), everything=True)
JS = StrSet((Exact("JavaScript"),))
NOT_JS = StrSet((Exact("javascript"),), negated=True)

CASES = [
    # rows of script-tag-language, names, deleted
    ((), ("javascript",), False),
    ((Row("deny", ALL),), ("javascript",), True),
    ((Row("deny", JS),), ("text/javascript", "javascript"), True),
    ((Row("accept", JS),), ("text/javascript", "javascript"), False),
    ((Row("accept", JS),), ("vbscript",), True),  # no match deletes
    ((Row("deny", JS),), ("vbscript",), True),
    ((Row("deny", JS), Row("accept", ALL)), ("vbscript",), False),
    ((Row("accept", ALL), Row("deny", JS)), ("javascript",), False),  # the first decides
    ((Row("accept", NOT_JS),), ("text/javascript", "javascript"), True),
    ((Row("accept", NOT_JS),), ("vbscript",), False),
]


@pytest.mark.parametrize("rows, names, deleted", CASES)
def test_rows(rows, names, deleted):
    rules = Rules(HtmlFilter(name="F", script_tag_language=rows))
    assert rules.deletes(Kind.SCRIPT, names) is deleted
    assert bool(rules) is rules.about(Kind.SCRIPT) is bool(rows)


def test_places_are_compared_as_they_are_written():
    rules = Rules(HtmlFilter(name="F", iframe_tag_src=(Row("accept", StrSet((Exact("/A"),))),)))
    assert [rules.deletes(Kind.IFRAME, (name,)) for name in ("/A", "/a")] == [False, True]


PRESETS = [
    (Kind.SCRIPT, "text/javascript", True),
    (Kind.STYLE, "text/css", False),
    (Kind.STYLE, "text/javascript", True),
    (Kind.IFRAME, "", True),
    (Kind.INTRINSIC, "javascript", True),
    (Kind.MACRO, "javascript", True),
    (Kind.OBJECT, "", True),
    (Kind.FORM, "", True),
    (Kind.EXTERNAL, "example.org", True),
    (Kind.URL_SCHEME, "https", False),
    (Kind.URL_SCHEME, "cid", False),
    (Kind.URL_SCHEME, "data:image/png", False),
    (Kind.URL_SCHEME, "data:image/svg+xml", True),
    (Kind.URL_SCHEME, "data", True),
    (Kind.URL_SCHEME, "javascript", True),
    (Kind.URL_SCHEME, "file", True),
    (Kind.META, "refresh", True),
    (Kind.META, "viewport", False),
    (Kind.CONDITIONAL, "", True),
    (Kind.MARKUP, "", True),
]


@pytest.mark.parametrize("kind, name, deleted", PRESETS)
def test_preset(kind, name, deleted):
    assert Rules(HtmlFilter(name="F", defang=True)).deletes(kind, (name,)) is deleted


def test_preset_has_every_kind():
    assert set(PRESET) == set(Kind)


def test_a_row_puts_the_preset_of_its_kind_out_of_force():
    rules = Rules(HtmlFilter(name="F", defang=True, iframe_tag_src=(Row("accept", ALL),)))
    assert not rules.deletes(Kind.IFRAME, ("//x",)) and rules.deletes(Kind.OBJECT, ("",))
