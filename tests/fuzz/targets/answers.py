"""Answers of spamd, clamd and ICAP servers: a result or Unavailable, whatever the cuts; bounded."""

from __future__ import annotations

from typing import Any, Callable, Iterable, List, Sequence

from kernun_common.antispam import spamd as spam
from kernun_common.antivirus import clamd as clam
from kernun_common.antivirus import icap as caps
from kernun_common.antivirus import icap_body, icap_head
from kernun_common.antivirus.icap import Options
from kernun_common.antivirus.status import LONGEST_NAME, Status, Verdict
from kernun_common.errors import Unavailable
from kernun_common.netio.script import Script
from tests.support.scripted import play

from ..target import Target, parts, same, segments

MAIL = (b"abc", b"defg", b"h")
LOGGED = 1000  # characters of a reason
SEGMENT = 8000  # octets of an endless answer that come at once

Make = Callable[[], Script[Any]]
Result = Callable[[Any], bool]  # is it one that the script may return?


def _outcome(script: Script[Any], arrivals: Sequence[bytes]) -> Any:
    """What it returns, or that it is Unavailable; the reason is for a log, and short."""
    try:
        return play(script, arrivals)[0]
    except Unavailable as error:
        assert len(error.what) < LOGGED
        return Unavailable


def _check(make: Make, octets: bytes, result: Result) -> Any:
    """The same whatever the cuts, and nothing else than it may be."""
    found = _outcome(make(), [octets] if octets else [])
    assert found is Unavailable or result(found), found
    for cut in parts(octets):
        same(_outcome(make(), cut), found, f"cut {list(map(len, cut))}")
        _check_early(make(), cut, result)
    return found


def _check_early(script: Script[Any], cut: Sequence[bytes], result: Result) -> None:
    """Where the server does not wait until it has all."""
    try:
        assert result(play(script, cut, early=True)[0])
    except Unavailable:
        pass


def check_bounded(make: Make, octets: bytes, longest: int) -> None:
    """An answer that never ends is given up."""
    script, taken = make(), 0
    piece = (octets or b"x") * (SEGMENT // max(1, len(octets)))
    try:
        outgoing = next(script)
        while taken <= longest + len(piece):
            taken += 0 if outgoing else len(piece)
            outgoing = script.send(b"" if outgoing else piece)
    except (Unavailable, StopIteration):
        return
    finally:
        script.close()
    raise AssertionError(f"{taken} octets were taken")


def _is_verdict(found: Any) -> bool:
    if not isinstance(found, Verdict) or found.status not in (
        Status.FOUND, Status.FREE, Status.UNKNOWN,
    ):  # fmt: skip
        return False
    name = found.virus
    return name is None or name.isprintable() and name.isascii() and 0 < len(name) <= LONGEST_NAME


# --- spamd -------------------------------------------------------------------------------------


def _spamd() -> Script[int]:
    return spam.check(iter(MAIL), 8, "alice")


def _is_score(found: Any) -> bool:
    return isinstance(found, int) and abs(found) <= spam.LARGEST


def check_spamd(octets: bytes) -> None:
    _check(_spamd, octets, _is_score)
    check_bounded(_spamd, octets, spam.LONGEST)


def seeds_spamd() -> Sequence[bytes]:
    from tests.kernun_common.antispam import test_spamd as tests

    return [*(octets for octets, _ in tests.SCORES), *_short(tests.NONSENSE)]


# --- clamd -------------------------------------------------------------------------------------

_WAYS: Sequence[Make] = (
    lambda: clam.instream(iter(MAIL)),
    lambda: clam.fildes(7),
    lambda: clam.scan("/pool/mail-1"),
)


def check_clamd(octets: bytes) -> None:
    found = {_check(make, octets, _is_verdict) for make in _WAYS}
    assert len(found) == 1, found
    _check(clam.version, octets, lambda one: isinstance(one, bytes) and one.isascii())
    for make in (*_WAYS, clam.version):
        check_bounded(make, octets, clam.LONGEST)


def seeds_clamd() -> Sequence[bytes]:
    from tests.kernun_common.antivirus import test_clamd as tests

    versions = [b"ClamAV 1.0.7/27463/Sun Nov 17 09:30:46 2024\0"]
    return [*(octets for octets, _ in tests.ANSWERS), *_short(tests.NONSENSE), *versions]


# --- ICAP --------------------------------------------------------------------------------------


def _service() -> Any:
    from tests.kernun_common.antivirus import test_icap as tests

    return tests.HERE


def _respmod(preview: int | None) -> Make:
    known = Options(preview, None)
    return lambda: caps.respmod(_service(), known, lambda: iter(MAIL), "message/rfc822")


def _options() -> Script[Options]:
    return caps.options(_service())


def _are_options(found: Any) -> bool:
    return isinstance(found, Options) and (found.preview or 0) <= caps.MOST_PREVIEW


def check_icap(octets: bytes) -> None:
    _check(_options, octets, _are_options)
    for preview in (None, 0, 4, 100):
        _check(_respmod(preview), octets, _is_verdict)
    longest = max(icap_head.LONGEST, icap_body.LONGEST_HEAD)
    check_bounded(_options, octets, longest)
    check_bounded(_respmod(None), octets, 2 * longest)


def seeds_icap() -> Sequence[bytes]:
    from tests.kernun_common.antivirus import test_icap as tests

    answers = [octets for octets, _ in tests.VERDICTS]
    options = [b"ICAP/1.0 200 OK\r\n" + fields + b"\r\n" for fields, _ in tests.OPTIONS]
    return [*answers, *(tests.GO_ON + octets for octets in answers), *options,
            *_short(tests.NONSENSE)]  # fmt: skip


def _short(octets: Iterable[bytes]) -> List[bytes]:
    return [one[:500] for one in octets]


def _work(make: Make) -> Callable[[bytes], object]:
    """In segments, as a large answer comes."""
    return lambda octets: play(make(), segments(octets))


_SPAMD = (b"SPAMD/1.1 0 EX_OK\r\n", b"Spam: True ; ", b" / 5.0", b"\r\n", b"\r\n\r\n", b"-", b"1.5",
          b"nan", b"9" * 10, b":", b";", b"/")  # fmt: skip
_CLAMD = (b"stream: ", b"OK", b" FOUND", b"\0", b" ERROR", b"size limit exceeded", b"\n", b": ",
          b"ClamAV ")  # fmt: skip
_ICAP = (b"ICAP/1.0 200 OK\r\n", b"ICAP/1.0 204 x\r\n", b"ICAP/1.0 100 Continue\r\n\r\n", b"\r\n",
         b"Encapsulated: res-hdr=0, res-body=19\r\n", b"HTTP/1.1 200 OK\r\n\r\n",
         b"8\r\nabcdefgh\r\n",
         b"X-Infection-Found: Type=0; Threat=a;\r\n", b"X-Violations-Found: 1\r\n\ta\r\n\tb\r\n",
         b"X-Virus-ID: a\r\n", b"0\r\n\r\n", b"0; ieof\r\n\r\n", b"Methods: RESPMOD\r\n", b" ",
         b";",
         b"Preview: 4\r\n", b"ffffffffffffffff\r\n", b"\r\n ", b"1\r\na\r\n")  # fmt: skip

SPAMD = Target(check_spamd, seeds_spamd, _SPAMD, longest=500, work=_work(_spamd))
CLAMD = Target(check_clamd, seeds_clamd, _CLAMD, longest=500, work=_work(_WAYS[0]), grown=1900)
ICAP = Target(check_icap, seeds_icap, _ICAP, longest=1000, work=_work(_respmod(None)))
