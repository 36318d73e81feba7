from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc.file_name import file_names
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse
from kernun_common.mail_doc.parameter import parameter


def names(header):
    octets = header + b"\r\n\r\n"
    return file_names(octets, parse(octets, Limits()).root)


D = b"Content-Disposition: attachment; "
CASES = [
    (b"", ()),
    (D + b"filename=a.exe", ("a.exe",)),
    (D + b'filename="a b.exe"', ("a b.exe",)),
    (D + b"filename=a.txt\r\nContent-Type: x/y; name=b.exe", ("a.txt", "b.exe")),
    (D + b"filename=a.txt; filename=b.exe", ("a.txt", "b.exe")),
    (D + b"filename=a.txt\r\n" + D + b"filename=b.exe", ("a.txt", "b.exe")),
    (D + b"filename*=utf-8''%C5%BE.exe", ("ž.exe", "utf-8''%C5%BE.exe")),
    (D + b"filename*0=a; filename*1=.exe", ("a.exe", "a", ".exe")),
    (D + b'filename="=?utf-8?q?a=2Eexe?="', ("a.exe", "=?utf-8?q?a=2Eexe?=")),
    (D + b"filename=a.txt; filename*=utf-8''b.exe", ("a.txt", "b.exe", "utf-8''b.exe")),
    (D + b'filename="..\\\\x\\\\a.exe"', ("..\\x\\a.exe", "a.exe")),
    (D + b'filename="a.exe."', ("a.exe.", "a.exe")),
    (D + b'filename="a.exe\0.txt"', ("a.exe\0.txt", "a.exe")),
    (D + b'filename=" a.exe "', ("a.exe",)),
    (D + b'filename=""', ()),
    (b"Content-Type: x/y; name=a.exe; charset=utf-8", ("a.exe",)),
]


@pytest.mark.parametrize("header, found", CASES)
def test_names(header, found):
    assert set(found) <= set(names(header)) and names(header)[:1] == found[:1]
    assert len(names(header)) <= len(found) + 2


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_what_we_write_is_read(name):
    found = names(D + parameter("filename", name))
    assert name.strip() in found or not name.strip()


def test_so_many_and_no_more():
    found = names(D + b"; ".join(b"filename=%d.exe" % n for n in range(1000)))
    assert len(found) <= 100
