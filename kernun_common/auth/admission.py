"""admission - may this user log in here?  Locks after failures, a backend, the store, the log.

    admission = Admission(store, backend, log, section.name, notes)
    outcome = admission.login(address, name, password, resolution)
    outcome = admission.respond(address, challenge_id, answer, resolution)
    admission.logout(address, resolution)
    admission.user(address, resolution)             Login, or None
    admission.sweep(resolution)                     see store.py
    admission.key(resolution)                       see notes.py

Threads may use it at the same time: the backend, which may be slow, works outside the lock.
Unavailable: the store or the notes cannot be had.
"""

from __future__ import annotations

import threading
from enum import Enum
from typing import Callable, NamedTuple, Optional, Sequence

from kernun_common.acl.facts import Resolution
from kernun_common.log.sinks import Log

from ..errors import Unavailable
from ..secret import Secret
from ..sockaddr import Address
from . import messages
from .backend import Backend
from .notes import Notes, Pending
from .store import ACCEPTED, CHALLENGE, DENIED, Store
from .user import Challenge, Denied, Login, User, Verdict, folded

LONGEST_NAME = 255  # characters that are looked at


class Result(Enum):
    """What the one who tries to log in is told."""

    ACCEPTED = "accepted"
    DENIED = "denied"
    LOCKED = "locked"
    FULL = "full"
    UNAVAILABLE = "unavailable"
    CHALLENGE = "challenge"


class Outcome(NamedTuple):
    """With a challenge: what is asked, and what the answer has to name."""

    result: Result
    text: str = ""
    challenge: str = ""


class Admission:
    """See the file's first lines."""

    def __init__(
        self, store: Store, backend: Backend, log: Log, name: str, notes: Notes
    ) -> None:
        self._store = store
        self._backend = backend
        self._log = log
        self._name = name
        self._notes = notes
        self._lock = threading.Lock()  # of the store and the notes

    def login(
        self, address: Address, name: str, password: Secret, resolution: Resolution
    ) -> Outcome:
        name = name[:LONGEST_NAME]
        return self._attempt(
            address, name, lambda: self._backend.check(name, password, resolution), resolution
        )

    def respond(
        self, address: Address, challenge: str, answer: Secret, resolution: Resolution
    ) -> Outcome:
        with self._lock:
            pending = self._notes.take(challenge, resolution)
        if pending is None or pending.address != address:
            return self._denied(address, "", "no such challenge")
        name, state = pending.name, pending.state
        return self._attempt(
            address,
            name,
            lambda: self._backend.respond(name, answer, state, resolution),
            resolution,
        )

    def logout(self, address: Address, resolution: Resolution) -> bool:
        with self._lock:
            return self._store.leave(address, "by the user", resolution)

    def user(self, address: Address, resolution: Resolution) -> Optional[Login]:
        with self._lock:
            return self._store.find(address, resolution)

    def sweep(self, resolution: Resolution) -> None:
        with self._lock:
            self._store.sweep(resolution)

    def key(self, resolution: Resolution) -> bytes:
        with self._lock:
            return self._notes.key(resolution)

    def _attempt(
        self, address: Address, name: str, ask: Callable[[], Verdict], resolution: Resolution
    ) -> Outcome:
        keys = f"address:{address}", f"user:{folded(name)}"
        with self._lock:
            attempt = self._notes.begin(keys, resolution)
        if attempt is None:
            return self._denied(address, name, "locked", Result.LOCKED)
        try:
            verdict = ask()
        except Unavailable as failure:
            self._pardon(keys, attempt, resolution)
            return self._unavailable(address, name, failure)
        if isinstance(verdict, Denied):
            return self._denied(address, name, verdict.reason)
        self._pardon(keys, attempt, resolution)
        if isinstance(verdict, Challenge):
            return self._challenged(address, name, verdict, resolution)
        return self._enter(address, verdict, resolution)

    def _pardon(self, keys: Sequence[str], attempt: str, resolution: Resolution) -> None:
        with self._lock:
            self._notes.pardon(keys, attempt, resolution)

    def _enter(self, address: Address, user: User, resolution: Resolution) -> Outcome:
        with self._lock:
            reason = self._store.enter(address, user, resolution)
        if reason is not None:
            return self._denied(address, user.name, reason, Result.FULL)
        self._store.tell(ACCEPTED, address, user, None)
        return Outcome(Result.ACCEPTED)

    def _challenged(
        self, address: Address, name: str, challenge: Challenge, resolution: Resolution
    ) -> Outcome:
        with self._lock:
            key = self._notes.put(Pending(address, name, challenge.state), resolution)
        self._store.tell(CHALLENGE, address, User(name), None)
        return Outcome(Result.CHALLENGE, challenge.text, key)

    def _denied(
        self, address: Address, name: str, reason: str, result: Result = Result.DENIED
    ) -> Outcome:
        self._store.tell(DENIED, address, User(name), reason)
        return Outcome(result)

    def _unavailable(self, address: Address, name: str, failure: Unavailable) -> Outcome:
        self._log.write(
            messages.BACKEND_FAILED,
            name=self._name,
            client=f"[{address}]",
            user=name,
            reason=failure.what,
        )
        return self._denied(address, name, "it cannot be told", Result.UNAVAILABLE)
