"""`doctype-identification` through the checker: rows, defaults and complaints."""

import pytest

from kernun_common.configuration.check import check
from kernun_common.configuration.kind import Context
from kernun_common.configuration.parser import parse
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.doctype_identification.section import (
    METHODS,
    DoctypeIdentification,
    Magic,
    Order,
)

TAG = "ECHO-1_0-RELEASE"


def read(body):
    parsed = parse(f"version {TAG}; doctype-identification {{ {body} }}", "f")
    known = (DoctypeIdentification,)
    checked = check(parsed.statements, parsed.errors, "f", known, TAG, Context("/conf"))
    (section,) = checked.sections("doctype-identification")
    return section


def test_defaults():
    section = DoctypeIdentification()
    assert (section.mime_types, section.magic) == ("/etc/mime.types", Magic(None, 65536))
    assert section.methods("download") == section.methods("upload") == ("content-type",)
    assert [method for method in METHODS if section.uses(method)] == ["content-type"]


def test_items():
    section = read("order { magic }; mime-types types; magic db bytes 1K;")
    assert section.order == (Order(None, ("magic",)),)
    assert section.mime_types == "/conf/types"
    assert section.magic == Magic("/conf/db", 1024)
    assert read("magic db;").magic.octets == 65536


ORDERS = [
    ("order { magic, extension };", ("magic", "extension"), ("magic", "extension")),
    ("order for upload { magic };", ("content-type",), ("magic",)),
    ("order for upload { magic }; order for download { extension };", ("extension",), ("magic",)),
]


@pytest.mark.parametrize("body, download, upload", ORDERS)
def test_order_of_a_direction(body, download, upload):
    section = read(body)
    assert (section.methods("download"), section.methods("upload")) == (download, upload)
    assert section.uses(download[0]) and section.uses(upload[0])


BAD = [
    ("order {};", "must name methods"),
    ("order { magic, magic };", "must name methods"),
    ("order { magik };", "magic"),
    ("order { magic }; order { extension };", "there are two for download"),
    ("order { magic }; order for upload { extension };", "there are two for upload"),
    ("magic bytes 1;", "must have bytes from 16"),
    ("magic bytes 2M;", "must have bytes from 16"),
]


@pytest.mark.parametrize("body, told", BAD)
def test_bad(body, told):
    with pytest.raises(ConfigurationErrors) as errors:
        read(body)
    assert told in str(errors.value)
