"""sockaddr: what the system says of an end of a connection, as a value."""

import pytest

from kernun_common.sockaddr import Sockaddr, address

NAMES = [
    # as getpeername says it, text, family
    (("192.0.2.7", 40312), "[192.0.2.7]:40312", 4),
    (("2001:db8::1", 143, 0, 0), "[2001:db8::1]:143", 6),
    (("2001:DB8:0::1", 143, 0, 0), "[2001:db8::1]:143", 6),
    (("fe80::1%eth0", 143, 0, 2), "[fe80::1]:143", 6),
    (("::ffff:192.0.2.7", 143, 0, 0), "[192.0.2.7]:143", 4),
    (("::", 0, 0, 0), "[::]:0", 6),
]


@pytest.mark.parametrize("name, text, family", NAMES)
def test_of(name, text, family):
    value = Sockaddr.of(name)
    assert (str(value), value.family, value.port) == (text, family, name[1])
    assert value.host == text[1:].rpartition("]")[0]


def test_mapped_addresses_are_the_same():
    assert Sockaddr.of(("::ffff:192.0.2.7", 1, 0, 0)) == Sockaddr.of(("192.0.2.7", 1))


NONE = ["", "mail.example.org", "192.0.2", "192.0.2.256", "1::2::3", "[::1]"]


@pytest.mark.parametrize("text", NONE)
def test_no_address(text):
    with pytest.raises(ValueError):
        address(text)
