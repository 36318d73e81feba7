"""content: pieces of bytes, of mmaps and of streams, within a limit."""

import mmap

import pytest

from kernun_common.content import PIECE, Content, TooLarge
from kernun_common.errors import Unavailable

SIZES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7]


def octets(size):
    return bytes(range(256)) * (size // 256) + bytes(range(size % 256))


def mapped(data):
    memory = mmap.mmap(-1, len(data))
    memory[:] = data
    return memory


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lay", [bytes, mapped], ids=["bytes", "mmap"])
def test_pieces_join_to_the_octets(size, lay):
    if lay is mapped and not size:
        return  # there is no empty mmap
    content = Content.of("mail", lay(octets(size)))
    pieces = list(content.pieces())
    assert b"".join(pieces) == octets(size)
    assert all(0 < len(piece) <= PIECE for piece in pieces)
    assert content.size == size
    assert list(content.pieces()) == pieces  # they begin anew


def test_what_is_missing_has_no_pieces():
    content = Content.missing("part 2", "too deep")
    assert content.size is None
    for limit in (None, 0):
        with pytest.raises(Unavailable, match="part 2: too deep"):
            list(content.pieces(limit))


def test_a_stream_is_cut_into_pieces_too():
    content = Content("part", lambda: iter([b"a" * (2 * PIECE + 1), b"", b"b"]))
    assert [len(piece) for piece in content.pieces()] == [PIECE, PIECE, 1, 1]
    assert content.size is None


@pytest.mark.parametrize("limit, passes", [(6, True), (5, False), (0, False)])
def test_limit(limit, passes):
    content = Content("part", lambda: iter([b"abc", b"def"]))
    assert not content.exceeds(limit)  # nobody knows before
    seen = []
    try:
        for piece in content.pieces(limit):
            seen.append(piece)
    except TooLarge as error:
        assert not passes and str(error) == "part"
    else:
        assert passes
    assert sum(map(len, seen)) <= limit


def test_a_size_that_is_known():
    content = Content.of("mail", b"abc")
    assert [content.exceeds(limit) for limit in (2, 3, 4)] == [True, False, False]
