import pytest

from kernun_common.doctype_identification.load import load
from kernun_common.doctype_identification.order import Subject
from kernun_common.doctype_identification.section import DoctypeIdentification, Magic, Order
from kernun_common.errors import ConfigurationError

SUBJECT = Subject("text/plain", "x.kernun", b"%PDF-1.4\n")


def section(tmp_path, *order):
    (tmp_path / "mime.types").write_text("application/x-kernun kernun\n")
    return DoctypeIdentification(
        order=(Order(None, order),), mime_types=str(tmp_path / "mime.types")
    )


CASES = [
    ("content-type", "text/plain"),
    ("extension", "application/x-kernun"),
    ("magic", "application/pdf"),
]


@pytest.mark.parametrize("method, type_", CASES)
def test_methods(method, type_, tmp_path):
    assert load(section(tmp_path, method)).type_of(SUBJECT, "download") == type_


@pytest.mark.parametrize("method, type_", CASES)
def test_methods_that_only_a_doc_acl_asks_for(method, type_, tmp_path):
    loaded = load(section(tmp_path, "content-type"), (method,))
    assert loaded.type_of(SUBJECT, "upload", (method,)) == type_


BAD = [
    ("extension", {"mime_types": "/none"}),
    ("magic", {"magic": Magic("/none", 64)}),
]


@pytest.mark.parametrize("method, items", BAD)
def test_a_file_that_is_not_there(method, items):
    load(DoctypeIdentification(**items))  # nobody asks for it
    with pytest.raises(ConfigurationError, match="/none: No such file"):
        load(DoctypeIdentification(order=(Order(None, (method,)),), **items))
