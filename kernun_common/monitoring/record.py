"""record - what a session shows of itself: words, and counters.  [P]

    Record(client="[192.0.2.7]:40312", user="alice", state="selected", command="FETCH")
    octets = encode(record, limits)         at most limits.octets
    record = decode(octets)                 ValueError where that cannot be

The words are what clients and servers chose, so they are made harmless and cut
before anybody else sees them: no control characters, nothing that turns the
direction of writing, no more characters than the section monitoring allows.

See also: seat.py, board.py.
"""

from __future__ import annotations

from typing import NamedTuple, Optional, Tuple

ACCEPTED, REJECTED, FAILED = RESULTS = ("ACCEPTED", "REJECTED", "FAILED")  # of a whole session

CHARS = 100  # of a word for which the section has no number: an address, a cipher, an ACL's name
LAYERS = 4  # of ACLs, at most
CUT = "+"  # ends a word that was longer
DOTS = "..."  # stand for what was cut out of a longer text

_MOST_OCTETS = 4  # of a character in UTF-8
_SEPARATOR = "\n"  # is in no word


class Live(NamedTuple):
    """Counters of one session: octets inside TLS, and commands."""

    from_client: int = 0
    to_client: int = 0
    from_server: int = 0
    to_server: int = 0
    commands: int = 0


class Record(NamedTuple):
    """The words; empty where there is nothing to tell."""

    client: str = ""  # address and port
    server: str = ""  # likewise
    host: str = ""  # the server as the configuration names it
    user: str = ""
    state: str = ""
    command: str = ""  # that is being executed
    data: str = ""  # what it is about: a mailbox
    client_tls: str = ""  # version and cipher
    server_tls: str = ""
    acls: Tuple[str, ...] = ()  # the name of the ACL selected, layer by layer


class Shown(NamedTuple):
    """An open session, as its process shows it."""

    slot: int
    pid: int
    since: float  # seconds since the epoch
    live: Live
    record: Record


_WORDS = Record._fields[:-1]


_TO_STATE = _SEPARATOR * _WORDS.index("state")
_BEHIND_STATE = _SEPARATOR * (len(_WORDS) - 1 - _WORDS.index("state"))


class Data(NamedTuple):
    """How much of a longer text is shown."""

    chars: int
    tail: Optional[int]

    def cut(self, text: str) -> str:
        """`text` in at most `chars` characters: its beginning, three dots, its last `tail`."""
        if len(text) <= self.chars:
            return text
        tail = self.tail or 0
        return text[: self.chars - tail - len(DOTS)] + DOTS + text[len(text) - tail :]


class Limits(NamedTuple):
    """How many characters are shown."""

    user: int
    data: Data

    @property
    def octets(self) -> int:
        """Of an encoded record, at most."""
        others = len(_WORDS) - len(self) + LAYERS
        chars = self.user + self.data.chars + CHARS * others
        return _MOST_OCTETS * chars + len(_WORDS) + LAYERS


def printable(text: str) -> str:
    """`text` without anything that moves a cursor or the direction of writing."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else "?" for each in text)


def cut(text: str, chars: int) -> str:
    """`text` in at most `chars` characters, with a sign where it was longer."""
    return text if len(text) <= chars else text[: chars - len(CUT)] + CUT


def encode(record: Record, limits: Limits) -> bytes:
    """The words in UTF-8, harmless and cut."""
    words = [
        cut(record.client, CHARS),
        cut(record.server, CHARS),
        cut(record.host, CHARS),
        cut(record.user, limits.user),
        cut(record.state, CHARS),
        cut(record.command, CHARS),
        limits.data.cut(record.data),
        cut(record.client_tls, CHARS),
        cut(record.server_tls, CHARS),
        *(cut(name, CHARS) for name in record.acls[:LAYERS]),
    ]
    return _SEPARATOR.join(map(printable, words)).encode("utf-8", "replace")


def brief(client: str, state: str) -> bytes:
    """As `encode`, of a record with only these; for the program's own words."""
    return f"{client}{_TO_STATE}{state}{_BEHIND_STATE}".encode("ascii")


def decode(octets: bytes) -> Record:
    """The record of these words; ValueError where they are too few, or not UTF-8."""
    words = octets.decode("utf-8").split(_SEPARATOR)
    if len(words) < len(_WORDS):
        raise ValueError("too few words")
    acls = tuple(words[len(_WORDS) :])
    return Record(**dict(zip(_WORDS, words)), acls=acls)
