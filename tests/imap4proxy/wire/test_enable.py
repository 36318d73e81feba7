"""ENABLE: its words."""

from __future__ import annotations

import pytest

from imap4proxy.wire.enable import Enable

from ...support.command_reading import check_malformed, check_written, command_of


def test_capabilities() -> None:
    octets = b"a1 enable Condstore utf8=accept\r\n"
    assert command_of(octets) == Enable(b"a1", (b"CONDSTORE", b"UTF8=ACCEPT"))
    check_written(octets, b"ENABLE CONDSTORE UTF8=ACCEPT", b"ENABLE")


MALFORMED = [b"ENABLE", b"ENABLE ", b"ENABLE a ", b"ENABLE (a)", b'ENABLE "a"', b"ENABLE  a"]


@pytest.mark.parametrize("octets", MALFORMED)
def test_malformed(octets: bytes) -> None:
    check_malformed(b"a1 " + octets + b"\r\n")
