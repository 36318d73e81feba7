"""icap: what is sent with and without preview, and what answers mean, at every cut."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.antivirus import icap
from kernun_common.antivirus.icap import Options, Service
from kernun_common.antivirus.status import FREE, Status, Verdict
from kernun_common.configuration.types import Host
from kernun_common.errors import Unavailable
from tests.support.cuts import every_cut
from tests.support.scripted import play

HERE = Service(Host(address=ip_address("127.0.0.1")), 1344, "avscan")
FOUND = Verdict(Status.FOUND, "Eicar")
CHANGED = Verdict(Status.UNKNOWN, reason="the engine changed the mail, and told of no virus")

MAIL = [b"abc", b"defg", b"h"]
GO_ON = b"ICAP/1.0 100 Continue\r\n\r\n"
UNMODIFIED = b"ICAP/1.0 204 Unmodified\r\nISTag: \"a\"\r\n\r\n"
VIRUS = (
    b"ICAP/1.0 200 OK\r\nX-Infection-Found: Type=0; Resolution=2; Threat=Eicar;\r\n"
    b"Encapsulated: res-hdr=0, res-body=26\r\n\r\nHTTP/1.0 403 Forbidden\r\n\r\n"
    b"2\r\nno\r\n0\r\n\r\n"
)


def modified(body, line=b"HTTP/1.1 200 OK\r\n\r\n"):
    parts = b"res-hdr=0, res-body=%d" % len(line)
    chunk = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    return b"ICAP/1.0 200 OK\r\nEncapsulated: " + parts + b"\r\n\r\n" + line + chunk


VERDICTS = [
    (UNMODIFIED, FREE),
    (VIRUS, FOUND),
    (UNMODIFIED.replace(b"ISTag", b"X-Infection-Found"), Verdict(Status.FOUND)),
    (modified(b"abcdefgh"), FREE),
    (modified(b"abcdefgX"), CHANGED),
    (modified(b"abcdefghi"), CHANGED),
    (modified(b"abcdefgh", b"HTTP/1.1 403 Forbidden\r\n\r\n"), CHANGED),
    (b"ICAP/1.0 200 OK\r\nEncapsulated: null-body=0\r\n\r\n", CHANGED),
    (b"ICAP/1.0 200 OK\r\nX-Virus-ID: Eicar\r\n\r\n", FOUND),
]
NONSENSE = [
    b"",
    UNMODIFIED[:-1],
    b"ICAP/1.0 404 Service not found\r\n\r\n",
    b"ICAP/1.0 500 Server error\r\n\r\n",
    b"ICAP/1.0 503 Service overloaded\r\nX-Infection-Found: Threat=A;\r\n\r\n",
    b"ICAP/1.0 206 Partial Content\r\n\r\n",
    b"HTTP/1.1 400 Bad Request\r\n\r\n",
    GO_ON + GO_ON + UNMODIFIED,
    b"220 mail.example.org ESMTP\r\n\r\n",
    modified(b"abc")[:-8],
    b"x" * 100_000,
]


def respmod(preview=None, pieces=MAIL):
    return icap.respmod(HERE, Options(preview, None), lambda: iter(pieces), "message/rfc822")


@pytest.mark.parametrize("octets, verdict", VERDICTS)
@pytest.mark.parametrize("preview", [None, 0, 4, 8, 100])
def test_verdict_at_every_cut(octets, verdict, preview):
    for parts in every_cut(octets):
        assert play(respmod(preview), parts)[0] == verdict


@pytest.mark.parametrize("octets, verdict", VERDICTS)
@pytest.mark.parametrize("preview", [None, 0, 4])  # None: it goes on where nobody has waited
def test_verdict_behind_a_preview(octets, verdict, preview):
    for parts in every_cut(GO_ON + octets):
        assert play(respmod(preview), parts)[0] == verdict


@pytest.mark.parametrize("octets, verdict", VERDICTS)
def test_verdict_before_all_is_sent(octets, verdict):
    """Only a body that comes back has to be waited for, and for that the mail is sent."""
    for parts in every_cut(octets):
        assert play(respmod(), parts, early=True)[0] == verdict


def test_what_need_not_be_sent():
    _, sent = play(respmod(), [VIRUS], early=True)
    assert len(sent) == 1


@pytest.mark.parametrize("octets", NONSENSE)
@pytest.mark.parametrize("preview", [None, 4, 100])
@pytest.mark.parametrize("early", [False, True])
def test_nonsense(octets, preview, early):
    parts = [octets[at:at + 9999] for at in range(0, len(octets), 9999)]
    for script in (respmod(preview), icap.options(HERE)):
        if script.__name__ == "options" and b" 200 " in octets.partition(b"\r\n")[0]:
            script.close()
            continue
        with pytest.raises(Unavailable) as failure:
            play(script, parts, early)
        assert len(failure.value.what) < 1000


def test_more_is_wanted_than_there_is():
    with pytest.raises(Unavailable):
        play(respmod(8), [GO_ON, UNMODIFIED])


HEAD = (
    b"RESPMOD icap://127.0.0.1:1344/avscan ICAP/1.0\r\nHost: 127.0.0.1:1344\r\n"
    b"User-Agent: imap4-proxy\r\nConnection: close\r\nAllow: 204\r\n%b"
    b"Encapsulated: req-hdr=0, res-hdr=59, res-body=108\r\n\r\n"
    b"GET http://imap4-proxy/mail HTTP/1.1\r\nHost: imap4-proxy\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Type: message/rfc822\r\n\r\n"
)
SENT = [
    (None, MAIL, b"3\r\nabc\r\n" b"4\r\ndefg\r\n" b"1\r\nh\r\n" b"0\r\n\r\n"),
    (None, [], b"0\r\n\r\n"),
    (0, MAIL, b"0\r\n\r\n" b"3\r\nabc\r\n" b"4\r\ndefg\r\n" b"1\r\nh\r\n" b"0\r\n\r\n"),
    (4, MAIL, b"4\r\nabcd\r\n0\r\n\r\n" b"3\r\nefg\r\n" b"1\r\nh\r\n" b"0\r\n\r\n"),
    (7, MAIL, b"7\r\nabcdefg\r\n0\r\n\r\n" b"1\r\nh\r\n" b"0\r\n\r\n"),
    (8, MAIL, b"8\r\nabcdefgh\r\n0; ieof\r\n\r\n"),
    (9, MAIL, b"8\r\nabcdefgh\r\n0; ieof\r\n\r\n"),
    (9, [], b"0; ieof\r\n\r\n"),
]


@pytest.mark.parametrize("preview, pieces, body", SENT)
def test_what_is_sent(preview, pieces, body):
    is_whole = preview is not None and len(b"".join(pieces)) <= preview
    arrivals = [UNMODIFIED] if preview is None or is_whole else [GO_ON, UNMODIFIED]
    _, sent = play(respmod(preview, pieces), arrivals)
    field = b"" if preview is None else b"Preview: %d\r\n" % preview
    assert b"".join(sent) == HEAD % field + body
    assert HEAD.index(b"HTTP/1.1 200") - HEAD.index(b"GET ") == 59
    assert len(HEAD) - HEAD.index(b"GET ") == 108


OPTIONS = [
    (b"Methods: RESPMOD, REQMOD\r\n", Options(None, None)),
    (b"Methods: RESPMOD\r\nPreview: 1024\r\n", Options(1024, None)),
    (b"methods: respmod\r\nPreview: 0\r\n", Options(0, None)),
    (b"Methods: RESPMOD\r\nPreview: -1\r\n", Options(None, None)),
    (b"Methods: RESPMOD\r\nPreview: 999999999\r\n", Options(icap.MOST_PREVIEW, None)),
    (b'Methods: RESPMOD\r\nISTag: "CI0001-L5+="\r\n', Options(None, b"CI0001-L5+=")),
    (b"Methods: RESPMOD\r\nISTag: abc\r\n", Options(None, b"abc")),
    (b'Methods: RESPMOD\r\nISTag: ""\r\n', Options(None, None)),
    (b"Methods: RESPMOD\r\nISTag: " + b"a" * 300 + b"\r\n", Options(None, None)),
]


@pytest.mark.parametrize("fields, told", OPTIONS)
def test_options(fields, told):
    for parts in every_cut(b"ICAP/1.0 200 OK\r\n" + fields + b"\r\n"):
        assert play(icap.options(HERE), parts)[0] == told


@pytest.mark.parametrize("fields", [b"", b"Methods: REQMOD\r\n"])
def test_a_service_for_something_else(fields):
    with pytest.raises(Unavailable) as failure:
        play(icap.options(HERE), [b"ICAP/1.0 200 OK\r\n" + fields + b"\r\n"])
    assert "RESPMOD" in failure.value.what


URIS = [
    (Host(name="scan.example.org"), "a", "icap://scan.example.org:1344/a"),
    (Host(address=ip_address("2001:db8::1")), "a", "icap://[2001:db8::1]:1344/a"),
    (Host(name="a.example"), "srv?mode=1&x=2", "icap://a.example:1344/srv?mode=1&x=2"),
    (Host(name="a.example"), "a b\r\nX: y", "icap://a.example:1344/a%20b%0D%0AX:%20y"),
    (Host(name="a.example"), 'a"\0#%', "icap://a.example:1344/a%22%00%23%25"),
]


@pytest.mark.parametrize("host, name, uri", URIS)
def test_uri(host, name, uri):
    assert Service(host, 1344, name).uri == uri


WORDS = [
    *(GO_ON, UNMODIFIED, VIRUS, b"ICAP/1.0 200 OK\r\n", b"X-Virus-ID: a\r\n", b"\r\n"),
    *(b"Encapsulated: res-hdr=0, res-body=19\r\n", b"HTTP/1.1 200 OK\r\n\r\n"),
    *(b"abcdefgh", b"8\r\n", b"0\r\n\r\n"),
]


@given(octets=st.lists(st.sampled_from(WORDS) | st.binary(max_size=20)), early=st.booleans())
def test_any_octets_are_a_verdict_or_nothing(octets, early):
    parts = [part for part in octets if part]
    try:
        answer, _ = play(respmod(4), parts, early)
    except Unavailable:
        return
    assert isinstance(answer, Verdict)
