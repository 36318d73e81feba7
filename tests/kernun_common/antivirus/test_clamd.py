"""clamd: what is sent, and what answers mean, whole and at every cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.antivirus import clamd
from kernun_common.antivirus.status import FREE, Status, Verdict
from kernun_common.errors import Unavailable
from kernun_common.netio.script import Passing
from tests.fuzz.growth import STEEP, Unit, growth
from tests.support.cuts import every_cut
from tests.support.scripted import play

LIMIT = Verdict(Status.UNKNOWN, reason="larger than the engine takes")

ANSWERS = [
    (b"stream: OK\0", FREE),
    (b"/pool/mail-1: OK\0", FREE),
    (b"fd[10]: OK\0", FREE),
    (b"stream: Eicar-Test-Signature FOUND\0", Verdict(Status.FOUND, "Eicar-Test-Signature")),
    (b"stream: OK FOUND\0", Verdict(Status.FOUND, "OK")),
    (b"stream: a: OK FOUND\0", Verdict(Status.FOUND, "a: OK")),
    (b"stream:  FOUND\0", Verdict(Status.FOUND, None)),
    (b"stream: a\nb\x1b FOUND\0", Verdict(Status.FOUND, "a?b?")),
    (b"stream: OK\0stream: X FOUND\0", FREE),
    (b"INSTREAM size limit exceeded. ERROR\0", LIMIT),
]
NONSENSE = [
    b"\0",
    b"OK\0",
    b"stream: ok\0",
    b"stream: OK \0",
    b"stream: FOUND\0",
    b"UNKNOWN COMMAND\0",
    b"/pool/mail-1: lstat() failed: No such file or directory. ERROR\0",
    b"stream: OK",  # it ended
    b"stream: OK\n",
    b"",
    b"* OK [CAPABILITY IMAP4rev1] ready\r\n",
    b"x" * 100_000,
]
INSTREAM = [b"zINSTREAM\0", b"\0\0\0\3abc", b"\0\0\0\2de", b"\0\0\0\0"]


def instream():
    return clamd.instream(iter([b"abc", b"de"]))


@pytest.mark.parametrize("octets, verdict", ANSWERS)
def test_answer_at_every_cut(octets, verdict):
    for parts in every_cut(octets):
        assert play(instream(), parts) == (verdict, INSTREAM)


@pytest.mark.parametrize("unit", [b": ", b" FOUND", b": OK", b"x"])
def test_the_work_grows_with_the_size(unit):
    octets = Unit(b"stream: ", unit, b"\n")
    assert growth(clamd.verdict, octets, size=8000) < STEEP


@pytest.mark.parametrize("octets, verdict", ANSWERS)
def test_answer_before_all_is_sent(octets, verdict):
    got, sent = play(instream(), [octets], early=True)
    assert (got, sent) == (verdict, INSTREAM[:1])


@pytest.mark.parametrize("octets", NONSENSE)
@pytest.mark.parametrize("early", [False, True])
def test_nonsense(octets, early):
    parts = [octets[at:at + 999] for at in range(0, len(octets), 999)]
    for script in (instream(), clamd.scan("/pool/mail-1"), clamd.fildes(3), clamd.version()):
        with pytest.raises(Unavailable) as failure:
            play(script, parts, early)
        assert len(failure.value.what) < 1000


SENT = [
    (clamd.fildes(7), b"fd[7]: OK\0", [b"zFILDES\0", Passing(b"\0", 7)]),
    (clamd.scan("/pool/mail-1"), b"/pool/mail-1: OK\0", [b"zSCAN /pool/mail-1\0"]),
]


@pytest.mark.parametrize("script, octets, sent", SENT, ids=["FILDES", "SCAN"])
def test_what_is_sent(script, octets, sent):
    assert play(script, [octets]) == (FREE, sent)


def test_version():
    for parts in every_cut(b"ClamAV 1.0.7/27463/Sun Nov 17 09:30:46 2024\0"):
        version, sent = play(clamd.version(), parts)
        assert version == b"ClamAV 1.0.7/27463/Sun Nov 17 09:30:46 2024"
        assert sent == [b"zVERSION\0"]


def test_nothing_to_send():
    assert play(clamd.instream(iter([])), [b"stream: OK\0"])[1] == [INSTREAM[0], INSTREAM[-1]]


WORDS = [b"stream", b": ", b"OK", b" FOUND", b" ERROR", b"\0", b" size limit exceeded.", b"X"]


@given(octets=st.lists(st.sampled_from(WORDS) | st.binary(max_size=20)), early=st.booleans())
def test_any_octets_are_a_verdict_or_nothing(octets, early):
    parts = [part for part in octets if part]
    try:
        answer, _ = play(instream(), parts, early)
    except Unavailable:
        return
    assert isinstance(answer, Verdict)
