"""mutation - octets that are changed at random, by a seed.

    mutated(Random(7), [b"a1 NOOP\\r\\n"], [b"{3+}\\r\\n"])   one of the first, with changes

What is done: some octets left out, doubled, moved or replaced; a word put in; a bit or an octet
changed; a piece of another seed; a number made another.
"""

from __future__ import annotations

import re
from random import Random
from typing import Callable, Sequence

CHANGES = (1, 1, 1, 2, 2, 3, 5, 10)
SIZES = (0, 1, 1, 2, 4, 16, 64)
NUMBERS = (b"0", b"1", b"2", b"3", b"10", b"255", b"65535", b"4294967295", b"4294967296",
           b"99999999999999999999", b"-1", b"007")  # fmt: skip
_NUMBER = re.compile(rb"[0-9]+")


def mutated(chance: Random, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    mutation = _Mutation(chance, seeds, words)
    octets = chance.choice(seeds)
    for _ in range(chance.choice(CHANGES)):
        octets = chance.choice(mutation.changes)(octets)
    return octets


class _Mutation:
    def __init__(self, chance: Random, seeds: Sequence[bytes], words: Sequence[bytes]) -> None:
        self._chance, self._seeds, self._words = chance, seeds, words
        self.changes: Sequence[Callable[[bytes], bytes]] = (
            self._word, self._word, self._gone, self._doubled, self._moved, self._octet,
            self._bit, self._joined, self._number,
        )  # fmt: skip

    def _cut(self, octets: bytes) -> tuple[bytes, bytes, bytes]:
        """What stands before some octets, they, and what stands behind."""
        start = self._chance.randrange(len(octets) + 1)
        end = start + self._chance.choice(SIZES)
        return octets[:start], octets[start:end], octets[end:]

    def _word(self, octets: bytes) -> bytes:
        before, _, behind = self._cut(octets)
        return before + self._chance.choice(self._words) + behind

    def _gone(self, octets: bytes) -> bytes:
        before, _, behind = self._cut(octets)
        return before + behind

    def _doubled(self, octets: bytes) -> bytes:
        before, some, behind = self._cut(octets)
        return before + some * self._chance.choice((2, 2, 3, 30)) + behind

    def _moved(self, octets: bytes) -> bytes:
        before, some, behind = self._cut(octets)
        rest = before + behind
        at = self._chance.randrange(len(rest) + 1)
        return rest[:at] + some + rest[at:]

    def _octet(self, octets: bytes) -> bytes:
        before, some, behind = self._cut(octets)
        return before + bytes([self._chance.randrange(256)]) + some[1:] + behind

    def _bit(self, octets: bytes) -> bytes:
        before, some, behind = self._cut(octets)
        changed = bytes([some[0] ^ 1 << self._chance.randrange(8)]) if some else b""
        return before + changed + some[1:] + behind

    def _joined(self, octets: bytes) -> bytes:
        """With the end of another seed."""
        other = self._chance.choice(self._seeds)
        return self._cut(octets)[0] + self._cut(other)[2]

    def _number(self, octets: bytes) -> bytes:
        found = list(_NUMBER.finditer(octets))
        if not found:
            return octets
        start, end = self._chance.choice(found).span()
        return octets[:start] + self._chance.choice(NUMBERS) + octets[end:]
