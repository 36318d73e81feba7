"""grammar - what imap-codec, an independent grammar of IMAP, makes of what we send.

    check_command(command)     a command that it does not take is a fault
    check_response(octets)     a response of ours likewise
    check_greeting(octets)

What imap-codec does not know, or gets wrong, is declared here, each with the reason; nothing else
may be left out.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import imap_codec

from imap4proxy.wire.command import Command
from imap4proxy.wire.encode import LiteralMode
from tests.imap4proxy.wire.test_encode import NESTED, NOT_SPOKEN
from tests.support.command_reading import encoded, offered_with


def _taken(codec: Any, octets: bytes) -> bool:
    try:
        rest, _ = codec.decode(octets)
    except imap_codec.DecodeError:
        return False
    return not rest


def check_command(command: Command) -> None:
    octets = encoded(command, mode=LiteralMode.PLUS)
    if command.name == "UNKNOWN" or NESTED in octets or offered_with(command.needs) & NOT_SPOKEN:
        return
    assert _taken(imap_codec.CommandCodec, octets), octets


# --- responses ---------------------------------------------------------------------------------

# The data that it has a grammar for.
_KINDS = frozenset(
    {"CAPABILITY", "LIST", "LSUB", "SEARCH", "FLAGS", "EXISTS", "RECENT", "EXPUNGE", "FETCH",
     "ENABLED", "STATUS", "QUOTA", "QUOTAROOT", "ID", "SORT", "THREAD", "METADATA"}
)  # fmt: skip
_GREETINGS = frozenset({b"PREAUTH"})  # RFC 3501 section 9, response-data: it has no PREAUTH there


class Unknown(NamedTuple):
    """Octets that it does not take, or that we do not judge, and why."""

    octets: re.Pattern[bytes]
    reason: str


def _unknown(pattern: bytes, reason: str) -> Unknown:
    return Unknown(re.compile(pattern, re.DOTALL | re.IGNORECASE), reason)


_STATUS_ITEMS = b"MESSAGES|RECENT|UIDNEXT|UIDVALIDITY|UNSEEN|DELETED"
UNKNOWN = (
    _unknown(rb".*[\x80-\xff]", "UTF-8 where it may stand (RFC 6855), or where it is forgiven"),
    _unknown(rb"[^ ]+ [A-Z]+ (\[[^\r\n]*\] )?\r\n", "an empty text: RFC 9051, it has RFC 3501"),
    _unknown(rb"\+ \[", "RFC 3501: a text may begin with a bracket and hold no code"),
    _unknown(rb"[^ ]+ [A-Z]+ \[[^\r\n]*\{", "a literal in a code, as RFC 3501 has `charset`"),
    _unknown(rb"[^ ]+ [A-Z]+ \[.*\] \[", "RFC 3501: a text behind a code may begin with a bracket"),
    _unknown(rb".*\{[0-9]+\}\r\n.*\0", "a NUL of the server's streams past in a literal"),
    _unknown(rb"\* STATUS .*\((?!(?:(?:%b) [0-9]+ ?)*\))" % _STATUS_ITEMS,
             "RFC 9051: status-att-val may be extended"),
    _unknown(rb"\* THREAD .*\(\(", "RFC 5256: two threads in parentheses, we take one"),
    _unknown(rb"\* [0-9]+ FETCH .*RFC822.SIZE [0-9]{10}", "64 bits: RFC 9051, number64"),
    _unknown(rb"\* STATUS .* 0*(?:[5-9]|4[3-9])[0-9]{9}[ )]", "SIZE has 63 bits: RFC 9051"),
    _unknown(rb"\* [0-9]+ FETCH .*(?:ENVELOPE|BODY(?:STRUCTURE)?) \(", "judged for balance only"),
    _unknown(rb"\* [0-9]+ FETCH .*INTERNALDATE ", "judged as any string"),
    _unknown(rb"\* [0-9]+ FETCH .*(?:MODSEQ|X-|EMAILID|THREADID|SAVEDATE|PREVIEW|BINARY)",
             "items of extensions"),
    _unknown(rb"\* (?:LIST|LSUB) .*\(.*\(", "RFC 5258: mbox-list-extended"),
)  # fmt: skip


def _is_unknown(octets: bytes) -> bool:
    return any(unknown.octets.match(octets) for unknown in UNKNOWN)


def check_response(piece: Any, octets: bytes) -> None:
    """`piece` is what our own reader found in the octets."""
    if getattr(piece, "kind", "CAPABILITY") in _KINDS and not _is_unknown(octets):
        greeting = getattr(piece, "condition", None) in _GREETINGS
        codec = imap_codec.GreetingCodec if greeting else imap_codec.ResponseCodec
        assert _taken(codec, octets), octets


def check_greeting(octets: bytes) -> None:
    assert _is_unknown(octets) or _taken(imap_codec.GreetingCodec, octets), octets


def check_status(octets: bytes) -> None:
    """An untagged status response behind the greeting."""
    assert _is_unknown(octets) or _taken(imap_codec.ResponseCodec, octets), octets
