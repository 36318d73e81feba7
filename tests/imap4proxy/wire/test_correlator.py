"""The proxy's tag, where a response names it, becomes the client's."""

import pytest

from imap4proxy.wire.correlator import in_code, in_data
from imap4proxy.wire.status import Code
from tests.support.cuts import every_cut
from tests.support.reading import Collector, make

TAGS = {b"k12": b"a]1", b"k13": b"A001"}

DATA = [
    (b'* ESEARCH (TAG "k12") UID ALL 5\r\n', b'* ESEARCH (TAG "a]1") UID ALL 5\r\n'),
    (b"* esearch (tag k13)\r\n", b'* esearch (TAG "A001")\r\n'),
    (b'* ESEARCH (TAG "k99") COUNT 5\r\n', b"* ESEARCH COUNT 5\r\n"),
    (b"* ESEARCH UID ALL 5", b"* ESEARCH UID ALL 5"),
    (b'* SEARCH (TAG "k12")', b'* SEARCH (TAG "k12")'),
]
CODES = [
    (Code(b"INPROGRESS", b'("k13" 1 2)'), Code(b"INPROGRESS", b'("A001" 1 2)')),
    (Code(b"INPROGRESS", b'("k12" 1 2)'), Code(b"INPROGRESS")),
    (Code(b"INPROGRESS", b'("k99" 1 NIL)'), Code(b"INPROGRESS")),
    (Code(b"INPROGRESS", b"(NIL 1 2)"), Code(b"INPROGRESS", b"(NIL 1 2)")),
    (Code(b"INPROGRESS"), Code(b"INPROGRESS")),
    (Code(b"X-OTHER", b'("k13" 1 2)'), Code(b"X-OTHER", b'("k13" 1 2)')),
]


@pytest.mark.parametrize("octets, expected", DATA)
def test_in_data(octets, expected):
    assert in_data(octets, TAGS.get) == expected


@pytest.mark.parametrize("octets", [b'* ESEARCH (TAG "k12") UID ALL 5,7:9\r\n'])
def test_the_first_piece_holds_the_correlator(octets):
    for parts in every_cut(octets):
        collector = Collector(make(whole_line=1))
        for part in parts:
            collector.feed(part)
        passed = in_data(collector.pieces[0].octets, TAGS.get)
        assert passed.startswith(b'* ESEARCH (TAG "a]1")')


@pytest.mark.parametrize("code, expected", CODES)
def test_in_code(code, expected):
    assert in_code(code, TAGS.get) == expected
