import gzip
import os
import shutil
import zipfile
from io import BytesIO

import pytest

from kernun_common.doctype_identification.magic import Database
from kernun_common.doctype_identification.order import Subject


def zipped():
    octets = BytesIO()
    with zipfile.ZipFile(octets, "w") as archive:
        archive.writestr("a", "b")
    return octets.getvalue()


CASES = [
    (b"%PDF-1.4\n", "application/pdf"),
    (zipped(), "application/zip"),
    (gzip.compress(b"x"), "application/gzip"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0", "image/png"),
    (b"<!DOCTYPE html><html><head><title>x</title>", "text/html"),
    (b"plain words", "text/plain"),
    (b"MZ" + b"\0" * 58 + b"\x40\0\0\0" + b"PE\0\0\x4c\1" + b"\0" * 100, None),
    (b"", ""),
    (b"\x01\x02\x03\x04" * 9, ""),
]


@pytest.mark.parametrize("octets, type_", CASES)
def test_identify(octets, type_):
    found = Database(None, 65536).identify(Subject(octets=octets))
    assert found == type_ if type_ is not None else found.endswith("executable")


def test_only_the_first_octets_count():
    octets = b" " * 16 + zipped()
    assert Database(None, 16).identify(Subject(octets=octets)) == "text/plain"


def test_another_database(tmp_path):
    (tmp_path / "own").write_text("0 string KERNUN a document\n!:mime application/x-kernun\n")
    database = Database(str(tmp_path / "own"), 64)
    assert database.identify(Subject(octets=b"KERNUN 1")) == "application/x-kernun"


def test_the_file_is_not_needed_afterwards(tmp_path):
    """So it works behind a change of root."""
    copy = tmp_path / "magic.mgc"
    shutil.copy(os.path.realpath("/usr/share/misc/magic.mgc"), copy)
    database = Database(str(copy), 64)
    copy.unlink()
    assert database.identify(Subject(octets=b"%PDF-1.4\n")) == "application/pdf"


def test_no_such_database(tmp_path):
    with pytest.raises(OSError):
        Database(str(tmp_path / "none"), 64)
