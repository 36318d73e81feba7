"""store - the logins of an oob-auth, with its limits; what ends them is logged.

    store = Store(oob_auth, log, root)              in the parent; ConfigurationError
    login = store.find(address, resolution)         None: nobody is logged in there
    store.touch(login, resolution)                  there is a session
    reason = store.enter(address, user, resolution)     None: logged in; else why not
    store.leave(address, reason, resolution)        False: nobody was
    store.all(resolution)                           those who are logged in
    store.sweep(resolution)                         end those whose time has run out

Everything may raise Unavailable: logins cannot be had now, and nobody counts as logged in.
A login that is found to have run out is removed by who finds it, and logged once, whoever
else finds it.  `root` is the root of the process, if it has another one.
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, List, Optional, Union

from kernun_common.acl.facts import Resolution
from kernun_common.log.sinks import Log

from ..errors import ConfigurationError
from ..inside import inside
from ..sockaddr import Address
from . import messages
from .in_file import InFile
from .section import OobAuth
from .user import Login, User

if TYPE_CHECKING:
    from .in_redis import InRedis

ACCEPTED, DENIED, CHALLENGE = "ACCEPTED", "DENIED", "CHALLENGE"
LOGOUT, TIMEOUT = "LOGOUT", "TIMEOUT"

REDIS_SECONDS = 0.5  # of each step with the server; a session waits meanwhile

Kept = Union[InFile, "InRedis"]


class Store:
    """See the file's first lines."""

    def __init__(self, section: OobAuth, log: Log, root: Optional[str] = None) -> None:
        self._section = section
        self._log = log
        self._kept = _opened(section, root)

    def find(self, address: Address, resolution: Resolution) -> Optional[Login]:
        found = self._kept.find(address, resolution)
        if found is None or found.valid:
            return found and found.login
        self._end(found.login, TIMEOUT, None, resolution)
        return None

    def touch(self, login: Login, resolution: Resolution) -> None:
        self._kept.touch(login, resolution)

    def enter(self, address: Address, user: User, resolution: Resolution) -> Optional[str]:
        reason = self._excess(user)
        if reason is not None:
            return reason
        former = self.find(address, resolution)
        if former is not None:
            self._end(former, LOGOUT, "logged in anew", resolution)
        login = Login(secrets.token_hex(16), address, user, time.time())
        most = self._section.max_sessions
        if self._kept.add(login, most, resolution):
            return None
        self.sweep(resolution)
        return None if self._kept.add(login, most, resolution) else "max-sessions"

    def leave(self, address: Address, reason: str, resolution: Resolution) -> bool:
        login = self.find(address, resolution)
        return login is not None and self._end(login, LOGOUT, reason, resolution)

    def all(self, resolution: Resolution) -> List[Login]:
        return [found.login for found in self._kept.all(resolution) if found.valid]

    def sweep(self, resolution: Resolution) -> None:
        for found in self._kept.all(resolution):
            if not found.valid:
                self._end(found.login, TIMEOUT, None, resolution)

    def tell(
        self, result: str, address: Address, user: Optional[User], reason: Optional[str]
    ) -> None:
        """Log what became of a login."""
        self._log.write(
            messages.OOB_LOGIN,
            name=self._section.name,
            client=f"[{address}]",
            user=user and user.name,
            groups=",".join(user.groups) if user is not None and user.groups else None,
            reason=reason,
            result=result,
        )

    def _end(
        self, login: Login, result: str, reason: Optional[str], resolution: Resolution
    ) -> bool:
        ended = self._kept.remove(login, resolution)
        if ended:
            self.tell(result, login.address, login.user, reason)
        return ended

    def _excess(self, user: User) -> Optional[str]:
        if len(user.name.encode("utf-8")) > self._section.max_user:
            return "max-user"
        if len(",".join(user.groups).encode("utf-8")) > self._section.max_groups:
            return "max-groups"
        return None


def _opened(section: OobAuth, root: Optional[str]) -> Kept:
    """The library of Redis takes long to load, and is loaded only where it is used."""
    times = section.idle_timeout, section.max_time
    store = section.store
    if store.redis is not None:
        from ..redis_store.client import Client
        from .in_redis import InRedis

        client = Client(store.redis, section.place("store"), REDIS_SECONDS)
        return InRedis(client, *times)
    assert store.path is not None
    path = store.path if root is None else inside(store.path, root)
    if path is None:
        text = f"{store.path}: it is not below chroot-dir {root}"
        raise ConfigurationError(section.place("store"), text)
    return InFile(path, *times)
