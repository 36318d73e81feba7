"""mail_check - has engines check a mail: antivirus, antispam, verdict-cache -> findings.

In the parent, for a proxy (ConfigurationError where a path cannot be reached by children):

    checker = MailChecker(antivirus_sections, antispam_sections, log, chroot_dir, verdict_cache)

In a session, for a mail:

    mail = Content.of("mail", octets, fd)           fd: of a file that holds exactly these octets
    check = checker.check(checks, mail, readings, resolution)
    while not check.over:
        ...poll for check.wants() beside what else is waited for...
        check.step(fds_that_are_ready)              () when only time has passed
    check.findings                                  Findings(virus_status, virus_name, spam_score)
    check.close()                                   at any time; gives up what is under way

or `check.finish(stop_fd)`, which blocks.  A check that needs no engine is over at once.

`checks` is what the ACL wants, section/checks.py.  `readings` are the documents that are
decoded where a mail can be read in two ways (kernun_common/content.py); each antivirus engine
gets the mail and all of them.  Every engine works at the same time as the others, so a check
takes as long as the slowest, and that has the times of its sock-opt.  An engine that the
verdict-cache knows the answer of is not asked.

Each want is a descriptor, poll's mask and a deadline (kernun_common/steps.py).  `step` may be
called at any time, and has to be when a deadline has come.
See also: antivirus(7), kernun_common/antivirus/engine.py, kernun_common/antispam/engine.py.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from functools import cached_property
from typing import (
    Any,
    Callable,
    Collection,
    Dict,
    Iterable,
    List,
    NamedTuple,
    Optional,
    TypeVar,
    Union,
)

from kernun_common.acl.facts import Resolution
from kernun_common.antispam import engine as antispam
from kernun_common.antispam import messages as antispam_messages
from kernun_common.antispam.section import Antispam
from kernun_common.antivirus import engine as antivirus
from kernun_common.antivirus import messages as antivirus_messages
from kernun_common.antivirus.combine import ORDERS, combine
from kernun_common.antivirus.section import Antivirus
from kernun_common.antivirus.status import Status, Verdict
from kernun_common.content import Content
from kernun_common.errors import Unavailable
from kernun_common.log.sinks import Log
from kernun_common.netio.shape import UNSHAPED, Shape
from kernun_common.steps import Steps, Together, Want
from kernun_common.traffic_shaping.section import Queue
from kernun_common.verdict_cache import entry
from kernun_common.verdict_cache.cache import Cache
from kernun_common.verdict_cache.section import VerdictCache

from . import VERSION
from .section.checks import Checks

T = TypeVar("T")

_SPAM = "antispam"  # the key of its score; verdicts have numbers


class Findings(NamedTuple):
    """What an ACL may ask of a mail; the score in thousandths, None: unknown."""

    virus_status: Status = Status.SKIPPED
    virus_name: Optional[str] = None
    spam_score: Optional[int] = None


@dataclass(frozen=True)
class Mail:
    """What is checked: the mail, and the documents that are decoded from it.

    And how it gets to the engines: by names and queues.
    """

    raw: Content
    readings: Collection[Content]
    resolution: Resolution
    to_antivirus: Shape = UNSHAPED
    to_antispam: Shape = UNSHAPED

    @cached_property
    def digest(self) -> bytes:
        return entry.digest(self.raw.pieces())

    @property
    def contents(self) -> List[Content]:
        return [self.raw, *self.readings]


class Record:
    """The place in the verdict-cache of what one engine says of one mail."""

    def __init__(
        self, cache: Optional[Cache] = None, key: bytes = b"", resolution: Resolution = {}
    ) -> None:
        self._cache = cache
        self._key = key
        self._resolution = resolution

    def get(self, decode: Callable[[bytes], Optional[T]]) -> Optional[T]:
        octets = self._cache.get(self._key, self._resolution) if self._cache is not None else None
        return decode(octets) if octets is not None else None

    def put(self, octets: Optional[bytes]) -> None:
        """None: there is nothing to keep."""
        if self._cache is not None and octets is not None:
            self._cache.put(self._key, octets, self._resolution)


NO_RECORD = Record()


class MailChecker:
    """See the file's first lines."""

    def __init__(
        self,
        antivirus_sections: Iterable[Antivirus],
        antispam_sections: Iterable[Antispam],
        log: Log,
        root: Optional[str] = None,
        cache: Optional[VerdictCache] = None,
        shape: Callable[[Optional[Queue]], Shape] = lambda queue: UNSHAPED,
    ) -> None:
        self._antivirus = {it.name: antivirus.Engine(it, root) for it in antivirus_sections}
        self._antispam = {it.name: antispam.Engine(it) for it in antispam_sections}
        self._cache = Cache(cache, log, root) if cache is not None else None
        self._log = log
        self._shape = shape

    def check(
        self, checks: Checks, mail: Content, readings: Collection[Content], resolution: Resolution
    ) -> MailCheck:
        """Begun; it goes on by its `step`."""
        shapes = self._shape(checks.to_antivirus), self._shape(checks.to_antispam)
        subject = Mail(mail, readings, resolution, *shapes)
        check = MailCheck(checks.mode)
        for number, use in enumerate(checks.antivirus):
            if use.enable is not None:
                check.start(number, self._virus(use.enable.name, use.size, subject))
        spam = checks.antispam
        if spam is not None and spam.enable is not None:
            check.start(_SPAM, self._spam(spam.enable.name, spam.size, subject))
        check.step()
        return check

    def _virus(self, name: str, limit: Optional[int], mail: Mail) -> Steps[Verdict]:
        engine, began = self._antivirus[name], time.monotonic()
        record = yield from self._virus_record(engine, limit, mail)
        verdict = kept = record.get(entry.verdict_of)
        if verdict is None:
            verdict = yield from engine.check(
                mail.contents, limit, mail.resolution, mail.to_antivirus
            )
            record.put(entry.of_verdict(verdict))
        self._tell_of_verdict(name, verdict, kept is not None, time.monotonic() - began)
        return verdict

    def _virus_record(
        self, engine: antivirus.Engine, limit: Optional[int], mail: Mail
    ) -> Steps[Record]:
        """What engine and mail are to the cache; for an engine that is down it is of no use."""
        most = engine.most(limit)
        if self._cache is None or mail.raw.exceeds(most):
            return NO_RECORD
        try:
            version = yield from engine.version(mail.resolution, mail.to_antivirus)
        except Unavailable:
            return NO_RECORD
        readings = [content.name.encode() for content in mail.readings]
        more = (version or b"", str(most).encode(), *readings)
        return self._record(engine.identity, mail, *more)

    def _record(self, identity: str, mail: Mail, *more: bytes) -> Record:
        if self._cache is None:
            return NO_RECORD
        of = (VERSION.encode(), identity.encode(), mail.digest)
        return Record(self._cache, entry.key(*of, *more), mail.resolution)

    def _tell_of_verdict(self, name: str, verdict: Verdict, cached: bool, seconds: float) -> None:
        status, virus = verdict.status, verdict.virus
        self._log.write(
            antivirus_messages.VERDICT,
            antivirus=name,
            status=status,
            virus=virus,
            cached=cached,
            time=seconds,
        )
        if status is Status.FOUND:
            self._log.write(
                antivirus_messages.VIRUS_FOUND, antivirus=name, virus=virus, content=verdict.content
            )
        elif status in (Status.UNKNOWN, Status.ERROR):
            self._log.write(
                antivirus_messages.UNCHECKED, antivirus=name, status=status, reason=verdict.reason
            )

    def _spam(self, name: str, limit: Optional[int], mail: Mail) -> Steps[Optional[int]]:
        engine, began = self._antispam[name], time.monotonic()
        skips = limit is not None and mail.raw.exceeds(limit)
        record = NO_RECORD if skips else self._record(engine.identity, mail)
        try:
            score = kept = record.get(entry.score_of)
            if score is None:
                score = yield from engine.check(
                    mail.raw, limit, mail.resolution, mail.to_antispam
                )
                record.put(entry.of_score(score))
        except Unavailable as failure:
            self._log.write(
                antispam_messages.UNCHECKED, antispam=name, reason=failure.what
            )
            return None
        self._log.write(
            antispam_messages.SCORE,
            antispam=name,
            score=score,
            cached=kept is not None,
            time=time.monotonic() - began,
        )
        return score


class MailCheck:
    """One check under way; see the file's first lines."""

    def __init__(self, mode: str) -> None:
        self._order = ORDERS[mode]
        self._together: Together[Union[int, str], Any] = Together()
        self._results: Dict[Union[int, str], Any] = {}

    def start(self, key: Union[int, str], steps: Steps) -> None:
        self._together.start(key, lambda: steps)

    @property
    def over(self) -> bool:
        return not self._together

    @property
    def findings(self) -> Findings:
        """Complete when it is over."""
        score = self._results.get(_SPAM)
        verdicts = [self._results[key] for key in sorted(self._results.keys() - {_SPAM})]
        verdict = combine(verdicts, self._order)
        return Findings(verdict.status, verdict.virus, score)

    def wants(self) -> List[Want]:
        return self._together.wants()

    def step(self, ready: Collection[int] = ()) -> bool:
        """Go on; is it over?"""
        self._results.update(self._together.step(ready))
        return self.over

    def finish(self, stop_fd: Optional[int] = None) -> bool:
        """Go on to the end, or until the program ends; is it over?"""
        while not self.over and not self._together.stopped:
            self._results.update(self._together.wait(math.inf, stop_fd))
        return self.over

    def close(self) -> None:
        self._together.close()
