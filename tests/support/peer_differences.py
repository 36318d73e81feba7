"""peer_differences - in what proxies differ from the mail server behind them, and why.

The server is Dovecot 2.3, which is lenient in many places.  RFC 3501 unless it says otherwise;
`ours` is this proxy without mail scanning.  The file is long because it is that table.
"""

from __future__ import annotations

from typing import NamedTuple, Sequence


class Difference(NamedTuple):
    """What the target answers to the script (see peer_talk), and whose doing that is."""

    script: str
    target: str
    told: str
    reason: str


class Place(NamedTuple):
    """Where capabilities stand, and which of the server's are missing and which are added there."""

    place: str
    missing: str
    added: str
    reason: str


_END = " | * BYE, CLOSED, zz OK"
_STRICT = "ours, by policy: what is not in the grammar (section 9) is BAD, and never crosses over"
_ON_ITS_WAY = "ours, by policy: octets may be on their way that would be read as commands"
_LIMIT = "ours, by policy: a limit of the proxy's own"
_DEAF = "theirs: it logs in by itself, and forgets what stood behind the password in the segment"

OURS = tuple(
    Difference(script, "ours", told, reason)
    for script, told, reason in (
        ("bare LF", "a BAD, b OK" + _END, _STRICT),
        ("bare LF in a session", "a BAD, b OK" + _END, _STRICT),
        ("a blank at the end", "a BAD" + _END, _STRICT),
        ("junk behind a command", "a BAD" + _END, _STRICT),
        ("partial of no octets", "a BAD" + _END, _STRICT + "; nz-number"),
        ("a backslash before a letter", "a BAD" + _END, _STRICT + "; quoted-specials"),
        ("STARTTLS with an argument", "a BAD" + _END, _STRICT),
        ("a literal behind a command without arguments", "a BAD, c OK" + _END,
         "theirs: the server runs the octets of the literal as a command; ours frames first"),
        ("a line of 9 KB", "a BAD" + _END, "ours: the line is read to its end"),
        ("a huge literal", "a BAD" + _END,
         "ours: a synchronizing literal was never sent (section 7.5), so the session can go on"),
        ("a huge literal on its way", "a BAD | * BYE, CLOSED",
         _ON_ITS_WAY + "; the server ends it as well, without BAD"),
        ("a malformed literal on its way", "* BYE, CLOSED", _ON_ITS_WAY),
        ("a malformed literal in a session", "* BYE, CLOSED, a BAD", _ON_ITS_WAY),
        ("a quoted string without end", "* BYE, CLOSED", _ON_ITS_WAY),
        ("CRLF in a quoted string", "* BYE, CLOSED, a BAD", _ON_ITS_WAY),
        ("1,000 levels of body section", "a BAD" + _END, _LIMIT),
        ("10,000 NOT", "a BAD" + _END, _LIMIT),
        ("a command behind STARTTLS, in its segment", "a BAD | * BYE, CLOSED",
         "ours: nothing crosses the handshake (RFC 9051 section 11.3), and the client is told why;"
         " the server takes the octets for its handshake, which fails"),
    )
)  # fmt: skip

NGINX = tuple(
    Difference(script, "nginx", told, reason)
    for script, told, reason in (
        ("a wrong password, then the right one", "CLOSED",
         "theirs: it closes the connection behind a wrong password"),
        ("ID before LOGIN", "a BAD" + _END, "theirs: it knows no ID (RFC 2971)"),
        ("ID with literals and LOGIN in one segment", "CLOSED, i BAD",
         "theirs: it knows no ID, and takes the octets of its literal for commands"),
        ("two blanks", "a OK" + _END, "theirs: it skips blanks"),
        ("a line of 9 KB", "a BAD | CLOSED", "theirs: its buffer is full, and it closes"),
        ("a huge literal", "+, SILENT | SILENT",
         "theirs: the length is cut to its lowest bits, and the client is asked to send"),
        ("a huge literal on its way", "SILENT | SILENT",
         "theirs: it waits for octets of a length that it has not understood"),
        ("a malformed literal on its way", "CLOSED",
         "theirs: it says BAD to all that follows, and closes"),
        ("a command behind STARTTLS, in its segment", "a OK | c OK" + _END,
         "theirs: it drops the command without a word"),
    )
)  # fmt: skip

