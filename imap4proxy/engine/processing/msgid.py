"""msgid - what a mail is called in the log, in templates, to the client and in quarantine.

    msgid(octets, root)  ->  "20261122.1@example.org"

Its Message-ID, as far as that is fit for a log, a line of IMAP and the name of a file; a mail
without one is called by a hash of its header.
"""

from __future__ import annotations

import hashlib
import re

from kernun_common.mail_doc.header import first
from kernun_common.mail_doc.octets import Octets, Span
from kernun_common.mail_doc.structure import Part

LONGEST = 128  # characters

_HASHED = 1 << 16  # octets
_UNFIT = re.compile(r"[^A-Za-z0-9@._+=~-]+")
_HIDDEN = re.compile(r"^[.-]+")  # such a file is not seen, or taken for an option


def msgid(octets: Octets, root: Part) -> str:
    """Never empty."""
    field = first(root.fields, "message-id")
    value = b"" if field is None else Span(*field.value).of(octets)[: 4 * LONGEST]
    text = value.decode("latin-1").strip().removeprefix("<").removesuffix(">")
    fit = _HIDDEN.sub("", _UNFIT.sub("_", text))[:LONGEST]
    if fit.strip("_@"):
        return fit
    start = root.header.start
    header = octets[start : min(root.header.end, start + _HASHED)]
    return "no-id-" + hashlib.blake2s(header, digest_size=8).hexdigest()
