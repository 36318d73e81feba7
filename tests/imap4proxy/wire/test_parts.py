"""Parts: plain octets run together, values stay apart."""

from __future__ import annotations

import pytest

from imap4proxy.wire.parts import Astring, Mailbox, Part, joined
from kernun_common.secret import Secret


@pytest.mark.parametrize(
    "parts, expected",
    [
        ([], ()),
        ([b"a", b"b", b""], (b"ab",)),
        ([b"a", Astring(b"x"), b"b", b"c"], (b"a", Astring(b"x"), b"bc")),
        ([Astring(b"x"), Mailbox(b"y")], (Astring(b"x"), Mailbox(b"y"))),
        ([b"a", Secret(b"x"), b"b"], (b"a", Secret(b"x"), b"b")),
    ],
)
def test_joined(parts: list[Part], expected: tuple[Part, ...]) -> None:
    found = joined(parts)
    assert found == expected
    assert list(map(type, found)) == list(map(type, expected))
