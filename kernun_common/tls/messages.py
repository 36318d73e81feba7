"""messages - what TLS may log."""

from __future__ import annotations

from kernun_common.log.message import Message, Severity

BROKEN = Message(
    "OSSL-810",
    Severity.WARNING,
    "TLS-BROKEN SIDE=%(side)s REASON=%(reason)s",
    "A peer sent octets that are no TLS, or an alert, in the middle of a session; it counts as"
    " having closed the connection.",
    see=("ssl(5)",),
)
