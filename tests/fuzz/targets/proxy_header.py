"""PROXY headers: their length as soon as it can be told, and written anew they say the same."""

from __future__ import annotations

from typing import Sequence

from kernun_common.netio.proxy_header import LOCAL, V1_LONGEST, V2_HEAD, Header, decode, length
from kernun_common.netio.proxy_protocol import V2_SIGNATURE, encode_v1, encode_v2

from ..target import Target, same


def _length(octets: bytes) -> object:
    try:
        return length(octets)
    except ValueError as error:
        return str(error)


def check(octets: bytes) -> None:
    told = [_length(octets[:end]) for end in range(len(octets) + 1)]
    known = [one for one in told if one is not None]
    assert len(set(known)) < 2, "its length changed"
    assert told[:len(told) - len(known)] == [None] * (len(told) - len(known))
    assert len(known) == len(told) or len(told) - len(known) <= max(V1_LONGEST, V2_HEAD) + 1
    if known and isinstance(known[0], int) and known[0] <= len(octets):
        _check_header(octets[:known[0]])


def _check_header(octets: bytes) -> None:
    header = decode(octets)
    assert isinstance(header, Header)
    if header == LOCAL:
        return
    assert header.client is not None and header.to is not None
    for encode in (encode_v1, encode_v2):
        once = encode(header.client, header.to)
        assert length(once) == len(once)
        same(decode(once), header, encode.__name__)
        same(encode(*decode(once)), once, "written twice")


def _seeds() -> Sequence[bytes]:
    from tests.kernun_common.netio import test_proxy_header as tests

    return [octets[:400] for octets, _ in (*tests.GOOD, *tests.BAD)]


WORDS = (b"PROXY ", b"TCP4 ", b"TCP6 ", b"UNKNOWN", b"\r\n", b" ", b"::ffff:192.0.2.9", b"::", b"0",
         b"65536", b"192.0.2.1", V2_SIGNATURE, b"\x21\x11\0\x0c", b"\x20\0\0\0", b"\x21\x21\0\x24",
         b"fe80::1%eth0", b".")  # fmt: skip

TARGET = Target(check, _seeds, WORDS, raises=(ValueError,), rounds=3000, longest=600, work=length)
