"""record: words survive the way through memory, harmless and never too long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.monitoring.record import (
    CHARS,
    LAYERS,
    RESULTS,
    Data,
    Limits,
    Record,
    brief,
    cut,
    decode,
    encode,
    printable,
)
from kernun_common.monitoring.section import Monitoring

LIMITS = Monitoring().limits
FULL = Record(
    client="[192.0.2.7]:40312",
    server="[192.0.2.44]:143",
    host="imap.example.org",
    user="alice",
    state="selected",
    command="FETCH",
    data="INBOX",
    client_tls="TLSv1.3 TLS_AES_256_GCM_SHA384",
    server_tls="TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256",
    acls=("STAFF", "", "ADMINS"),
)


@pytest.mark.parametrize("record", [Record(), FULL, Record(client="ž"), Record(acls=("A",))])
def test_there_and_back(record):
    assert decode(encode(record, LIMITS)) == record


def test_a_brief_record():
    record = Record(client="[192.0.2.7]:40312", state="connecting")
    assert brief(record.client, record.state) == encode(record, LIMITS)
    assert decode(brief("", "")) == Record()


SHOWN = [
    # what a peer chose, what is shown
    ("plain", "plain"),
    ("two\nlines\r\n", "two?lines??"),
    ("\x1b[2Jgone", "?[2Jgone"),
    ("a\u202egnp.exe", "a?gnp.exe"),
    ("\0\x7f\x80", "???"),
    ("žluť <b>", "žluť <b>"),
    ("\ud800", "?"),
]


@pytest.mark.parametrize("text, shown", SHOWN)
def test_printable(text, shown):
    assert printable(text) == shown


CUTS = [
    # chars, tail, the text, what is shown of it
    (10, 3, "short", "short"),
    (10, 3, "0123456789", "0123456789"),
    (10, 3, "0123456789a", "0123...89a"),
    (10, None, "0123456789a", "0123456..."),
    (4, None, "abcdefgh", "a..."),
]


@pytest.mark.parametrize("chars, tail, text, shown", CUTS)
def test_longer_data(chars, tail, text, shown):
    assert Data(chars, tail).cut(text) == shown


def test_words_are_cut():
    long = "x" * 1000
    limits = Limits(5, Data(20, 4))
    record = decode(encode(Record(client=long, user="catherine", data=long, acls=(long,)), limits))
    assert record.user == "cath+" and record.data == "x" * 13 + "..." + "xxxx"
    assert len(record.client) == len(record.acls[0]) == CHARS and record.client.endswith("x+")
    assert cut("12345", 5) == "12345" and cut("123456", 5) == "1234+"


TEXT = st.text(max_size=300)


@given(st.builds(Record, *[TEXT] * 9, st.lists(TEXT, max_size=2 * LAYERS).map(tuple)))
def test_no_record_is_longer_than_its_room(record):
    octets = encode(record, LIMITS)
    assert len(octets) <= LIMITS.octets
    shown = decode(octets)
    assert all(word.isprintable() for word in (shown.client, shown.user, shown.data, *shown.acls))
    assert encode(shown, LIMITS) == octets


def test_the_longest_record_fits():
    long = "\U0001f4e7" * CHARS
    words = [long] * 9
    words[3], words[6] = long[: LIMITS.user], "\U0001f4e7" * LIMITS.data.chars
    assert len(encode(Record(*words, (long,) * LAYERS), LIMITS)) == LIMITS.octets - 1


@pytest.mark.parametrize("octets", [b"", b"a\nb", b"\n" * 7, b"\xff" + b"\n" * 9])
def test_what_is_no_record(octets):
    with pytest.raises(ValueError):
        decode(octets)


def test_results():
    assert RESULTS == ("ACCEPTED", "REJECTED", "FAILED")
