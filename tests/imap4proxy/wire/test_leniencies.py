"""Each leniency, by the octets that need it: what is forgiven, and what goes on."""

import pytest

from imap4proxy.wire.leniencies import Leniency
from imap4proxy.wire.status import Status, encode
from tests.support.cuts import every_cut
from tests.support.reading import Response, read

CASES = [
    # octets, leniency, what the client gets
    (b"* OK\r\n", Leniency.EMPTY_TEXT, b"* OK \r\n"),
    (b"* BYE\r\n", Leniency.EMPTY_TEXT, b"* BYE \r\n"),
    (b"k1 NO \r\n", Leniency.EMPTY_TEXT, b"k1 NO \r\n"),
    (b"k1 OK [READ-ONLY]\r\n", Leniency.EMPTY_TEXT, b"k1 OK [READ-ONLY] \r\n"),
    (b"k1 OK [READ-ONLY] \r\n", Leniency.EMPTY_TEXT, b"k1 OK [READ-ONLY] \r\n"),
    (b"k1 NO No \xc3\xa9t\xe9\r\n", Leniency.EIGHT_BIT_TEXT, b"k1 NO No \xc3\xa9t\xe9\r\n"),
    (b"k1 OK [X-QUOTA (1 2)] x\r\n", Leniency.UNKNOWN_CODE, b"k1 OK [X-QUOTA (1 2)] x\r\n"),
    (b"* OK [UNSEEN 0] none\r\n", Leniency.UNKNOWN_CODE, b"* OK [UNSEEN 0] none\r\n"),
    (b"* FLAGS (\\Seen [x] \\*)\r\n", Leniency.UNKNOWN_FLAG, b"* FLAGS (\\Seen [x] \\*)\r\n"),
    (b'* FLAGS ("\\\\X" a)\r\n', Leniency.UNKNOWN_FLAG, b'* FLAGS ("\\\\X" a)\r\n'),
    (b'* LIST (Noselect) "/" a\r\n', Leniency.UNKNOWN_FLAG, b'* LIST (Noselect) "/" a\r\n'),
    (b"* 1 FETCH (FLAGS (a]))\r\n", Leniency.UNKNOWN_FLAG, b"* 1 FETCH (FLAGS (a]))\r\n"),
    (b"* 1 FETCH (X-A (1 (2)))\r\n", Leniency.UNKNOWN_ITEM, b"* 1 FETCH (X-A (1 (2)))\r\n"),
    (b"* 1 FETCH (ANN[1.2] NIL)\r\n", Leniency.UNKNOWN_ITEM, b"* 1 FETCH (ANN[1.2] NIL)\r\n"),
    (b"* SEARCH 2 3 \r\n", Leniency.TRAILING_BLANK, b"* SEARCH 2 3\r\n"),
    (b"* SEARCH  \r\n", Leniency.TRAILING_BLANK, b"* SEARCH\r\n"),
    (b"* STATUS a (MESSAGES 1) \r\n", Leniency.TRAILING_BLANK, b"* STATUS a (MESSAGES 1)\r\n"),
    (b"* FLAGS (\\Seen )\r\n", Leniency.TRAILING_BLANK, b"* FLAGS (\\Seen)\r\n"),
    (b"* FLAGS (\\Seen) \r\n", Leniency.TRAILING_BLANK, b"* FLAGS (\\Seen)\r\n"),
    (b"* FLAGS ( )\r\n", Leniency.TRAILING_BLANK, b"* FLAGS ()\r\n"),
    (b"* 1 FETCH (FLAGS (a  ))\r\n", Leniency.TRAILING_BLANK, b"* 1 FETCH (FLAGS (a))\r\n"),
    (b"* OK [CAPABILITY IDLE ] x\r\n", Leniency.TRAILING_BLANK, b"* OK [CAPABILITY IDLE] x\r\n"),
    (b"* FLAGS NIL\r\n", Leniency.NIL_LIST, b"* FLAGS ()\r\n"),
    (b'* LIST nil "/" a\r\n', Leniency.NIL_LIST, b'* LIST () "/" a\r\n'),
    (b"* 1 FETCH (FLAGS NIL)\r\n", Leniency.NIL_LIST, b"* 1 FETCH (FLAGS ())\r\n"),
    (b'* LSUB () "/" "\xe9"\r\n', Leniency.EIGHT_BIT_STRING, b'* LSUB () "/" {1}\r\n\xe9\r\n'),
    (
        b'* ID ("name" "a\\"\xe9\\\\")\r\n',
        Leniency.EIGHT_BIT_STRING,
        b'* ID ("name" {4}\r\na"\xe9\\)\r\n',
    ),
    (
        b'* 1 FETCH (ENVELOPE ("x" "\xc3\xa9" ((NIL)(NIL))) UID 5)\r\n',
        Leniency.EIGHT_BIT_STRING,
        b'* 1 FETCH (ENVELOPE ("x" {2}\r\n\xc3\xa9 ((NIL)(NIL))) UID 5)\r\n',
    ),
    (
        b'* 1 FETCH (BODY[1] "\xe9")\r\n',
        Leniency.EIGHT_BIT_STRING,
        b"* 1 FETCH (BODY[1] {1}\r\n\xe9)\r\n",
    ),
    (
        b'k1 NO [BADCHARSET ("\xe9")] x\r\n',
        Leniency.EIGHT_BIT_STRING,
        b"k1 NO [BADCHARSET ({1}\r\n\xe9)] x\r\n",
    ),
    (b"+\r\n", Leniency.BARE_PLUS, b""),
    (b"* CAPABILITY IDLE \r\n", Leniency.TRAILING_BLANK, (b"IDLE",)),
]


def passed_on(piece):
    if isinstance(piece, Response):
        return piece.octets
    if isinstance(piece, Status):
        return encode(piece)
    return piece.text if hasattr(piece, "text") else piece.words


@pytest.mark.parametrize("octets, leniency, passed", CASES)
def test_leniency(octets, leniency, passed):
    for limits in ({}, {"whole_line": 1}):
        for parts in every_cut(octets):
            (piece,) = read(parts, **limits)
            assert set(piece.lenient) == {leniency}
            assert passed_on(piece) == passed


def test_every_leniency_has_a_case():
    assert {leniency for _, leniency, _ in CASES} == set(Leniency)


@pytest.mark.parametrize("octets, leniency, passed", CASES)
def test_what_goes_on_needs_no_further_correction(octets, leniency, passed):
    corrected = {Leniency.TRAILING_BLANK, Leniency.EIGHT_BIT_STRING, Leniency.NIL_LIST}
    if isinstance(passed, bytes) and passed:
        (piece,) = read([passed])
        assert not corrected & set(piece.lenient)
        assert passed_on(piece) == passed
