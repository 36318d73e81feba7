"""messages - MSPA, what is logged of antispam engines."""

from __future__ import annotations

from kernun_common.log.message import Message, Severity

_SEE = ("antispam(5)",)

SCORE = Message(
    "MSPA-730",
    Severity.DEBUG,
    "SCORE ANTISPAM=%(antispam)s SCORE=%(score)s CACHED=%(cached)s TIME=%(time)s",
    "What an engine says of a mail, in thousandths; <NULL> if it is larger than the ACL lets be"
    " checked. CACHED: it was not asked, because the verdict-cache knew.",
    see=_SEE,
)
UNCHECKED = Message(
    "MSPA-810",
    Severity.WARNING,
    "UNCHECKED ANTISPAM=%(antispam)s REASON=%(reason)s",
    "An engine could not be asked about a mail, whose score is unknown therefore: it is down, does"
    " not answer in the times of its sock-opt, or answers something else. The ACLs say what"
    " becomes of the mail.",
    see=_SEE,
)
