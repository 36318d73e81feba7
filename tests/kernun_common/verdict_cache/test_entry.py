"""entry: keys that differ, and values there and back; octets that somebody else put there."""

from itertools import combinations

import pytest

from kernun_common.antivirus.status import FREE, LONGEST_NAME, SKIPPED, Status, Verdict
from kernun_common.verdict_cache import entry

LISTS = [(), (b"",), (b"", b""), (b"a",), (b"a", b""), (b"", b"a"), (b"ab",), (b"a", b"b"),
         (b"\0" * 8,), (b"ab", b"c"), (b"a", b"bc")]


def test_keys_differ():
    for one, other in combinations(LISTS, 2):
        assert entry.key(*one) != entry.key(*other)
    assert {len(entry.key(*parts)) for parts in LISTS} == {entry.KEY_OCTETS}


def test_digest_is_that_of_the_octets():
    assert entry.digest([b"ab", b"c"]) == entry.digest([b"abc"]) != entry.digest([b"abd"])


VERDICTS = [
    (FREE, b"free"),
    (Verdict(Status.FOUND, "Eicar"), b"found Eicar"),
    (Verdict(Status.FOUND, "a b"), b"found a b"),
    (Verdict(Status.FOUND, None), b"found"),
    (Verdict(Status.FOUND, "x" * LONGEST_NAME), b"found " + b"x" * LONGEST_NAME),
]
NOT_KEPT = [SKIPPED, Verdict(Status.UNKNOWN), Verdict(Status.ERROR, reason="down")]


@pytest.mark.parametrize("verdict, octets", VERDICTS)
def test_verdict(verdict, octets):
    assert entry.of_verdict(verdict) == octets
    assert entry.verdict_of(octets) == verdict


@pytest.mark.parametrize("verdict", NOT_KEPT)
def test_what_is_not_sure_is_not_kept(verdict):
    assert entry.of_verdict(verdict) is None


@pytest.mark.parametrize("score", [0, 5000, -2600, 2**31 - 1, -(2**31)])
def test_score(score):
    assert entry.score_of(entry.of_score(score)) == score


def test_no_score_is_not_kept():
    assert entry.of_score(None) is None


FORGED = [b"", b"FREE", b"free ", b"free\n", b"skipped", b"error", b"found ", b"found  a",
          b"found a ", b"found a\nb", b"found \x1b[1m", b"foundling", b"score", b"score x",
          b"score 1.5", b"score +1", b"score 1 ", b"score " + b"9" * 11, b"\0"]


@pytest.mark.parametrize("octets", FORGED)
def test_forged(octets):
    assert entry.verdict_of(octets) is None
    assert entry.score_of(octets) is None


def test_a_verdict_is_no_score():
    assert entry.verdict_of(b"score 1") is None and entry.score_of(b"free") is None
    assert len(entry.verdict_of(b"found " + b"x" * 10_000).virus) == LONGEST_NAME