PERDITION = tuple(
    Difference(script, "perdition", told, reason)
    for script, told, reason in (
        ("a wrong password, then the right one", "a NO" + " | a OK" + _END,
         "theirs: the response code is not passed on (RFC 5530)"),
        ("AUTHENTICATE PLAIN, initial response", "a BAD" + _END, "theirs: no SASL-IR (RFC 4959)"),
        ("AUTHENTICATE, cancelled", "SILENT, a NO | * BAD, SILENT | a OK" + _END,
         "theirs: it knows no AUTHENTICATE (section 6.2.2), though the server offers it"),
        ("AUTHENTICATE and what follows in one segment",
         "* BYE, AHBlcmRpdGlvbjExAHNlY3JldA== B, CLOSED, a NO, b OK, zz OK",
         "theirs: it knows no AUTHENTICATE, and shows the password as the tag of a command"),
        ("ID before LOGIN", "a BAD" + _END, "theirs: it knows no ID (RFC 2971)"),
        ("ID with literals and LOGIN in one segment", "* BAD, SILENT, a OK, i BAD", _DEAF),
        ("all in one segment", "SILENT, a OK", _DEAF),
        ("LOGIN by literals in one segment", "SILENT, a OK", _DEAF),
        ("a tag +", "+, a OK" + _END, "theirs: any word is a tag, and `+` is said to the client"),
        ("a tag of 300 octets", "a OK, xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" + _END,
         "theirs: a tag may be as long as it likes, which the grammar allows"),
        ("a line of 9 KB", "a BAD" + _END, "theirs: the line is read to its end"),
        ("a huge literal", "+, SILENT | SILENT",
         "theirs: the length is not looked at, and the client is asked to send"),
        ("a huge literal on its way", "a BAD | * BYE, CLOSED, b OK, zz OK",
         "theirs: what may be the literal runs as a command"),
        ("a backslash before a letter", "a NO" + _END,
         "theirs: another password than the server would have read reaches it"),
        ("a command behind STARTTLS, in its segment", "a OK | c OK" + _END,
         "theirs: it drops the command without a word"),
        ("STARTTLS with an argument", "a BAD" + _END, "theirs: as the grammar says"),
    )
)  # fmt: skip

DIFFERENCES = (*OURS, *NGINX, *PERDITION)

_TAKEN = "LOGIN-REFERRALS STARTTLS"
_NOT_KNOWN = (
    "CATENATE CONTEXT=SEARCH ESORT I18NLEVEL=1 NOTIFY PREVIEW PREVIEW=FUZZY SNIPPET=FUZZY"
    " SORT=DISPLAY THREAD=REFS URL-PARTIAL"
)
_ALL = (
    "AUTH=CRAM-MD5 AUTH=LOGIN AUTH=PLAIN ENABLE ID IDLE IMAP4rev1 LITERAL+ LOGIN-REFERRALS"
    " SASL-IR STARTTLS"
)
_REFERRALS = "ours, by policy: referrals lead past the proxy; STARTTLS is its own matter"
_OF_ITS_OWN = "theirs: it tells a list from its configuration; the server is not known yet"
_TRANSPARENT = "theirs: from the login on it passes octets"
_PERDITION = "theirs: a list of its own; IMAP4REV1 is IMAP4rev1, for words have no case"

CAPABILITIES: dict[str, Sequence[Place]] = {
    "ours": (
        Place("greeting", _TAKEN, "", _REFERRALS),
        Place("before the login", _TAKEN, "", _REFERRALS),
        Place("behind it", f"LOGIN-REFERRALS {_NOT_KNOWN}", "",
              "ours, by policy: what the proxy cannot follow is not offered"),
    ),
    "nginx": (
        Place("greeting", _ALL, "", "theirs: it tells none in the greeting, as it may"),
        Place("before the login",
              "AUTH=CRAM-MD5 AUTH=LOGIN ENABLE ID LOGIN-REFERRALS SASL-IR STARTTLS",
              "UIDPLUS", _OF_ITS_OWN),
        Place("behind it", "", "", _TRANSPARENT),
    ),
    "perdition": (
        Place("greeting", _ALL, "IMAP4 IMAP4REV1", _PERDITION),
        Place("before the login", _ALL, "IMAP4 IMAP4REV1", _PERDITION),
        Place("behind it", "", "", _TRANSPARENT),
    ),
}  # fmt: skip
