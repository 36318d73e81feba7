from __future__ import annotations

import base64
import gzip

import pytest

from kernun_common.mail_doc.archive_budget import Allowance
from kernun_common.mail_doc.document import PartDocument
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse
from tests.kernun_common.mail_doc.test_archive import zip_of


def declared(subject):
    return subject.declared


def by_name(subject):
    return {"exe": "application/x-dosexec"}.get((subject.filename or "").rpartition(".")[2], "")


def by_octets(subject):
    return "application/zip" if subject.octets.startswith(b"PK") else ""


def document(header, body=b"text", identify=declared, **rest):
    octets = header + b"\r\n" + body
    return PartDocument(octets, parse(octets, Limits()).root, identify, **rest)


ZIP = zip_of({"a/b.exe": b"x"})
BASE64 = b"MIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n"
TWICE = b"Content-Type: text/plain\r\nContent-Type: application/zip\r\n"


@pytest.mark.parametrize("found, attribute, value", [
    (document(b""), "size", 4),
    (document(BASE64, base64.b64encode(b"12345")), "size", 5),
    (document(b""), "types", ("text/plain",)),
    (document(b"Content-Type: IMAGE/Png\r\n"), "types", ("image/png",)),
    (document(TWICE), "types", ("text/plain", "application/zip")),
    (document(b"", identify=by_name), "types", ("",)),
    (document(b"Content-Type: a/b; name=x.exe\r\n", identify=by_name), "types",
     ("application/x-dosexec",)),
    (document(BASE64, base64.b64encode(ZIP), by_octets), "types", ("application/zip",)),
    (document(BASE64, base64.b64encode(ZIP), by_octets, seen=1), "types", ("",)),
    (document(BASE64, base64.b64encode(ZIP)), "members", ("a/b.exe", "b.exe")),
    (document(b"Content-Type: a/b; name=x.exe\r\n"), "names", ("x.exe",)),
])
def test_facts(found, attribute, value):
    assert getattr(found, attribute) == value


def test_another_order_of_methods():
    found = document(b"Content-Type: a/b; name=x.exe\r\n")
    assert found.identified(by_name) == ("application/x-dosexec",)


def test_documents_of_one_mail_share_what_they_may_inflate_to():
    allowance = Allowance(100)
    body = base64.b64encode(gzip.compress(bytes(20 * 50 + 2000)))
    found = [document(BASE64, body, allowance=allowance) for _ in range(2)]
    assert len(found[0].members) == 1 and allowance.octets < 0
    assert "" in found[1].members and "" not in document(BASE64, body).members
