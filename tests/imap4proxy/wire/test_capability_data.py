"""Lists of capabilities."""

import pytest

from imap4proxy.wire.capability_data import words
from imap4proxy.wire.leniencies import Leniency
from imap4proxy.wire.response_limits import ResponseLimits
from kernun_common.errors import PeerError

CASES = [
    (b"IMAP4rev1", (b"IMAP4rev1",), ()),
    (b"IMAP4rev1 AUTH=PLAIN Idle", (b"IMAP4rev1", b"AUTH=PLAIN", b"Idle"), ()),
    (b"IMAP4rev1 ", (b"IMAP4rev1",), (Leniency.TRAILING_BLANK,)),
    (b"IMAP4rev1 IDLE  ", (b"IMAP4rev1", b"IDLE"), (Leniency.TRAILING_BLANK,)),
]
INVALID = [
    b"", b" ", b" IDLE", b"A  B", b"(A)", b'"A"', b"A]", b"A\tB", b"A\\", b"A*", b"\xe9", b"A\x00",
]  # fmt: skip


@pytest.mark.parametrize("octets, expected, lenient", CASES)
def test_words(octets, expected, lenient):
    assert words(octets, ResponseLimits()) == (expected, lenient)


@pytest.mark.parametrize("octets", INVALID)
def test_invalid(octets):
    with pytest.raises(PeerError):
        words(octets, ResponseLimits())
