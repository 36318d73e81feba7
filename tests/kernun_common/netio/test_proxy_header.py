"""What PROXY headers say: good and bad ones, at every cut; written and read is the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kernun_common.netio.proxy_header import LOCAL, V1_LONGEST, Header, decode, length
from kernun_common.netio.proxy_protocol import V2_SIGNATURE, encode_v1, encode_v2
from kernun_common.sockaddr import Sockaddr, address


def at(host, port):
    return Sockaddr(address(host), port)


FOUR = Header(at("192.0.2.9", 40312), at("192.0.2.1", 143))
SIX = Header(at("2001:db8::9", 1), at("2001:db8::1", 65535))
MIXED = Header(at("192.0.2.9", 7), at("2001:db8::1", 143))
V4_ADDRESSES = bytes.fromhex("c0000209" "c0000201" "9d78" "008f")
CRC_AND_NOOP = bytes.fromhex("03000400000000" "0400020000")  # TLVs


def v2(command, family, rest):
    return V2_SIGNATURE + bytes([command, family]) + len(rest).to_bytes(2, "big") + rest


GOOD = [
    (b"PROXY TCP4 192.0.2.9 192.0.2.1 40312 143\r\n", FOUR),
    (b"PROXY TCP6 2001:db8::9 2001:db8::1 1 65535\r\n", SIX),
    (b"PROXY TCP6 ::ffff:192.0.2.9 2001:db8::1 7 143\r\n", MIXED),
    (b"PROXY UNKNOWN\r\n", LOCAL),
    (b"PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n", LOCAL),
    (v2(0x21, 0x11, V4_ADDRESSES), FOUR),
    (v2(0x21, 0x11, V4_ADDRESSES + CRC_AND_NOOP), FOUR),
    (v2(0x21, 0x11, V4_ADDRESSES + b"\xff" * 65000), FOUR),  # TLVs that are none
    (v2(0x20, 0x00, b""), LOCAL),
    (v2(0x20, 0x11, V4_ADDRESSES), LOCAL),
    (v2(0x21, 0x00, b"\x01\x02"), LOCAL),
]


@pytest.mark.parametrize("octets, header", GOOD)
def test_good(octets, header):
    behind = b"* a line"
    for cut in {*range(min(len(octets), 300)), len(octets) - 1}:
        assert length(octets[:cut]) in (None, len(octets))
    assert length(octets + behind) == len(octets)
    assert decode(octets) == header


BAD = [
    # octets, a word of the reason
    (b"\x16\x03\x01", "no header"),
    (b"a1 NOOP\r\n", "no header"),
    (b"proxy TCP4 192.0.2.9 192.0.2.1 40312 143\r\n", "no header"),
    (b"PROXY " + b"x" * V1_LONGEST, "too long"),
    (b"PROXY TCP4 192.0.2.9 192.0.2.1 40312\r\n", "malformed"),
    (b"PROXY TCP4  192.0.2.9 192.0.2.1 40312 143\r\n", "malformed"),
    (b"PROXY TCP4 192.0.2.9 192.0.2.1 040312 143\r\n", "malformed"),
    (b"PROXY TCP4 192.0.2.9 192.0.2.1 40312 143 x\r\n", "malformed"),
    (b"PROXY TCP4 192.0.2.256 192.0.2.1 40312 143\r\n", "malformed"),
    (b"PROXY TCP4 192.0.2.9 192.0.2.1 65536 143\r\n", "range"),
    (b"PROXY TCP4 2001:db8::9 2001:db8::1 1 2\r\n", "range"),
    (b"PROXY TCP6 192.0.2.9 192.0.2.1 1 2\r\n", "range"),
    (b"PROXY UDP4 192.0.2.9 192.0.2.1 1 2\r\n", "malformed"),
    (b"PROXY UNKNOWN\n\r\n", "malformed"),
    (v2(0x11, 0x11, V4_ADDRESSES), "version"),
    (v2(0x22, 0x11, V4_ADDRESSES), "command"),
    (v2(0x21, 0x12, V4_ADDRESSES), "TCP"),
    (v2(0x21, 0x31, b"\0" * 216), "TCP"),
    (v2(0x21, 0x11, V4_ADDRESSES[:-1]), "short"),
    (v2(0x21, 0x21, V4_ADDRESSES), "short"),
]


@pytest.mark.parametrize("octets, word", BAD)
def test_bad(octets, word):
    with pytest.raises(ValueError, match=word):
        size = length(octets)
        assert size is not None
        decode(octets[:size])


@pytest.mark.parametrize("header", [FOUR, SIX, MIXED])
@pytest.mark.parametrize("encode", [encode_v1, encode_v2])
def test_written_and_read(header, encode):
    assert decode(encode(*header)) == header


@given(some.one_of(some.binary(max_size=300), some.binary().map(lambda rest: V2_SIGNATURE + rest)))
def test_any_octets(octets):
    """They are a header, or begin one, or ValueError says that they do not."""
    try:
        size = length(octets)
        if size is not None and size <= len(octets):
            decode(octets[:size])
    except ValueError:
        pass
