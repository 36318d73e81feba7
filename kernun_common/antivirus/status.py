"""status - what is known of viruses in a mail; antivirus(7).

    Verdict(Status.FOUND, "Eicar-Test-Signature")
    Verdict(Status.ERROR, reason="[127.0.0.1]:3310: Connection refused")
    virus_name(b"Eicar\\x1b[1m")  ->  "Eicar?[1m"
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple, Optional

from kernun_common.configuration.kinds import enumeration

LONGEST_NAME = 200  # characters; of those that ClamAV knows the longest has some 80
_UNPRINTABLE = re.compile(rb"[^ -~]")


class Status(Enum):
    """The value is the administrator's word."""

    FOUND = "found"  # a virus
    FREE = "free"  # of viruses
    SKIPPED = "skipped"  # not checked, as the configuration wants it
    UNKNOWN = "unknown"  # the engine has answered, and does not know
    ERROR = "error"  # it could not be asked, its answer makes no sense, or not all was read for it


enumeration("virus-status", tuple(status.value for status in Status))


class Verdict(NamedTuple):
    """`virus` is its name, where the engine tells it; `reason` says why there is no clear answer.

    `content` is the name of the content in which it was found.
    """

    status: Status
    virus: Optional[str] = None
    reason: Optional[str] = None
    content: Optional[str] = None


FREE = Verdict(Status.FREE)
SKIPPED = Verdict(Status.SKIPPED)


def virus_name(octets: bytes) -> Optional[str]:
    """A name as an engine tells it, printable ASCII on one line; None for none."""
    name = _UNPRINTABLE.sub(b"?", octets.strip()).decode("ascii")
    return name[:LONGEST_NAME] or None
