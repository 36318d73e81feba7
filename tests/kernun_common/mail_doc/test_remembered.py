"""remembered: short octets are read once, and few of them are kept."""

import pytest

from kernun_common.mail_doc.remembered import KNOWN, SHORT, remembered


class Reader:
    def __init__(self):
        self.asked = []

    def __call__(self, value):
        self.asked.append(value)
        return len(value)


@pytest.mark.parametrize("size, times", [(0, 1), (SHORT, 1), (SHORT + 1, 3)])
def test_how_often(size, times):
    reader = Reader()
    read = remembered(reader.__call__)
    assert [read(b"x" * size) for _ in range(3)] == [size] * 3
    assert len(reader.asked) == times


def test_how_many():
    reader = Reader()
    read = remembered(reader.__call__)
    for _ in range(2):
        for number in range(KNOWN + 1):
            read(b"%d" % number)
    assert len(reader.asked) == 2 * (KNOWN + 1)


def test_it_is_called_as_before():
    def parse(value: bytes) -> int:
        """Reads."""
        return len(value)

    assert (remembered(parse).__name__, remembered(parse).__doc__) == ("parse", "Reads.")
