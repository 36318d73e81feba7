"""content_type - the type that a part declares.

    identify(subject)  ->  "text/html", lower case; "" where it declares none

See also: order.py; RFC 2045 section 5.1.
"""

from __future__ import annotations

import re

from .order import Subject

_TOKEN = r"[!#$%&'*+.^_`{|}~0-9a-z-]+"
_TYPE = re.compile(rf"{_TOKEN}/{_TOKEN}")


def identify(subject: Subject) -> str:
    """The declared type."""
    declared = subject.declared.strip().lower()
    return declared if _TYPE.fullmatch(declared) else ""
