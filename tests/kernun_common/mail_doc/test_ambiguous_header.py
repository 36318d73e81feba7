"""Fields that can be read in two ways, and fields that look like that."""

import pytest

from kernun_common.mail_doc.ambiguous_header import header_checks
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.reader import read

TYPE = b"Content-Type:"
MIXED = b"MIME-Version: 1.0\r\n" + TYPE

CASES = [
    # header, names
    (TYPE + b" text/plain", []),
    (TYPE + b"text/plain; charset=utf-8 ; x=y;", []),
    (TYPE + b' text/plain;\r\n\tname="a (1); b.txt"', []),
    (TYPE + b' text/plain; name="a \\" b"', []),
    (TYPE + b" text/plain; name=a b", ["type-syntax"]),
    (TYPE + b" text/plain; name=a(b)", ["comment"]),
    (TYPE + b" text/plain; name", ["type-syntax"]),
    (TYPE + b" text", ["type-syntax"]),
    (TYPE + b" text/plain charset=utf-8", ["type-syntax"]),
    (TYPE + b' text/plain; name="a\r\n b"', ["folded-parameter"]),
    (TYPE + b' text/plain; name="=?utf-8?q?a?=\r\n =?utf-8?q?b?="', []),
    (TYPE + b' text/plain; name="=?utf-8?q?a?=\r\n b"', ["folded-parameter"]),
    (TYPE + b" text/plain; name=a; NAME=b", ["repeated-parameter", "file-names"]),
    (TYPE + b" text/plain; name=a; name*=us-ascii''a", []),
    (TYPE + b" text/plain; name*0=a; name*2=b", ["parameter-pieces"]),
    (TYPE + b" text/plain; charset*=us-ascii''a", ["encoded-parameter"]),
    (TYPE + b" text/plain; name=a\r\nContent-Disposition: inline; filename=a", []),
    (TYPE + b" text/plain; name=a\r\nContent-Disposition: inline; filename=b", ["file-names"]),
    (b"Content-Disposition: attachment; size=1", []),
    (b"Content-Disposition: a/b", ["disposition-syntax"]),
    (MIXED + b" a/b\r\nContent-Transfer-Encoding: base64", []),
    (MIXED + b" a/b\r\nContent-Transfer-Encoding:\tBASE64", []),
    (MIXED + b" a/b\r\nContent-Transfer-Encoding: base-64", ["encoding-unknown"]),
    (MIXED + b" a/b\r\nContent-Transfer-Encoding: base64\t", ["encoding-syntax"]),
    (MIXED + b" a/b\r\nContent-Transfer-Encoding: base64 8bit", ["encoding-syntax"]),
    (MIXED + b" a/b\r\nContent-Transfer-Encoding:", ["encoding-syntax"]),
    (MIXED + b' multipart/x; boundary=""', ["boundary-syntax"]),
    (MIXED + b' multipart/x; boundary="a b"', []),
    (MIXED + b' multipart/x; boundary="' + b"b" * 70 + b'"', []),
    (MIXED + b' multipart/x; boundary="' + b"b" * 71 + b'"', ["boundary-syntax"]),
    (b"Subject : x\r\nSubject: (y\r\nSubject: =?z", []),
    (b"X: y\r\n\t \r\n z", ["blank-line"]),
]


@pytest.mark.parametrize("header, names", CASES)
def test_names(header, names):
    octets = header + b"\r\n\r\nbody"
    part = read(octets, Limits()).root
    assert [name for name, _ in header_checks(octets, part)] == names


@pytest.mark.parametrize(
    "value",
    [
        b" a/b" + b"; n=x" * 50000,
        b" a/b; n=" + b"\\" * 200000,
        b' a/b; n="' + b"\\" * 200001,
        b" a/b" + b";" * 200000 + b"(",
        b" a/b" + b"(" * 200000,
        b" " * 200000 + b"(",
        b" a/b" + b' "\r\n' * 60000,
        b" a/b; boundary=" + b"b " * 100000,
        b" a/b" + b"\r\n " * 80000,
    ],
    ids=range(9),
)
def test_long_values_are_read_once(value):
    """Were the cost the square of the length, this would never end."""
    octets = MIXED + value + b"\r\n\r\n"
    assert list(header_checks(octets, read(octets, Limits()).root)) is not None
