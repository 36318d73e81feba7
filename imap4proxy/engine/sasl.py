"""sasl - the user name that a SASL exchange shows; for logs, never for decisions.

    user_name(b"PLAIN", 0, answer) -> b"alice"

Of each answer (in base64, as the client sent it) only the name is kept.  None
where the mechanism, or this answer of it, shows none.  An answer that is not as
its RFC has it shows nothing: what stands in the name's place may be the password.
"""

from __future__ import annotations

import binascii
from typing import Callable, Dict, Tuple

NAME_BOUND = 256  # octets of a name worth keeping


def _behind(prefix: bytes, part: bytes) -> bytes:
    """What follows `prefix`; b"" where `part` is something else, perhaps a secret."""
    return part[len(prefix):] if part.startswith(prefix) else b""


def _plain(message: bytes) -> bytes:
    """authzid NUL authcid NUL passwd; RFC 4616"""
    _, name, _ = message.split(b"\0")
    return name


def _login(message: bytes) -> bytes:
    return message


def _cram_md5(message: bytes) -> bytes:
    """user SP digest; RFC 2195"""
    return message.rpartition(b" ")[0]


def _scram(message: bytes) -> bytes:
    """gs2-header "n=" saslname "," "r=" ...; RFC 5802"""
    name = _behind(b"n=", message.split(b",")[2])
    return name.replace(b"=2C", b",").replace(b"=3D", b"=")


def _xoauth2(message: bytes) -> bytes:
    return _behind(b"user=", message.split(b"\1", 1)[0])


def _oauthbearer(message: bytes) -> bytes:
    """gs2-header with "a=" authzid, then key-value pairs; RFC 7628"""
    return _behind(b"a=", message.split(b",", 2)[1])


# The answer (counted from 0) that shows the name, and how it does.
_SHOWN: Dict[bytes, Tuple[int, Callable[[bytes], bytes]]] = {
    b"PLAIN": (0, _plain),
    b"LOGIN": (0, _login),
    b"CRAM-MD5": (0, _cram_md5),
    b"SCRAM-SHA-1": (0, _scram),
    b"SCRAM-SHA-256": (0, _scram),
    b"SCRAM-SHA-512": (0, _scram),
    b"XOAUTH2": (0, _xoauth2),
    b"OAUTHBEARER": (0, _oauthbearer),
}


def user_name(mechanism: bytes, answer: int, line: bytes) -> bytes | None:
    """The name in the `answer`-th answer `line` (base64) of `mechanism` (upper case)."""
    shown = _SHOWN.get(mechanism)
    if shown is None or shown[0] != answer:
        return None
    try:
        name = shown[1](binascii.a2b_base64(line, strict_mode=True))
    except (ValueError, IndexError):  # no base64, or not so many parts
        return None
    return name[:NAME_BOUND] or None
