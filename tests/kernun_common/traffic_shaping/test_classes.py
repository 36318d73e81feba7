"""classes: numbers, and the commands that tc gets."""

import pytest

from kernun_common.configuration.types import Exact, StrSet
from kernun_common.traffic_shaping.classes import (
    HANDLE,
    Id,
    Present,
    Wish,
    classes_in,
    install_commands,
    numbered,
    own_classes,
    own_number,
    remove_commands,
    wanted,
    wishes_of,
)
from kernun_common.traffic_shaping.section import Queue

OWN = 0x8ABC

IDS = [("494d:10", Id(0x494D, 0x10)), ("1:", Id(1)), ("1:ffff", Id(1, 0xFFFF)), ("0:", Id(0))]


@pytest.mark.parametrize("text, number", IDS)
def test_id(text, number):
    assert (Id.of(text), str(number)) == (number, text)
    assert number.priority == number.major * 65536 + number.minor


def queue(name, devices, **items):
    return Queue(name=name, dev=StrSet(tuple(map(Exact, devices))), **items)


def test_wishes():
    first = queue("A", ["a", "b"], bandwidth=1000, ceiling=3000, priority=2)
    second = queue("B", ["a"], bandwidth=2000, parent="1:1")
    assert wishes_of([first, second, Queue(name="C", per_session=1000)]) == [
        Wish("a", "A", None, 1000, 3000, 2),
        Wish("b", "A", None, 1000, 3000, 2),
        Wish("a", "B", Id(1, 1), 2000, 2000, 0),
    ]


def test_the_number_of_a_proxy():
    numbers = {own_number("imap4-proxy", f"P{number}") for number in range(100)}
    assert all(0x8000 <= number <= 0xFFFF for number in numbers) and len(numbers) > 95


def test_numbers_of_queues():
    names = [f"Q{number}" for number in range(300)]
    found = numbered(names, OWN, {}, ())
    assert len(set(found.values())) == 300
    assert all(0 < number < 0x8000 and number % 16 == 0 for number in found.values())
    assert numbered(["Q1"], OWN, found, ()) == found
    again = numbered(["Q1"], OWN, {}, {found["Q1"]})
    assert again["Q1"] not in (0, found["Q1"])


SHOWN = """\
class htb 494d:10 parent 494d:8abc leaf 8002: prio 3 rate 1Mbit ceil 2Mbit burst 1600b
class htb 494d:8abc root rate 2Mbit ceil 2Mbit burst 1600b cburst 1600b
class htb 494d:20 parent 494d:9000 prio 0 rate 1Mbit ceil 1Mbit burst 1600b cburst 1600b
"""
LEAF = Present(Id(HANDLE, 0x10), Id(HANDLE, OWN))
PROXY = Present(Id(HANDLE, OWN), None)


def test_what_is_there():
    found = classes_in(SHOWN)
    assert found[:2] == [LEAF, PROXY]
    assert own_classes(OWN, reversed(found)) == [LEAF, PROXY]
    assert list(remove_commands("a", OWN, found)) == [
        "class del dev a classid 494d:10\n",
        "class del dev a classid 494d:8abc\n",
    ]
    assert list(remove_commands("a", OWN, found, {LEAF, PROXY})) == []


def test_what_is_installed():
    wishes = [
        Wish("a", "A", None, 1_000_000, 2_500_000, 3),
        Wish("a", "B", None, 800_000, 800_000, 0),
    ]
    numbers = {"A": 0x10, "B": 0x20}
    assert "".join(install_commands("a", OWN, wishes, numbers)) == (
        "class replace dev a parent 494d: classid 494d:8abc htb"
        " rate 2500000bit ceil 2500000bit prio 0 quantum 3906\n"
        "class replace dev a parent 494d:8abc classid 494d:10 htb"
        " rate 1000000bit ceil 2500000bit prio 3 quantum 1600\n"
        "class replace dev a parent 494d:8abc classid 494d:20 htb"
        " rate 800000bit ceil 800000bit prio 0 quantum 1600\n"
    )
    assert {LEAF, PROXY} <= set(wanted(OWN, wishes, numbers))


def test_below_somebody_else():
    wish = Wish("a", "A", Id(1, 0x1F), 10**9, 10**9, 0)
    assert list(install_commands("a", OWN, [wish], {"A": 0x10})) == [
        "class replace dev a parent 1:1f classid 1:8abc htb"
        " rate 1000000000bit ceil 1000000000bit prio 0 quantum 60000\n",
        "class replace dev a parent 1:8abc classid 1:10 htb"
        " rate 1000000000bit ceil 1000000000bit prio 0 quantum 60000\n",
    ]
    assert list(wanted(OWN, [wish], {"A": 0x10})) == [
        Present(Id(1, OWN), Id(1, 0x1F)),
        Present(Id(1, 0x10), Id(1, OWN)),
    ]
