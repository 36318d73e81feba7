"""children - run functions in processes that are forked.

    assert in_child(one, other) == 0        at the same time; the greatest exit status

An exception in a child is printed, and its exit status is 1.
"""

from __future__ import annotations

import os
import traceback
from typing import Callable


def in_child(*functions: Callable[[], object]) -> int:
    pids = [_fork(function) for function in functions]
    return max(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids)


def _fork(function: Callable[[], object]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        function()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)
