"""spamd: what is sent, and what answers mean, whole and at every cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.antispam import spamd
from kernun_common.errors import Unavailable
from tests.support.cuts import every_cut
from tests.support.scripted import play

SPAM = b"SPAMD/1.1 0 EX_OK\r\nSpam: True ; 1000.0 / 5.0\r\n\r\n"


def answer(score, head=b"SPAMD/1.1 0 EX_OK\r\n"):
    return head + b"Spam: True ; " + score + b" / 5.0\r\n\r\n"


SCORES = [
    (SPAM, 1_000_000),
    (b"SPAMD/1.1 0 EX_OK\r\nContent-length: 10\r\nSpam: False ; 3.40 / 15.00\r\n\r\nX", 3400),
    (b"SPAMD/1.5 0\r\nspam: yes; 5/5\r\n\r\n", 5000),
    (answer(b"-2.6"), -2600),
    (answer(b"-0.0"), 0),
    (answer(b"0.0005"), 0),
    (answer(b"0.0015"), 2),
    (answer(b"4.9999"), 5000),
    (answer(b"4.9994"), 4999),
    (answer(b"999999999.999999999"), spamd.LARGEST),
    (answer(b"-999999999"), -spamd.LARGEST),
]
NONSENSE = [
    b"",
    b"\r\n\r\n",
    SPAM[:-1],
    b"SPAMD/1.1 76 Bad header line: User\r\n\r\n",
    b"SPAMD/1.0 EX_OK\r\nSpam: True ; 1.0 / 5.0\r\n\r\n",
    b"SPAMD/1.1 0 EX_OK\r\n\r\n",
    b"SPAMD/1.1 0 EX_OK\r\n\r\nSpam: True ; 1.0 / 5.0\r\n\r\n",
    b"SPAMD/1.1 0 EX_OK\r\nX-Spam: True ; 1.0 / 5.0\r\n\r\n",
    b"SPAMD/1.1 0 EX_OK\r\nSpam: True ; 1.0 / 5.0\r\nSpam: False ; 0.0 / 5.0\r\n\r\n",
    answer(b"nan"),
    answer(b"inf"),
    answer(b"1e9"),
    answer(b""),
    answer(b"1,5"),
    answer(b"+1"),
    answer(b"9" * 1000),
    answer("٣".encode()),
    b"HTTP/1.1 200 OK\r\nSpam: True ; 1.0 / 5.0\r\n\r\n",
    b"a" * 100_000,
]


def script(user=None):
    return spamd.check(iter([b"abc", b"de"]), 5, user)


@pytest.mark.parametrize("octets, score", SCORES)
def test_score_at_every_cut(octets, score):
    for parts in every_cut(octets):
        assert play(script(), parts)[0] == score


@pytest.mark.parametrize("octets", NONSENSE)
@pytest.mark.parametrize("early", [False, True])
def test_nonsense(octets, early):
    parts = [octets[at:at + 9999] for at in range(0, len(octets), 9999)]
    with pytest.raises(Unavailable) as failure:
        play(script(), parts, early)
    assert len(failure.value.what) < 1000


def test_an_answer_before_all_is_sent():
    head = b"CHECK SPAMC/1.5\r\nContent-length: 5\r\n\r\n"
    assert play(script(), [SPAM], early=True) == (1_000_000, [head])


USERS = [
    (None, b""),
    ("alice", b"User: alice\r\n"),
    ("alice@example.org", b"User: alice@example.org\r\n"),
    ("a\r\nTell: x", b"User: a%0D%0ATell:%20x\r\n"),
    ("a\0b", b"User: a%00b\r\n"),
    ('a"b', b'User: a"b\r\n'),
    ("100%", b"User: 100%25\r\n"),
    ("Šárka", b"User: %C5%A0%C3%A1rka\r\n"),
    ("\udcff", b"User: %FF\r\n"),
]


@pytest.mark.parametrize("user, line", USERS)
def test_what_is_sent(user, line):
    _, sent = play(script(user), [SPAM])
    head = b"CHECK SPAMC/1.5\r\nContent-length: 5\r\n" + line + b"\r\n"
    assert sent == [head, b"abc", b"de"]


WORDS = [
    *(b"SPAMD/1.1 0 EX_OK", b"\r\n", b"\r\n\r\n", b"Spam: True ; ", b"1.5", b" / 5.0"),
    *(b"-", b"9" * 10),
]


@given(octets=st.lists(st.sampled_from(WORDS) | st.binary(max_size=20)), early=st.booleans())
def test_any_octets_are_a_score_or_nothing(octets, early):
    parts = [part for part in octets if part]
    try:
        answer, _ = play(script(), parts, early)
    except Unavailable:
        return
    assert isinstance(answer, int)
