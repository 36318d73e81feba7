"""mail_work - what a session does with mails that are scanned: keep them, have them checked.

    work = MailWork(pool, checker, folders, resolution)
    event = work.save(action)               likewise reserve and quarantine: at once
    event = work.store(action, conn)        None: what has not come yet is work.storing
    event = work.check(action)              None: the engines have to be waited for
    work.wants, work.due                    ... for these descriptors, and no longer than that
    event = work.step(ready)                ... and then
    work.close()

Decides nothing.  Memory that is short is here what a disk that is full is: nothing passes for it.
See also: engine/actions.py, spool.py, mail_check.py, quarantine.py.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Callable, Collection, ContextManager, Iterable, List, Optional

from kernun_common.acl.facts import Resolution
from kernun_common.antivirus.status import Status
from kernun_common.content import Content
from kernun_common.errors import Unavailable
from kernun_common.mail_doc.decode import decoded
from kernun_common.mail_doc.octets import Octets
from kernun_common.mail_doc.readings import readings
from kernun_common.mail_doc.structure import Part
from kernun_common.netio.conn import Conn
from kernun_common.steps import Want

from .engine import actions
from .engine.events import Checked, Quarantined, Reserved, Stored
from .mail_check import Findings, MailCheck, MailChecker
from .quarantine import Folders
from .spool import Mail, MailPool, Writer

Sparing = Callable[[], ContextManager[None]]

SHORT = "memory is short"
ROUNDS = 16  # pieces of a mail in a row, before the other side and the clock have their turn


class MailWork:
    """Of one session; see the file's first lines."""

    def __init__(
        self,
        pool: Optional[MailPool],
        checker: Optional[MailChecker],
        folders: Folders,
        resolution: Resolution,
        sparing: Sparing = nullcontext,
    ) -> None:
        """`pool` and `checker` are None in a proxy that scans nothing."""
        self._mail_pool = pool
        self._checker = checker
        self._folders = folders
        self._resolution = resolution
        self._sparing = sparing
        self._reserved: Optional[Writer] = None
        self._check: Optional[MailCheck] = None
        self._decoded: List[Mail] = []  # for the check that is under way
        self.storing: Optional[Storing] = None

    @property
    def _pool(self) -> MailPool:
        assert self._mail_pool is not None
        return self._mail_pool

    # --- keeping -----------------------------------------------------------------------------

    def reserve(self, action: actions.Reserve) -> Reserved:
        try:
            self._reserved = self._pool.writer(action.octets)
        except Unavailable as failure:
            return Reserved(failure.what)
        return Reserved()

    def store(self, action: actions.Store, source: Conn) -> Optional[Stored]:
        writer, self._reserved = self._reserved, None
        reason = ""
        if writer is None:
            try:
                writer = self._pool.writer(len(action.octets) + action.rest)
            except Unavailable as failure:
                reason = failure.what
        self.storing = Storing(source, writer, action.rest, reason)
        self.storing.write(action.octets)
        return None if action.rest else self.stored()

    def stored(self) -> Stored:
        """All octets of `storing` have come."""
        storing, self.storing = self.storing, None
        assert storing is not None
        return storing.outcome()

    def save(self, action: actions.Save) -> Stored:
        try:
            writer = self._pool.writer(action.length, in_memory=not action.passing)
        except Unavailable as failure:
            return Stored(None, failure.what)
        storing = Storing(None, writer, 0, "")
        try:
            with self._sparing():
                for chunk in action.chunks:
                    storing.write(chunk)
        except MemoryError:  # for what a chunk is made of
            storing.give_up(SHORT)
        return storing.outcome()

    def quarantine(self, action: actions.Quarantine) -> Quarantined:
        try:
            self._folders.keep(action.folder, action.name, action.mail, action.record)
        except OSError as error:
            return Quarantined(f"{action.folder}: {error.strerror}")
        return Quarantined()

    # --- checking ----------------------------------------------------------------------------

    def check(self, action: actions.Check) -> Optional[Checked]:
        mail = action.mail
        assert isinstance(mail, Mail) and self._checker is not None
        content = Content.of("mail", mail.octets, mail.fd)
        try:
            with self._sparing():
                documents = self._documents(action) if action.checks.antivirus else []
            self._check = self._checker.check(action.checks, content, documents, self._resolution)
        except (OSError, Unavailable, MemoryError) as failure:  # nobody knows what is in it
            return self._unchecked(_reason(failure))
        return self._checked()

    def _documents(self, action: actions.Check) -> List[Content]:
        """What is in the mail, decoded, and all that it may be read as where that is in doubt.

        An engine that does not take the octets for a mail, because its header is short or odd,
        would look into none of its parts.
        """
        octets, structure = action.mail.octets, action.structure
        usual = [_document(octets, part) for part in structure.leaves()]
        return [*usual, *readings(octets, structure, action.limits, self._keep)]

    def _keep(self, chunks: Iterable[bytes]) -> Octets:
        """Until the check is over; OSError, Unavailable."""
        mail = self._pool.keep(chunks)
        self._decoded.append(mail)
        return mail.octets

    def _release_decoded(self) -> None:
        for mail in self._decoded:
            mail.release()
        self._decoded.clear()

    @property
    def wants(self) -> List[Want]:
        return self._check.wants() if self._check is not None else []

    def step(self, ready: Collection[int]) -> Optional[Checked]:
        """Go on with the check that is under way."""
        if self._check is None:
            return None
        try:
            self._check.step(ready)
        except MemoryError:
            self._check.close()
            self._check = None
            return self._unchecked(SHORT)
        return self._checked()

    def _unchecked(self, reason: str) -> Checked:
        self._release_decoded()
        return Checked(Findings(Status.ERROR), reason)

    def _checked(self) -> Optional[Checked]:
        check = self._check
        assert check is not None
        if not check.over:
            return None
        self._check = None
        self._release_decoded()
        return Checked(check.findings)

    def close(self) -> None:
        """The session is over, whatever was under way."""
        if self._check is not None:
            self._check.close()
        self._release_decoded()
        if self._mail_pool is not None:
            self._mail_pool.empty()


