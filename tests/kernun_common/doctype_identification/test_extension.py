import pytest

from kernun_common.doctype_identification.extension import identify, parse
from kernun_common.doctype_identification.order import Subject

LINES = """\
# a comment
text/html\t\t\thtml HTM
application/gzip gz
application/x-tgz  tgz tar.gz   # and another
application/zip .zip
text/x-none
other/html html

""".splitlines()


def test_parse():
    assert parse(LINES) == {
        "html": "text/html",
        "htm": "text/html",
        "gz": "application/gzip",
        "tgz": "application/x-tgz",
        "tar.gz": "application/x-tgz",
        "zip": "application/zip",
    }


NAMES = [
    ("a.html", "text/html"),
    ("A.HTM", "text/html"),
    ("a.b.c.d.e.f.gz", "application/gzip"),
    ("a.tar.gz", "application/x-tgz"),
    (".zip", "application/zip"),
    ("a.html. .", "text/html"),  # Windows drops blanks and dots at the end
    ("a.html.exe", ""),
    ("html", ""),
    ("a.", ""),
    ("", ""),
    (None, ""),
    ("." * 100_000 + "zip", "application/zip"),
]


@pytest.mark.parametrize("name, type_", NAMES, ids=lambda value: str(value)[-12:])
def test_identify(name, type_):
    assert identify(parse(LINES), Subject(filename=name)) == type_
