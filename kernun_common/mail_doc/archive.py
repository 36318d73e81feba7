"""archive - the names of the files in a document that is an archive: zip, tar, gzip.

    members(chunks, allowance) -> ("docs/a.txt", "a.txt", "tools.zip", "setup.exe")

A name stands with its folder and without.  What is in archives within it is named, too.  An archive
is known by its octets, not by the name of its file; it is read once, in a stream: of a zip both
the headers before the files and the directory at its end count, since programs differ in which of
them they read.  Programs look for the directory from the end, so a zip counts wherever it stands in
a document: behind junk, a picture or a program, or behind another archive; see zip_headers.py.
So does a tar, since there are programs that pass over what stands before it; see tar_headers.py.

`INCOMPLETE`, an empty name, is among them where more may be in it than was seen: it is encrypted,
nested deeper than DEPTH, has more names or longer ones or comes to more octets than
archive_budget.py permits, is compressed in a way that is not known here, or is damaged; or a zip is
in octets that were taken for something else, as in the header of a gzip or in what is deflated.
Where programs differ in which name a file has, each of them is among the names.
Any octets have members; the time is linear in the octets, whatever they inflate to.
"""

from __future__ import annotations

from contextlib import closing
from typing import Generator, Iterable, Iterator, Optional, Tuple

from . import gzip_headers, inflated, tar_headers, zip_headers
from .archive_budget import Allowance, Budget, TooMuch
from .stream import Stream

DEPTH = 5

_TAR = b"tar"  # what was found, where it is not the mark of a zip


def members(chunks: Iterable[bytes], allowance: Allowance) -> Tuple[str, ...]:
    """The names in the archives that the octets are, or that are in them; nothing without.

    `allowance` is that of the mail in which they are.
    """
    budget = Budget(allowance)
    try:
        _read(Stream(budget.of(chunks)), budget, 0)
    except TooMuch:
        budget.mark_incomplete()
    return tuple(budget.names)


def _read(stream: Stream, budget: Budget, depth: int) -> None:
    """To its end, whatever archives are in it."""
    if gzip_headers.is_gzip(stream.peek(gzip_headers.MAGIC_SIZE)):
        if depth >= DEPTH:
            return budget.mark_incomplete()
        _read_gzip(stream, budget, depth)
    doubts = zip_headers.Doubts(stream.peek(zip_headers.START))
    while (found := stream.seek(_search)) is not None:
        if found == zip_headers.END:
            _read_end(stream, budget)
        if found != _TAR and not doubts.end(found, stream):
            continue
        if depth >= DEPTH:
            return budget.mark_incomplete()
        _name_doubtful(doubts, budget)
        if found == _TAR:
            _read_tar(stream, budget, depth)
        else:
            _read_zip(found, stream, budget, depth)
    if stream.hides_an_end:
        budget.mark_incomplete()


def _name_doubtful(doubts: zip_headers.Doubts, budget: Budget) -> None:
    """Of a zip that goes on, it may be in a tar."""
    if doubts.names:
        budget.mark_incomplete()
        budget.add_all(doubts.names)
        doubts.names.clear()


def _search(octets: bytes, start: int, position: int) -> Optional[Tuple[int, bytes]]:
    """The header of a tar, which is read then, or the mark of a zip, behind which is read."""
    mark = zip_headers.MARK.search(octets, start)
    stop = len(octets) if mark is None else mark.start() + 1
    at = tar_headers.find(octets, start, stop, position)
    if at is not None:
        return at, _TAR
    return None if mark is None else (mark.end(), mark[0])


def _read_zip(mark: bytes, stream: Stream, budget: Budget, depth: int) -> None:
    """What stands behind one mark."""
    if mark == zip_headers.LOCAL:
        _read_local(stream, budget, depth)
    elif mark == zip_headers.CENTRAL:
        _read_central(stream, budget)


def _read_end(stream: Stream, budget: Budget) -> None:
    """Is its directory in octets that were inflated, where it was not seen?"""
    octets = stream.peek(zip_headers.END_SIZE + zip_headers.LONGEST_NAME)
    ended = zip_headers.directory(octets[: zip_headers.END_SIZE])
    if ended is None or not ended.is_possible:
        return
    before = stream.position - len(zip_headers.END)
    if stream.inflated_to and before - ended.size < stream.inflated_to:
        budget.mark_incomplete()
    if ended.is_taken(before, len(octets) - zip_headers.END_SIZE):
        stream.hides_an_end = False


def _read_central(stream: Stream, budget: Budget) -> None:
    """Behind it the search goes on with the name, since its length may be wrong."""
    fields = stream.read(zip_headers.CENTRAL_SIZE)
    header = zip_headers.central(fields)
    if header is None:
        return budget.mark_incomplete()
    if header.is_encrypted or _holds_a_tar(fields, stream):
        budget.mark_incomplete()
    most = header.name_size + header.extra_size
    octets = stream.peek(min(most, zip_headers.LONGEST_HEAD))
    if len(octets) < most:
        budget.mark_incomplete()
    _add_names(header, octets, budget)


