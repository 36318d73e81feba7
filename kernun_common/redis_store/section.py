"""section - the item `redis`, the same wherever Redis may be used.

    redis: Optional[Redis] = item(REDIS, into=Redis, text="...")
    store: Store = item(f"<path> path | redis {REDIS}", into=Store, text="...")

where the fields of Store are `path` and those of Redis.
See also: client.py.
"""

from __future__ import annotations

from typing import NamedTuple, Optional

from kernun_common.configuration.types import Sock
from kernun_common.tls.section import SslParams

REDIS = (
    "<sock> sock [user str] [password-file path] [ssl-params ref:ssl-params] [prefix str]"
)


class Redis(NamedTuple):
    """Where the server is, who we are there, and how the names of our keys begin."""

    sock: Sock
    user: Optional[str] = None
    password_file: Optional[str] = None
    ssl_params: Optional[SslParams] = None
    prefix: Optional[str] = None
