"""Objects that refer to themselves do not stay, however many others there are for ever."""

import gc
import weakref

from kernun_common.tcpserver.garbage import settle
from tests.support.children import in_child

SHARED = 800_000  # objects of the parent's
ENDED = 30_000  # objects of sessions that have ended, all in all
AT_A_TIME = 500  # so many live at the same time, long enough to count as old


class Session:
    def __init__(self):
        self.itself = self


def most_left():
    """How many of them there are at the same time."""
    shared = [[] for _ in range(SHARED)]
    settle()
    ended, most = [], 0
    for _ in range(ENDED // AT_A_TIME):
        living = [Session() for _ in range(AT_A_TIME)]
        gc.collect(1)  # they become old
        ended += [weakref.ref(session) for session in living]
        del living
        del [[] for _ in range(1_000)][:]  # so many that Python thinks of collecting
        ended = [each for each in ended if each() is not None]
        most = max(most, len(ended))
    assert shared
    return most


def test_what_ended_is_collected():
    def child():
        assert most_left() < ENDED / 2

    assert in_child(child) == 0
