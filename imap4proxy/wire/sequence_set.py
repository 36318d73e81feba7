"""sequence_set - which mails a sequence-set names.

    may_hold(b"1:5,9", 7)      False; of `*` and `$` only the server knows what they are: True
    encode([1, 2, 3, 9])       [b"1:3,9"], in as many sets as lines of a bearable length take
    count(b"1:5,9")            6; None where only the server knows

Source: RFC 3501 section 9 (sequence-set), RFC 5182 ($).
"""

from __future__ import annotations

from typing import Iterable, Iterator, List, Tuple

LONGEST = 4000  # octets; RFC 7162 section 4 wants lines of 8192 to be possible


def may_hold(sequence_set: bytes, number: int) -> bool:
    """May `number` (a message number or UID) belong to the set?"""
    if not _is_known(sequence_set):
        return True
    return any(low <= number <= high for low, high in _ranges(sequence_set))


def count(sequence_set: bytes) -> int | None:
    """How many numbers stand in it, repeated ones included."""
    if not _is_known(sequence_set):
        return None
    return sum(high - low + 1 for low, high in _ranges(sequence_set))


def _is_known(sequence_set: bytes) -> bool:
    return b"*" not in sequence_set and b"$" not in sequence_set


def _ranges(sequence_set: bytes) -> Iterator[Tuple[int, int]]:
    for part in sequence_set.split(b","):
        first, _, last = part.partition(b":")
        low, high = int(first), int(last or first)
        yield min(low, high), max(low, high)


def encode(numbers: Iterable[int]) -> List[bytes]:
    """Sets that name these numbers; none for none."""
    sets: List[bytes] = []
    for low, high in _runs(sorted(set(numbers))):
        text = b"%d" % low if low == high else b"%d:%d" % (low, high)
        if sets and len(sets[-1]) + len(text) < LONGEST:
            sets[-1] += b"," + text
        else:
            sets.append(text)
    return sets


def _runs(numbers: List[int]) -> Iterator[Tuple[int, int]]:
    low = high = None
    for number in numbers:
        if high is not None and number == high + 1:
            high = number
            continue
        if low is not None and high is not None:
            yield low, high
        low = high = number
    if low is not None and high is not None:
        yield low, high
