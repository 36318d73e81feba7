"""mail_check - has engines check a mail: antivirus, antispam, verdict-cache -> findings.

In the parent, for a proxy (ConfigurationError where a path cannot be reached by children):

    checker = MailChecker(antivirus_sections, antispam_sections, log, root=chroot_dir)

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
takes as long as the slowest, and that has the times of its sock-opt.

Each want is a descriptor, poll's mask and a deadline (kernun_common/steps.py).  `step` may be
called at any time, and has to be when a deadline has come.
See also: antivirus(7), kernun_common/antivirus/engine.py, kernun_common/antispam/engine.py.
"""

from __future__ import annotations

import math
import time
from typing import Any, Collection, Dict, Iterable, List, NamedTuple, Optional, Union

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
from kernun_common.steps import Steps, Together, Want

from .section.checks import Checks

_SPAM = "antispam"  # the key of its score; verdicts have numbers


class Findings(NamedTuple):
    """What an ACL may ask of a mail; the score in thousandths, None: unknown."""

    virus_status: Status = Status.SKIPPED
    virus_name: Optional[str] = None
    spam_score: Optional[int] = None


class Mail(NamedTuple):
    """What is checked: the mail, and the documents that are decoded from it."""

    raw: Content
    readings: Collection[Content]
    resolution: Resolution

    @property
    def contents(self) -> List[Content]:
        return [self.raw, *self.readings]


class MailChecker:
    """See the file's first lines."""

    def __init__(
        self,
        antivirus_sections: Iterable[Antivirus],
        antispam_sections: Iterable[Antispam],
        log: Log,
        root: Optional[str] = None,
    ) -> None:
        self._antivirus = {it.name: antivirus.Engine(it, root) for it in antivirus_sections}
        self._antispam = {it.name: antispam.Engine(it) for it in antispam_sections}
        self._log = log

    def check(
        self, checks: Checks, mail: Content, readings: Collection[Content], resolution: Resolution
    ) -> MailCheck:
        """Begun; it goes on by its `step`."""
        subject = Mail(mail, readings, resolution)
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
        verdict = yield from engine.check(mail.contents, limit, mail.resolution)
        self._tell_of_verdict(name, verdict, False, time.monotonic() - began)
        return verdict

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
        try:
            score = yield from engine.check(mail.raw, limit, mail.resolution)
        except Unavailable as failure:
            self._log.write(
                antispam_messages.UNCHECKED, antispam=name, reason=failure.what
            )
            return None
        self._log.write(
            antispam_messages.SCORE,
            antispam=name,
            score=score,
            cached=False,
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
