"""state: sums."""

import pytest

from kernun_common.tcpserver.state import Counts

CASES = [
    # counts, ready, total
    (Counts(), 0, 0),
    (Counts(1, 2, 3, 4), 3, 10),
    (Counts(busy=7), 0, 7),
]


@pytest.mark.parametrize("counts, ready, total", CASES)
def test_sums(counts, ready, total):
    assert (counts.ready, counts.total) == (ready, total)
