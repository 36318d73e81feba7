"""waiting - for a condition that other processes make true.

    wait_until(lambda: len(children()) == 5, "five children")
"""

import time

DEADLINE = 60.0  # seconds; generous, because nothing is judged by the clock
PAUSE = 0.01  # seconds


def wait_until(condition, what):
    """Return the condition's first true value; AssertionError if it never becomes true."""
    end = time.monotonic() + DEADLINE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(PAUSE)
