"""messages - what is logged of the verdict-cache; it belongs to the engines, so MAVC."""

from __future__ import annotations

from kernun_common.log.message import Message, Severity

FAILED = Message(
    "MAVC-820",
    Severity.WARNING,
    "VERDICT-CACHE-FAILED REASON=%(reason)s",
    "The verdict-cache cannot be used; engines are asked about every mail, and it is tried again 30"
    " seconds later.",
    see=("verdict-cache(5)",),
)
