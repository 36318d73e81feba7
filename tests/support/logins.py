"""logins - what tests of users who log in have in common.

    login("alice")              a Login at ADDRESS, since now
    desk(store=..., **items)    an OobAuth
    log = Lines()               takes lines of the log: log.results are those of AUTH-710
"""

from __future__ import annotations

import itertools
import time
from typing import Any, Dict, List, Optional, Tuple

from kernun_common.auth.section import OobAuth, StorePlace
from kernun_common.auth.user import Login, User
from kernun_common.log.message import Message
from kernun_common.sockaddr import Address, address

ADDRESS, OTHER = address("192.0.2.7"), address("2001:db8::7")
_NUMBERS = itertools.count()


def login(name: str, at: Address = ADDRESS, since: Optional[float] = None) -> Login:
    now = time.time() if since is None else since
    return Login(f"login {next(_NUMBERS)}", at, User(name), now)


def desk(store: StorePlace, **items: Any) -> OobAuth:
    return OobAuth(name="DESK", method="external", store=store, **items)


class Lines:
    """In the place of a Log."""

    def __init__(self) -> None:
        self.written: List[Tuple[str, Dict[str, object]]] = []

    def write(self, message: Message, /, **fields: object) -> None:
        message.render(fields)
        self.written.append((message.identification, fields))

    @property
    def results(self) -> List[str]:
        """`alice ACCEPTED`, `alice DENIED locked`, ..."""
        return [
            " ".join(str(fields[name]) for name in ("user", "result", "reason") if fields[name])
            for identification, fields in self.written
            if identification == "AUTH-710"
        ]

    @property
    def identifications(self) -> List[str]:
        return [identification for identification, _ in self.written]
