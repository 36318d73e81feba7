"""section - verdict-cache: what the administrator may write about remembering verdicts.

    verdict-cache { path "/var/spool/imap4-proxy/verdicts.sqlite"; max-age 24h; }

See also: cache.py.
"""

from __future__ import annotations

from typing import Iterable, Optional, Tuple

from kernun_common.configuration.constraints import nonzero
from kernun_common.configuration.schema import Section, item, section
from kernun_common.redis_store.section import REDIS, Redis


@section("verdict-cache", "What antivirus and antispam engines said of a mail is remembered.")
class VerdictCache(Section):
    """Either `path` or `redis` is given."""

    path: Optional[str] = item(
        "path",
        text="An SQLite file, which the children make if it is not there; they have to be allowed"
        " to make files in its folder.",
    )
    redis: Optional[Redis] = item(
        REDIS,
        into=Redis,
        text="A Redis server, which several proxies may share; prefix is how the names of all keys"
        " begin. The password is the first line of its file, which is read at the start.",
    )
    max_age: float = item(
        "seconds",
        default="24h",
        check=nonzero,
        text="What is older is not used; an engine with a new database is asked anew before that,"
        " if it tells of its database.",
    )
    max_entries: int = item(
        "uint32",
        default="100000",
        check=nonzero,
        text="So many verdicts are kept at most, the newest ones.",
    )

    def complaints(self) -> Iterable[Tuple[str, str]]:
        """What does not fit together."""
        if self.path is not None and self.redis is not None:
            yield "redis", "verdicts are kept in `path` or in `redis`, not in both"
        if self.path is None and self.redis is None:
            yield "path", "either `path` or `redis` is needed"
