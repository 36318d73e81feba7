"""Addresses, whole and broken; tests/system/test_view.py compares many more with Dovecot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imap4proxy.engine.view.addresses import GROUP_END, Address, _List, addresses

from ....support.shown_mails import SHOWN_MAILS

ANN = Address(None, None, b"ann", b"example.org")

CASES = [
    (b"ann@example.org", [ANN]),
    (b"<ann@example.org>", [ANN]),
    (b"Ann <ann@example.org>", [ANN._replace(name=b"Ann")]),
    (b'"Doe, John" <j@x>, ann@example.org', [Address(b"Doe, John", None, b"j", b"x"), ANN]),
    (b"ann@example.org (Ann)", [ANN._replace(name=b"Ann")]),
    (b"<@a,@b:ann@example.org>", [ANN._replace(route=b"@a,@b")]),
    (b"g: ann@example.org;", [Address(mailbox=b"g"), ANN, GROUP_END]),
    (b"g:;", [Address(mailbox=b"g"), GROUP_END]),
    (b"g: ann@example.org", [Address(mailbox=b"g"), ANN, GROUP_END]),
    (b"", []),
    (b"(only a comment)", []),
    (b"ann", [Address(None, None, b"ann", b"MISSING_DOMAIN")]),
    (b"Ann Smith", [Address(b"Ann Smith", None, b"MISSING_MAILBOX", b"MISSING_DOMAIN")]),
    (b"Ann <ann", [Address(b"Ann", None, b"ann", b"SYNTAX_ERROR")]),
    (b"<@a ann@example.org>", [ANN._replace(route=b"INVALID_ROUTE")]),
    (b"a@b junk, ann@example.org", [Address(None, None, b"a", b"b")]),
]


@pytest.mark.parametrize("value, expected", CASES)
def test_addresses(value, expected):
    assert addresses(value) == expected


def slowly(value):
    """Without the way for usual addresses."""

    class Slow(_List):
        def _usual(self):
            return False

    return Slow(value).found


@pytest.mark.parametrize("value", [value for name, mail in SHOWN_MAILS if "address" in name
                                   for value in mail.split(b"\r\n")])  # fmt: skip
def test_usual_addresses_are_read_like_others(value):
    value = value.partition(b":")[2].lstrip()
    assert addresses(value) == slowly(value)


@given(st.text("ab@<>(),:;\"\\. \né").map(lambda text: text.encode("latin-1")))
def test_any_address_is_read_like_others(value):
    assert addresses(value) == slowly(value)


_WORDS = st.text("abcXYZ019!#$%&'*+-", min_size=1, max_size=8).map(str.encode)
_NAMES = st.lists(_WORDS, min_size=1, max_size=3).map(b" ".join)


@given(st.lists(st.tuples(_NAMES, _WORDS, _WORDS), max_size=5))
def test_all_that_are_written_are_found(written):
    value = b",\n ".join(b"%b <%b@%b>" % parts for parts in written)
    assert addresses(value) == [Address(name, None, *rest) for name, *rest in written]


@given(st.text("ab@<>(),:;\"\\.[] \n\0é").map(lambda text: text.encode("latin-1")))
def test_any_octets(value):
    for address in addresses(value):
        assert address.mailbox is not None or address == GROUP_END
        assert b"\0" not in b"".join(filter(None, address))


@pytest.mark.parametrize(
    "value",
    [
        b"ann@example.org, " * 100_000,
        b"word " * 100_000,
        b"(" * 100_000,
        b"<@a," * 100_000,
        b'"\\x' * 100_000,
        b"a:" * 100_000,
        b"," * 10_000,
        b". " * 100_000,
    ],
    ids=lambda value: value[:4].decode(),
)
def test_long_values(value):
    assert len(addresses(value)) <= 100_000
