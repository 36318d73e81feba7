"""correlator - the tag of a command, where a response names it once more.

    in_data(octets, translate)   * ESEARCH (TAG "k12") ...
    in_code(code, translate)     [INPROGRESS ("k12" 10 200)]

The server was given a tag of the proxy's own, so the client's must stand there.
`translate` has the one and gives the other; where it gives None the correlator is left
out, as both RFCs permit.  The first piece of an ESEARCH response holds its
correlator whole (kinds.py).

Sources: RFC 4731 section 3.1 and RFC 9051 (search-correlator), RFC 9585 (INPROGRESS).
"""

from __future__ import annotations

import re
from typing import Callable

from .abnf import ASTRING_CHAR
from .status import Code

Translate = Callable[[bytes], "bytes | None"]

_ESEARCH = re.compile(
    rb'(\* ESEARCH) \(TAG (?:"([^"\\]*)"|([%s]+))\)' % ASTRING_CHAR, re.IGNORECASE
)
_IN_PROGRESS = re.compile(rb'\("([^"\\]*)" (.*)\)', re.DOTALL)


def in_data(octets: bytes, translate: Translate) -> bytes:
    """`octets`, the first piece of an ESEARCH response, with the client's tag."""
    found = _ESEARCH.match(octets)
    if found is None:
        return octets
    tag = translate(found[2] or found[3])
    correlator = b"" if tag is None else b' (TAG "%s")' % tag
    return found[1] + correlator + octets[found.end():]


def in_code(code: Code, translate: Translate) -> Code:
    """`code` with the client's tag; without argument where a tag has no place in a code."""
    found = _IN_PROGRESS.fullmatch(code.argument) if code.name == b"INPROGRESS" else None
    if found is None:
        return code
    tag = translate(found[1])
    if tag is None or b"]" in tag:
        return Code(code.name)
    return Code(code.name, b'("%s" %s)' % (tag, found[2]))
