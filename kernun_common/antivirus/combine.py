"""combine - several verdicts on one mail become one; antivirus(7).

    combine([FREE, Verdict(Status.ERROR)], LENIENT)     FREE
    combine([FREE, Verdict(Status.ERROR)], STRICT)      the error

Of the statuses in an order the first that any verdict has counts, with the first
verdict that has it.  No verdict at all: skipped.

Engines are combined as `antivirus-mode` says.  What one engine says of the
readings of one mail is always combined strictly: each of them must be free.
"""

from __future__ import annotations

from typing import Iterable, Mapping, Tuple

from .status import SKIPPED, Status, Verdict

Order = Tuple[Status, ...]

LENIENT: Order = (Status.FOUND, Status.FREE, Status.SKIPPED, Status.UNKNOWN, Status.ERROR)
STRICT: Order = (Status.FOUND, Status.ERROR, Status.UNKNOWN, Status.SKIPPED, Status.FREE)

ORDERS: Mapping[str, Order] = {"lenient": LENIENT, "strict": STRICT}  # as antivirus-mode says


def combine(verdicts: Iterable[Verdict], order: Order) -> Verdict:
    """The verdict that counts."""
    return min(verdicts, key=lambda verdict: order.index(verdict.status), default=SKIPPED)
