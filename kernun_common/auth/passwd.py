"""passwd - a backend: a file of users, as kernun-fwpasswd(1) keeps it.

    backend = PasswordFile(path)
    backend.check("alice", Secret(b"..."), {})  User, or Denied; Unavailable: it cannot be read
    hashed(Secret(b"..."))                      an encrypted password, for the file

A line is `user:encrypted-password[:group,...]` in UTF-8; empty lines and lines that begin
with `#` are passed over.  Passwords are encrypted by Argon2id (RFC 9106); those that
htpasswd(1) made by bcrypt and crypt(3) by SHA-256 or SHA-512 are understood as well.  Of a
line that is none of that the user cannot log in.

To check takes as long whether there is such a user or not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Iterator, NamedTuple, Optional, Tuple

from passlib.context import CryptContext

from kernun_common.acl.facts import Resolution

from ..errors import Unavailable
from ..secret import Secret
from .user import Denied, User, Verdict

COMMENT = "#"

# Memory in KiB, turns and lanes as OWASP wants them at least: a login page has several threads.
_CONTEXT = CryptContext(
    schemes=("argon2", "bcrypt", "sha512_crypt", "sha256_crypt"),
    argon2__memory_cost=19456,
    argon2__time_cost=2,
    argon2__parallelism=1,
)


class Entry(NamedTuple):
    """A line of the file."""

    name: str
    encrypted: str
    groups: Tuple[str, ...] = ()

    @classmethod
    def read(cls, line: str) -> Optional[Entry]:
        """None: it is no user's."""
        words = line.split(":")
        if line.startswith(COMMENT) or len(words) not in (2, 3) or not words[0]:
            return None
        groups = words[2].split(",") if len(words) == 3 else ()
        return cls(words[0], words[1], tuple(group for group in groups if group))

    def write(self) -> str:
        return ":".join((self.name, self.encrypted, ",".join(self.groups))).removesuffix(":")


class PasswordFile:
    """See the file's first lines."""

    def __init__(self, path: str) -> None:
        self._path = path

    def check(self, name: str, password: Secret, resolution: Resolution) -> Verdict:
        entry = next((entry for entry in self._entries() if entry.name == name), None)
        if entry is None:
            _CONTEXT.dummy_verify()
            return Denied("no such user")
        if not _fits(password, entry.encrypted):
            return Denied("wrong password")
        return User(entry.name, entry.groups)

    def respond(
        self, name: str, answer: Secret, state: bytes, resolution: Resolution
    ) -> Verdict:
        return Denied("nothing was asked")

    def _entries(self) -> Iterator[Entry]:
        try:
            lines = Path(self._path).read_text("utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as failure:
            raise Unavailable(f"{self._path}: {failure}") from failure
        return filter(None, map(Entry.read, lines))


def hashed(password: Secret) -> str:
    return _CONTEXT.hash(password.reveal())


def _fits(password: Secret, encrypted: str) -> bool:
    try:
        return _CONTEXT.verify(password.reveal(), encrypted)
    except (ValueError, TypeError):  # no encrypted password, or a password that it cannot be of
        return False
