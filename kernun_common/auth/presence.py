"""presence - the user of a session: looked up by the client's address, and kept from being idle.

    users = Users(oob_auth, log, root)              in the parent; ConfigurationError
    presence = users.of(address, resolution)        at the begin of a session
    presence.user                                   User, or None: nobody is logged in
    if time.monotonic() >= presence.due: presence.show()
    presence.show()                                 and at its end

A session counts as activity for idle-timeout as long as it is open, so it shows itself
several times within that.  Where the store cannot be had that is logged, and nobody is logged in.
Every step blocks for a bounded time: see store.py.
"""

from __future__ import annotations

import math
import time
from typing import Optional

from kernun_common.acl.facts import Resolution
from kernun_common.log.sinks import Log

from ..errors import Unavailable
from ..sockaddr import Address
from . import messages
from .section import OobAuth
from .store import Store
from .user import Login, User

LONGEST_PAUSE = 60.0  # seconds between two signs of life
SIGNS = 3  # within idle-timeout at least


class Presence:
    """Of nobody."""

    user: Optional[User] = None
    due: float = math.inf

    def show(self) -> None:
        """Nobody sees it."""


NOBODY = Presence()


class Users:
    """See the file's first lines."""

    def __init__(self, section: OobAuth, log: Log, root: Optional[str] = None) -> None:
        self._section = section
        self._log = log
        self._store = Store(section, log, root)
        self.pause = min(LONGEST_PAUSE, section.idle_timeout / SIGNS)

    def of(self, address: Address, resolution: Resolution) -> Presence:
        try:
            login = self._store.find(address, resolution)
        except Unavailable as failure:
            self._complain(address, failure)
            return NOBODY
        return NOBODY if login is None else _LoggedIn(self, login, resolution)

    def touch(self, login: Login, resolution: Resolution) -> None:
        try:
            self._store.touch(login, resolution)
        except Unavailable as failure:
            self._complain(login.address, failure)

    def _complain(self, address: Address, failure: Unavailable) -> None:
        self._log.write(
            messages.STORE_FAILED,
            name=self._section.name,
            client=f"[{address}]",
            reason=failure.what,
        )


class _LoggedIn(Presence):
    """Of a user."""

    def __init__(self, users: Users, login: Login, resolution: Resolution) -> None:
        self._users = users
        self._login = login
        self._resolution = resolution
        self.user = login.user
        self.due = time.monotonic()

    def show(self) -> None:
        self._users.touch(self._login, self._resolution)
        self.due = time.monotonic() + self._users.pause
