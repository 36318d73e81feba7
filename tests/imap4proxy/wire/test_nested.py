"""Lists of any nesting: the expression and the states agree, and both bound the depth."""

import re

import pytest

from imap4proxy.wire.nested import DEPTH, threads, values
from imap4proxy.wire.tokens import Strings
from tests.support.cuts import every_cut
from tests.support.reading import Failed, read

VALUES = [
    (b"()", True),
    (b"(a)", True),
    (b'(a "b c" NIL 12 \\Seen)', True),
    (b"((a b)(c) d)", True),
    (b"((a) (b))", True),
    (b"(() ())", True),
    (b"(a (b (c (d))))", True),
    (b"(" * DEPTH + b")" * DEPTH, True),
    (b'("\\"\\\\")', True),
    (b"(a )", False),
    (b"( a)", False),
    (b"( )", False),
    (b"(a  b)", False),
    (b"(a(b))", False),
    (b"((b)a)", False),
    (b'("a"b)', False),
    (b'(a"b")', False),
    (b'("a"(b))', False),
    (b"(a\x01)", False),
    (b"(a\tb)", False),
    (b"(a{b)", False),
    (b'("a)', False),
    (b"(a", False),
    (b"a)", False),
    (b"(a))", False),
]


def is_valid(octets):
    results = set()
    for limits in ({}, {"whole_line": 1}):
        for parts in every_cut(b"* 1 FETCH (BODY " + octets + b")\r\n"):
            found = read(parts, **limits)
            results.add(len(found) == 1 and found[0] != Failed)
    assert len(results) == 1
    return results.pop()


@pytest.mark.parametrize("octets, valid", VALUES)
def test_values(octets, valid):
    fullmatch = re.compile(values(Strings.of(False)).pattern).fullmatch
    assert bool(fullmatch(octets)) == valid
    assert is_valid(octets) == valid


@pytest.mark.parametrize("depth", [DEPTH + 1, DEPTH + 2, 3 * DEPTH])
def test_deeper_than_the_expression(depth):
    octets = b"(a " * depth + b"b" + b" c)" * depth
    assert not re.compile(values(Strings.of(False)).pattern).fullmatch(octets)
    assert is_valid(octets)
    assert not is_valid(octets[:-1])
    assert not is_valid(octets + b")")


@pytest.mark.parametrize("nesting", [20, 27])
def test_the_bound_is_the_same_in_every_cut(nesting):
    for depth in range(nesting - DEPTH - 1, nesting + DEPTH + 2):
        for within in (b"%b", b"(a) %b (a (b))"):
            lists = within % (b"(" * (depth - 1) + b"(x)" + b")" * (depth - 1))
            octets = b"* X (" + lists + b")\r\n"
            valid = depth + 1 <= nesting
            for parts in ([octets], [octets[:depth], octets[depth:]], *[list(cut(octets, 1))]):
                found = read(parts, nesting=nesting, whole_line=1)
                assert (found != [Failed]) == valid


def cut(octets, size):
    return (octets[at:at + size] for at in range(0, len(octets), size))


THREADS = [
    (b"(1)", True),
    (b"(1 2 3)", True),
    (b"(1 (2)(3 4))", True),
    (b"((1)(2))", True),
    (b"((1 2)(3 (4)(5)))", True),
    (b"()", False),
    (b"(1 ())", False),
    (b"(a)", False),
    (b"(0)", False),
    (b'("1")', False),
    (b"(1 )", False),
    (b"(4294967296)", False),
]


@pytest.mark.parametrize("octets, valid", THREADS)
def test_threads(octets, valid):
    assert bool(re.compile(threads().pattern).fullmatch(octets)) == valid
    for limits in ({}, {"whole_line": 1}):
        for parts in every_cut(b"* THREAD (7)" + octets + b"\r\n"):
            assert (read(parts, **limits) != [Failed]) == valid