def _add_names(header: zip_headers.Header, octets: bytes, budget: Budget) -> None:
    """Of one file: its name and what stands for it in the extra fields behind it."""
    budget.add(octets[: header.name_size], header.is_utf8)
    for path in zip_headers.unicode_paths(octets[header.name_size :]):
        budget.add(path)


def _read_local(stream: Stream, budget: Budget, depth: int) -> None:
    """The file behind it is looked into; where it ends, the search for the next header goes on."""
    fields = stream.read(zip_headers.LOCAL_SIZE)
    header = zip_headers.local(fields)
    if header is None:
        return budget.mark_incomplete()
    skipped = stream.read(header.name_size + header.extra_size)
    _add_names(header, skipped, budget)
    if len(skipped) < header.name_size + header.extra_size:
        budget.mark_incomplete()
    _name_passed_over(skipped, stream, budget)
    if _holds_a_tar(fields + skipped, stream):
        budget.mark_incomplete()
    if header.is_encrypted:
        return budget.mark_incomplete()
    if header.method == zip_headers.DEFLATED:
        _read_inflated(inflated.deflated(stream, budget), budget, depth)
    elif header.method == zip_headers.STORED:
        _read_stored(stream, budget, depth)
    else:
        budget.mark_incomplete()


def _name_passed_over(skipped: bytes, stream: Stream, budget: Budget) -> None:
    """What was taken for something else, of which another program may make a zip."""
    if zip_headers.MARK.search(skipped + stream.peek(3)):
        budget.mark_incomplete()
        budget.spend(len(skipped))
        budget.add_all(zip_headers.names(skipped))


def _holds_a_tar(skipped: bytes, stream: Stream) -> bool:
    """Does one begin in what was passed over?"""
    whole, start = skipped + stream.peek(tar_headers.BLOCK), stream.position - len(skipped)
    return tar_headers.find(whole, 0, len(skipped), start) is not None


def _read_stored(stream: Stream, budget: Budget, depth: int) -> None:
    """A zip within a zip is seen by the search itself, as is a tar that does not begin it."""
    start = stream.peek(tar_headers.BLOCK)
    is_gzip = gzip_headers.is_gzip(start)
    if not is_gzip and not tar_headers.is_header(start):
        return
    if depth + 1 >= DEPTH:
        budget.mark_incomplete()
    elif is_gzip:
        _read_gzip(stream, budget, depth + 1)
    else:
        _read_tar(stream, budget, depth + 1)


def _read_inflated(pieces: Generator[bytes, None, object], budget: Budget, depth: int) -> None:
    with closing(pieces):
        _read(Stream(pieces), budget, depth + 1)


def _read_gzip(stream: Stream, budget: Budget, depth: int) -> None:
    _read_inflated(inflated.gzipped(stream, budget), budget, depth)


def _read_tar(stream: Stream, budget: Budget, depth: int) -> None:
    """Its end are blocks of zeroes; there are programs that go on behind them."""
    ended = False
    while True:
        head = stream.read(tar_headers.BLOCK)
        if len(head) == tar_headers.BLOCK and not head.strip(b"\0"):
            ended = True
            continue
        if not tar_headers.is_header(head):
            if not ended:
                budget.mark_incomplete()
            return stream.give_back(head)
        ended = False
        _name_passed_over(head, stream, budget)
        _read_tar_file(head, stream, budget, depth)


def _read_tar_file(head: bytes, stream: Stream, budget: Budget, depth: int) -> None:
    """What stands behind its header.  The name in that counts even where a longer one stood
    before it, which there are programs that do not know."""
    size = tar_headers.size(head)
    filled = size + -size % tar_headers.BLOCK
    file = _within(stream, filled)
    if tar_headers.is_long_name(head):
        _add_long_names(head, size, file, budget)
    else:
        budget.add(tar_headers.name(head))
        _read(file, budget, depth + 1)
    file.skip(filled)
    if file.inflated_to:
        stream.inflated_to = stream.position


def _add_long_names(head: bytes, size: int, file: Stream, budget: Budget) -> None:
    """All that it has: of several, one program takes the first and another the last."""
    if size > tar_headers.LONGEST_LONG_NAME:
        budget.mark_incomplete()
    octets = file.read(tar_headers.LONGEST_LONG_NAME + tar_headers.BLOCK)
    _name_passed_over(octets, file, budget)
    for name in tar_headers.long_names(head, octets[:size]):
        budget.add(name)


def _within(stream: Stream, size: int) -> Stream:
    """The next `size` octets by themselves."""

    def chunks() -> Iterator[bytes]:
        left = size
        while left > 0:
            octets = stream.chunk()
            if not octets:
                return
            stream.give_back(octets[left:])
            left -= len(octets)
            yield octets[: left + len(octets)]

    return Stream(chunks())
