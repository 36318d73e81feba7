"""notes - what a login page remembers from one request to the next.

    notes = notes_of(section)               ConfigurationError
    notes.key(resolution)                   of the tokens in forms, tokens.py
    attempt = notes.begin(keys, resolution)         before a password is checked; None: locked
    notes.pardon(keys, attempt, resolution)         it was right, or it could not be checked
    name = notes.put(pending, resolution)   a challenge that waits for its answer
    notes.take(name, resolution)            Pending; None: there is none, or none any more

Where logins are in Redis, so are the notes (notes_in_redis.py), because a balancer gives each
request to whichever page it likes; else they are in the process.  Unavailable: they cannot be
had.
"""

from __future__ import annotations

import json
import secrets
import time
from typing import Dict, NamedTuple, Optional, Protocol, Sequence, Tuple, Union

from kernun_common.acl.facts import Resolution

from ..sockaddr import Address, address
from .lockout import Lockout
from .section import OobAuth

CHALLENGE_SECONDS = 120.0  # to answer one
CHALLENGES = 1000  # at one time; the oldest makes room

KEY_OCTETS = 32


class Pending(NamedTuple):
    """A challenge that waits for its answer."""

    address: Address
    name: str
    state: bytes

    def write(self) -> str:
        return json.dumps((str(self.address), self.name, self.state.hex()))

    @classmethod
    def read(cls, text: Union[str, bytes]) -> Pending:
        """ValueError where it is none."""
        words = json.loads(text)
        if not isinstance(words, list) or [type(word) for word in words] != [str] * 3:
            raise ValueError("not a challenge")
        return cls(address(words[0]), words[1], bytes.fromhex(words[2]))


class Notes(Protocol):
    """See the file's first lines; one thread at a time."""

    def key(self, resolution: Resolution) -> bytes: ...

    def begin(self, keys: Sequence[str], resolution: Resolution) -> Optional[str]: ...

    def pardon(self, keys: Sequence[str], attempt: str, resolution: Resolution) -> None: ...

    def put(self, pending: Pending, resolution: Resolution) -> str: ...

    def take(self, name: str, resolution: Resolution) -> Optional[Pending]: ...


class InProcess:
    """Notes of a page that is alone."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(KEY_OCTETS)
        self._lockout = Lockout()
        self._pending: Dict[str, Tuple[Pending, float]] = {}  # the oldest first

    def key(self, resolution: Resolution) -> bytes:
        return self._key

    def begin(self, keys: Sequence[str], resolution: Resolution) -> Optional[str]:
        number = self._lockout.begin(keys, time.monotonic())
        return None if number is None else str(number)

    def pardon(self, keys: Sequence[str], attempt: str, resolution: Resolution) -> None:
        self._lockout.pardon(keys, int(attempt))

    def put(self, pending: Pending, resolution: Resolution) -> str:
        name = new_name()
        self._pending[name] = pending, time.monotonic() + CHALLENGE_SECONDS
        if len(self._pending) > CHALLENGES:
            del self._pending[next(iter(self._pending))]
        return name

    def take(self, name: str, resolution: Resolution) -> Optional[Pending]:
        pending, until = self._pending.pop(name, (None, 0.0))
        return pending if time.monotonic() <= until else None


def new_name() -> str:
    """One that nobody guesses."""
    return secrets.token_urlsafe(16)


def notes_of(section: OobAuth) -> Notes:
    """The library of Redis takes long to load, and is loaded only where it is used."""
    if section.store.redis is None:
        return InProcess()
    from ..redis_store.client import Client
    from .notes_in_redis import InRedis
    from .store import REDIS_SECONDS

    return InRedis(Client(section.store.redis, section.place("store"), REDIS_SECONDS))
