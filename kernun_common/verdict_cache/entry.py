"""entry - keys and values of the verdict-cache.

    key(digest, b"CLAMAV clamav ...", version, ...)     32 octets
    of_verdict(verdict)     b"free", b"found NAME"; None: not kept
    verdict_of(octets)      and back; None: that is no verdict
    of_score(score)         b"score 5000"
    score_of(octets)

A key is the BLAKE2 hash (RFC 7693) of all that the engine's answer depends on: the mail,
the engine, the version of its database, and what else is given.  Only what an engine is
sure of is kept: found, free and a score.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Iterable, Optional

from kernun_common.antivirus.status import FREE, LONGEST_NAME, Status, Verdict

KEY_OCTETS = 32
_PERSON = b"verdict-cache 1"  # another format needs another word here; 16 octets at most

_FOUND = re.compile(rb"found( [!-~](?:[ -~]*[!-~])?)?")
_SCORE = re.compile(rb"score (-?[0-9]{1,10})")


def digest(pieces: Iterable[bytes]) -> bytes:
    """Of a mail."""
    hashed = blake2b(digest_size=KEY_OCTETS)
    for piece in pieces:
        hashed.update(piece)
    return hashed.digest()


def key(*parts: bytes) -> bytes:
    """No two lists of parts have the same key."""
    hashed = blake2b(digest_size=KEY_OCTETS, person=_PERSON)
    for part in parts:
        hashed.update(len(part).to_bytes(8, "big"))
        hashed.update(part)
    return hashed.digest()


def of_verdict(verdict: Verdict) -> Optional[bytes]:
    if verdict.status is Status.FREE:
        return b"free"
    if verdict.status is Status.FOUND:
        return " ".join(filter(None, ("found", verdict.virus))).encode("ascii")
    return None


def verdict_of(octets: bytes) -> Optional[Verdict]:
    if octets == b"free":
        return FREE
    found = _FOUND.fullmatch(octets)
    if found is None:
        return None
    name = found[1][1:1 + LONGEST_NAME].decode("ascii") if found[1] else None
    return Verdict(Status.FOUND, name)


def of_score(score: Optional[int]) -> Optional[bytes]:
    return None if score is None else b"score %d" % score


def score_of(octets: bytes) -> Optional[int]:
    found = _SCORE.fullmatch(octets)
    return int(found[1]) if found is not None else None
