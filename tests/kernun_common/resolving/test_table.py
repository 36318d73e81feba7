import os
from ipaddress import ip_address

import pytest

from kernun_common.resolving import table as tabling
from kernun_common.resolving.table import MOST_ADDRESSES, Table

FOUR = ip_address("192.0.2.1")
SIX = ip_address("2001:db8::1")
LONGEST = ip_address("fd00:1111:2222:3333:4444:5555:6666:7777")

RESOLUTIONS = [
    {"a.example": (FOUR,)},
    {"a.example": (FOUR, SIX), "b.example": (SIX,)},
    {"a.example": ()},
    {},
    {"a.example": (LONGEST,) * MOST_ADDRESSES, "b.example": (LONGEST,) * MOST_ADDRESSES},
]


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_what_is_published_is_read(resolution):
    table = Table(["a.example", "b.example"], {})
    assert (table.is_published(), table.read()) == (False, {})
    table.publish(resolution)
    assert (table.is_published(), table.read()) == (True, resolution)


def test_one_after_the_other():
    table = Table(["a.example", "b.example"], {})
    for resolution in RESOLUTIONS * 2:
        table.publish(resolution)
        assert table.read() == resolution


def test_nothing_new_is_the_same_object():
    table = Table(["a.example"], {})
    table.publish({"a.example": (FOUR,)})
    assert table.read() is table.read()


def test_what_was_known_before_stands_until_something_is_published():
    known = {"a.example": (FOUR,), "gone.example": (SIX,)}
    table = Table(["a.example", "b.example"], known)
    assert (table.is_published(), table.read()) == (False, {"a.example": (FOUR,)})
    table.publish({})
    assert table.read() == {}


def test_only_the_first_of_very_many_addresses():
    table = Table(["a.example"], {})
    many = tuple(ip_address(LONGEST) + number for number in range(MOST_ADDRESSES + 1))
    table.publish({"a.example": many})
    assert table.read() == {"a.example": many[:-1]}


def test_another_process_publishes():
    table = Table(["a.example"], {})
    pid = os.fork()
    if not pid:
        try:
            table.publish({"a.example": (FOUR,)})
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    assert table.read() == {"a.example": (FOUR,)}


def test_who_dies_while_publishing_has_spoilt_nothing(monkeypatch):
    table = Table(["a.example"], {})
    table.publish({"a.example": (FOUR,)})
    monkeypatch.setattr(tabling, "_encode", lambda resolution: b"a.example 192.0")

    class Dying(Exception):
        pass

    class Memory:
        """Dies when the whole copy is there, but not its number."""

        def __setitem__(self, key, value):
            memory[key] = value
            if value == b"a.example 192.0":
                raise Dying

    memory, table._memory = table._memory, Memory()
    with pytest.raises(Dying):
        table.publish({})
    table._memory = memory
    assert table.read() == {"a.example": (FOUR,)}


def test_who_reads_while_two_are_published_reads_the_last_one(monkeypatch):
    table = Table(["a.example"], {})
    table.publish({"a.example": (FOUR,)})
    copy, turns = Table._copy, [1, 2]

    def slow(self, number):
        if turns:
            turns.pop()
            table.publish({})
            table.publish({"a.example": (SIX,)})
        return copy(self, number)

    monkeypatch.setattr(Table, "_copy", slow)
    assert table.read() == {"a.example": (SIX,)}
    assert not turns
