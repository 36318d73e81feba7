"""The PROXY header, both versions, both families and mixed ones."""

from ipaddress import IPv6Address

import pytest

from kernun_common.netio.proxy_protocol import encode_v1, encode_v2
from kernun_common.sockaddr import Sockaddr, address


def at(host, port):
    return Sockaddr(address(host), port)


MAPPED = IPv6Address("::ffff:192.0.2.9")  # how it is spelled depends on the Python

CASES = [
    # client, to, version 1, version 2 behind the signature
    (
        at("192.0.2.9", 40312),
        at("192.0.2.1", 143),
        b"PROXY TCP4 192.0.2.9 192.0.2.1 40312 143\r\n",
        "2111000c" "c0000209" "c0000201" "9d78" "008f",
    ),
    (
        at("2001:db8::9", 1),
        at("2001:db8::1", 65535),
        b"PROXY TCP6 2001:db8::9 2001:db8::1 1 65535\r\n",
        "21210024"
        "20010db8000000000000000000000009"
        "20010db8000000000000000000000001"
        "0001" "ffff",
    ),
    (
        at("192.0.2.9", 40312),
        at("2001:db8::1", 143),
        b"PROXY TCP6 %s 2001:db8::1 40312 143\r\n" % str(MAPPED).encode(),
        "21210024"
        "00000000000000000000ffffc0000209"
        "20010db8000000000000000000000001"
        "9d78" "008f",
    ),
]


@pytest.mark.parametrize("client, to, v1, v2", CASES)
def test_headers(client, to, v1, v2):
    assert encode_v1(client, to) == v1
    assert encode_v2(client, to) == b"\r\n\r\n\0\r\nQUIT\n" + bytes.fromhex(v2)
