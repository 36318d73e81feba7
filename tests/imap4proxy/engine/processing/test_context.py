from __future__ import annotations

import pytest

from imap4proxy.engine.processing import Tools
from kernun_common.doctype_identification.order import Subject


@pytest.mark.parametrize("declared", ["text/plain", "application/pdf"])
def test_without_more_tools_a_declared_type_is_believed(declared):
    subject = Subject(declared, "a.exe", b"MZ")
    assert Tools().identification.type_of(subject, "download") == declared
