import pytest

from kernun_common.doctype_identification.order import Identification, Subject
from kernun_common.doctype_identification.section import DoctypeIdentification, Order

ANSWERS = {
    "content-type": lambda subject: subject.declared,
    "extension": lambda subject: subject.filename or "",
    "magic": lambda subject: subject.octets.decode(),
}

CASES = [
    # declared, name, octets, order of the section, of the doc-acl, type
    ("d", "n", b"o", ("magic", "extension", "content-type"), None, "o"),
    ("d", "n", b"", ("magic", "extension", "content-type"), None, "n"),
    ("d", None, b"", ("magic", "extension", "content-type"), None, "d"),
    ("", None, b"", ("magic", "extension", "content-type"), None, ""),
    ("d", "n", b"o", ("content-type",), ("extension",), "n"),
    ("d", None, b"o", ("content-type",), ("extension",), ""),
]


@pytest.mark.parametrize("declared, name, octets, order, own, type_", CASES)
def test_the_first_that_answers(declared, name, octets, order, own, type_):
    section = DoctypeIdentification(order=(Order("download", order),))
    subject = Subject(declared, name, octets)
    assert Identification(section, ANSWERS).type_of(subject, "download", own) == type_


def test_each_direction_has_its_order():
    section = DoctypeIdentification(order=(Order("upload", ("magic",)),))
    identification = Identification(section, ANSWERS)
    subject = Subject("d", "n", b"o")
    assert [identification.type_of(subject, each) for each in ("download", "upload")] == ["d", "o"]
    assert identification.octets == 65536
