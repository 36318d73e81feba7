"""messages - LIBA, what is logged of a choice among ACLs."""

from __future__ import annotations

from kernun_common.log.message import Message, Severity

ACL_PASSED_BY = Message(
    "LIBA-740",
    Severity.DEBUG,
    "ACL-PASSED-BY NAME=%(name)s REASON=%(reason)s",
    "An ACL before the one that was selected, or one of all if none was, and its first entry"
    " condition that does not hold.",
    see=("access-control(7)", "test-imap4(8)"),
)
