"""natlook: the octets of struct pfioc_natlook, golden."""

import struct

import pytest

from kernun_common.sockaddr import Sockaddr, address
from kernun_common.transparency.natlook import DIOCNATLOOK, answer, question

FOUR = (Sockaddr(address("198.51.100.7"), 40312), Sockaddr(address("127.0.0.1"), 2143))
SIX = (Sockaddr(address("2001:db8::7"), 40312), Sockaddr(address("2001:db8:1::1"), 2143))

NOTHING = "00" * 16
REST = "000000000000000000000000"  # of a place that an IPv4 address begins
ENDS_4 = "c6336407" + REST + "7f000001" + REST
ENDS_6 = "20010db8000000000000000000000007" "20010db8000100000000000000000001"
PORTS = "9d78" "085f"

QUESTIONS = [
    # the ends, addresses, ports, family, protocol, variant, direction
    (FOUR, ENDS_4 + NOTHING * 2 + PORTS + "0000" "0000" "02" "06" "00" "02"),
    (SIX, ENDS_6 + NOTHING * 2 + PORTS + "0000" "0000" "1c" "06" "00" "02"),
]


@pytest.mark.parametrize("ends, octets", QUESTIONS)
def test_questions(ends, octets):
    assert question(*ends).hex() == octets


SERVER_4, SERVER_6 = "c0000207" + REST, "20010db8000200000000000000000009"
BEFORE = PORTS + "9d78" "008f"

ANSWERS = [
    (
        ENDS_4 + "c6336407" + REST + SERVER_4 + BEFORE + "02060002",
        Sockaddr(address("192.0.2.7"), 143),
    ),
    (
        ENDS_6 + ENDS_6[:32] + SERVER_6 + BEFORE + "1c060002",
        Sockaddr(address("2001:db8:2::9"), 143),
    ),
]


@pytest.mark.parametrize("octets, to", ANSWERS)
def test_answers(octets, to):
    assert answer(bytes.fromhex(octets)) == to


def test_the_number_of_the_request():
    """sys/ioccom.h: in and out, the size, the group D, the number 23."""
    size = len(question(*FOUR))
    assert DIOCNATLOOK == 0xC0000000 | size << 16 | ord("D") << 8 | 23


def test_an_answer_of_another_size():
    with pytest.raises(struct.error):
        answer(bytes(84))
