"""secret - octets that no repr, log line or traceback shows.

    password = Secret(b"...")       password.reveal() -> b"..."

`reveal` is a word to search for: it stands only where the octets leave for the
peer that they are meant for.
"""

from __future__ import annotations


class Secret:
    """Octets of a password or of a shared secret; compares by value, prints as ***."""

    __slots__ = ("_octets",)

    def __init__(self, octets: bytes) -> None:
        self._octets = octets

    def reveal(self) -> bytes:
        return self._octets

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._octets == other._octets

    def __hash__(self) -> int:
        return hash(self._octets)

    def __repr__(self) -> str:
        return "Secret(***)"

    def __str__(self) -> str:
        return "***"
