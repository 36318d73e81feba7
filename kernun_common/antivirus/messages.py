"""messages - MAVC, what is logged of antivirus engines."""

from __future__ import annotations

from kernun_common.log.message import Message, Severity

_SEE = ("antivirus(5)", "antivirus(7)")

VERDICT = Message(
    "MAVC-730",
    Severity.DEBUG,
    "VERDICT ANTIVIRUS=%(antivirus)s STATUS=%(status)s VIRUS=%(virus)s CACHED=%(cached)s"
    " TIME=%(time)s",
    "What an engine says of a mail. CACHED: it was not asked, because the verdict-cache knew.",
    see=_SEE,
)
VIRUS_FOUND = Message(
    "MAVC-710",
    Severity.NOTICE,
    "VIRUS-FOUND ANTIVIRUS=%(antivirus)s VIRUS=%(virus)s IN=%(content)s",
    "An engine found a virus in a mail. IN tells of the document that was decoded from it, or"
    " `mail`; <NULL> where the verdict-cache knew.",
    see=_SEE,
)
UNCHECKED = Message(
    "MAVC-810",
    Severity.WARNING,
    "UNCHECKED ANTIVIRUS=%(antivirus)s STATUS=%(status)s REASON=%(reason)s",
    "An engine does not know of a mail whether it holds a virus (unknown), or could not be asked"
    " (error): it is down, does not answer in the times of its sock-opt, or answers something else;"
    " or not all of the mail could be read for it, since that is over a limit. The ACLs say what"
    " becomes of the mail.",
    see=_SEE,
)
