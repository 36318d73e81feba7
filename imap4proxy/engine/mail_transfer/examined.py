"""examined - the mails of a mailbox that this session has examined, so that it does so once.

    examined.at(mailbox, uidvalidity)      forgets those of other mailboxes, and of other UIDs
    examined.get(uid)           -> Examined, or None: it has to be fetched (again)
    examined.add(uid, verdict)  -> Examined; None: the result is not what it was before
    examined.changed(uid)          was what passes of it another mail than the server's?

Least recently used out first; the length and hash of what passed stay known, because
parts that a client has of one result must never be mixed with those of another.
Spec 2.5.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Dict, Hashable, Iterator, NamedTuple, Tuple

from .verdict import Verdict

MOST = 256 << 20  # octets of mails that are kept; they lie in files but for mail-pool's memory
MOST_MAILS = 256  # each has a structure in memory, ...
MOST_FIELDS = 100_000  # ... of header fields, which are most of it: some 500 octets each


class Trace(NamedTuple):
    """What stays known of a mail."""

    length: int
    digest: bytes
    changed: bool
    denied: bool


@dataclass(frozen=True, slots=True)
class Examined:
    uid: int
    verdict: Verdict


class ExaminedMails:
    def __init__(self) -> None:
        self._key: Tuple[Hashable, ...] = ()
        self._kept: OrderedDict[int, Examined] = OrderedDict()
        self._traces: Dict[int, Trace] = {}
        self._octets = 0
        self._fields = 0

    def at(self, *key: Hashable) -> None:
        """What tells the UIDs that are valid from now on from all others."""
        if key != self._key:
            self._key = key
            for uid in list(self._kept):
                self._forget(uid)
            self._traces.clear()

    def __bool__(self) -> bool:
        return bool(self._traces)

    def __iter__(self) -> Iterator[int]:
        """The UIDs of all that was examined."""
        return iter(self._traces)

    def get(self, uid: int) -> Examined | None:
        found = self._kept.get(uid)
        if found is not None:
            self._kept.move_to_end(uid)
        return found

    def changed(self, uid: int) -> bool:
        trace = self._traces.get(uid)
        return trace is not None and trace.changed

    def add(self, uid: int, verdict: Verdict) -> Examined | None:
        """None: `verdict` differs from what was given out before; it is dropped."""
        trace = Trace(len(verdict.mail), verdict.mail.digest, verdict.changed, verdict.denied)
        known = self._traces.setdefault(uid, trace)
        if known != trace:
            verdict.mail.release()
            return None
        self._forget(uid)
        examined = self._kept[uid] = Examined(uid, verdict)
        self._octets += trace.length
        self._fields += verdict.fields
        while len(self._kept) > 1 and self._too_much:
            self._forget(next(iter(self._kept)))
        return examined

    @property
    def _too_much(self) -> bool:
        return (
            self._octets > MOST or len(self._kept) > MOST_MAILS or self._fields > MOST_FIELDS
        )

    def _forget(self, uid: int) -> None:
        old = self._kept.pop(uid, None)
        if old is not None:
            self._octets -= len(old.verdict.mail)
            self._fields -= old.verdict.fields
            old.verdict.mail.release()
