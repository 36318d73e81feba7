import pytest

from kernun_common.doctype_identification.content_type import identify
from kernun_common.doctype_identification.order import Subject

CASES = [
    ("text/html", "text/html"),
    ("Text/HTML ", "text/html"),
    ("application/vnd.ms-excel.sheet.macroEnabled.12",) * 2,
    ("", ""),
    ("text", ""),
    ("text/", ""),
    ("text/html; charset=x", ""),
    ("te xt/html", ""),
    ("tęxt/html", ""),
]


@pytest.mark.parametrize("declared, type_", CASES)
def test_identify(declared, type_):
    assert identify(Subject(declared)) == type_.lower()
