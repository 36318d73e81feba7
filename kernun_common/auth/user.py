"""user - a user of the firewall, a login of one, and what a backend says of a password.  [P]

    login = Login.new(address, User("alice", ("staff",)), now, identification)
    octets = login.write()      for a store
    login = Login.read(octets)  and back; ValueError where they are none
    folded("Alice ")            "alice": names that a directory does not tell apart are equal

A backend's `check(name, password)` returns a User, or Denied, or Challenge where it wants to
know more; it raises Unavailable where it cannot tell.
"""

from __future__ import annotations

import json
import unicodedata
from typing import NamedTuple, Tuple, Union

from ..sockaddr import Address, address


class User(NamedTuple):
    """Who it is, and the groups that the backend knows them in."""

    name: str
    groups: Tuple[str, ...] = ()


def folded(name: str) -> str:
    """Without regard to case, width and blanks: caseIgnoreMatch, RFC 4517 4.2.11, RFC 4518 2."""
    wide = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", wide).split())


class Denied(NamedTuple):
    """The backend says no; `reason` is for the log."""

    reason: str


class Challenge(NamedTuple):
    """The backend asks `text`; `state` is to be shown with the answer."""

    text: str
    state: bytes


Verdict = Union[User, Denied, Challenge]


class Login(NamedTuple):
    """A user who is logged in at an address.

    `identification` is another one for each login; `since` in seconds since the epoch.
    """

    identification: str
    address: Address
    user: User
    since: float

    def write(self) -> str:
        words = (self.identification, str(self.address), *self.user, self.since)
        return json.dumps(words)

    @classmethod
    def read(cls, text: Union[str, bytes]) -> Login:
        """ValueError where it is none."""
        words = json.loads(text)
        if not isinstance(words, list) or len(words) != 5:
            raise ValueError("not a login")
        identification, place, name, groups, since = words
        strings = [identification, place, name, *(groups if isinstance(groups, list) else [None])]
        if not all(isinstance(word, str) for word in strings) or not isinstance(since, float):
            raise ValueError("not a login")
        return cls(identification, address(place), User(name, tuple(groups)), since)
