"""status_headers - what antivirus and antispam said, in the header of a mail.

    NAMES                                   the fields; a mail that brings them does not keep them
    fields("found", "Eicar-Test", 5200)     name and value of each that is added

The score is written in whole points: 5.2.
"""

from __future__ import annotations

import re
from typing import Iterator, Tuple

SPAM_SCORE = b"X-Kernun-Spam-Score"
VIRUS_STATUS = b"X-Kernun-Virus-Status"
VIRUS_NAME = b"X-Kernun-Virus-Name"

NAMES = (SPAM_SCORE, VIRUS_STATUS, VIRUS_NAME)

_NAME_LIMIT = 200  # characters of the name of a virus
_NOT_PRINTABLE = re.compile(r"[^!-~]+")


def points(score: int | None) -> str:
    """A score in thousandths, None where it is not known, in points."""
    return "unknown" if score is None else f"{score / 1000:.3f}".rstrip("0").rstrip(".")


def fields(status: str, virus: str, score: int | None) -> Iterator[Tuple[bytes, bytes]]:
    """`status` of antivirus; the name of the `virus`, "" if there is none; `score` of antispam."""
    yield SPAM_SCORE, points(score).encode("ascii")
    yield VIRUS_STATUS, status.encode("ascii")
    if virus:
        name = _NOT_PRINTABLE.sub("_", virus)[:_NAME_LIMIT]
        yield VIRUS_NAME, name.encode("ascii")
