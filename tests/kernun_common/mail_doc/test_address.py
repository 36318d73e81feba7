from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc.address import addresses

CASES = [
    (b"alice@example.org", ("alice@example.org",)),
    (b" Alice <alice@example.org>", ("alice@example.org",)),
    (b'"Doe, Jane" <jane@example.org>, bob@example.net', ("jane@example.org", "bob@example.net")),
    (b'"boss@example.org" <evil@example.net>', ("evil@example.net",)),
    (b"boss@example.org <evil@example.net>", ("evil@example.net",)),
    (b"evil@example.net (boss@example.org)", ("evil@example.net",)),
    (b"(a (b) c) x@y (d)", ("x@y",)),
    (b"team: a@b, c@d;, e@f", ("a@b", "c@d", "e@f")),
    (b"undisclosed-recipients:;", ()),
    (b"<@relay:a@b>", ("a@b",)),
    (b"<\"a b\"@c>", ("a b@c",)),
    (b'"a b"@c', ("a b@c",)),
    (b"a @ b", ("a @ b",)),
    (b"<>", ()),
    (b"MAILER-DAEMON", ()),
    (b"=?utf-8?q?x?= <a@b>", ("a@b",)),
    (b"<a@b", ("a@b",)),
    (b"a@b\r\n ,c@d", ("a@b", "c@d")),
    (b"<a@b><c@d>", ("a@b", "c@d")),
    (b"\xc3\xa9@example.org", ("é@example.org",)),
]


@pytest.mark.parametrize("value, found", CASES)
def test_addresses(value, found):
    assert addresses(value) == found


PIECES = [b'"', b"<", b">", b"(", b")", b"\\", b",", b":", b";", b"a@b", b" ", b"\r\n "]


@given(st.binary() | st.lists(st.sampled_from(PIECES)).map(b"".join))
def test_any_octets(value):
    assert all(isinstance(each, str) and each for each in addresses(value))