def _document(octets: Octets, part: Part) -> Content:
    name = f"part {'.'.join(map(str, part.address))}"
    return Content(name, lambda: decoded(octets, part.body, part.encoding))


def _reason(failure: OSError | Unavailable | MemoryError) -> str:
    if isinstance(failure, MemoryError):
        return SHORT
    if isinstance(failure, Unavailable):
        return failure.what
    return failure.strerror or str(failure)


class Storing:
    """Octets on their way into the pool; `left` are still to come.  As netio's Relay."""

    onward = False  # the other side of the session has nothing to do with it

    def __init__(
        self, source: Optional[Conn], writer: Optional[Writer], octets: int, reason: str
    ) -> None:
        """Without a writer, for that `reason`, what comes is thrown away."""
        self.writer = writer
        self.left = self.octets = octets
        self._source = source
        self._reason = reason

    def step(self) -> int:
        """Take what has come: how many octets.  PeerClosed and PeerError of the source."""
        source, before = self._source, self.left
        assert source is not None
        for _ in range(ROUNDS):
            if not self.left or not (source.ahead or source.read_ahead()):
                break
            view = source.take(self.left)
            self.left -= len(view)
            self.write(view)
        return before - self.left

    def write(self, octets: bytes | memoryview) -> None:
        if self.writer is None:
            return
        try:
            self.writer.write(octets)
        except OSError as error:  # the disk is full: the rest is still to be read
            self.give_up(error.strerror or str(error))
        except MemoryError:
            self.give_up(SHORT)

    def give_up(self, reason: str) -> None:
        """What comes from now on is thrown away."""
        if self.writer is not None:
            self.writer.abandon()
            self.writer, self._reason = None, reason

    def outcome(self) -> Stored:
        if self.writer is not None:
            try:
                return Stored(self.writer.mail())
            except OSError as error:
                self.give_up(error.strerror or str(error))
            except MemoryError:
                self.give_up(SHORT)
        return Stored(None, self._reason)
