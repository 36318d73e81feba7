"""notes_in_redis - what several login pages remember in a Redis server; notes.py.

    notes = InRedis(client)

Times are those of the server.

    form-key            of the tokens in forms; the first page to ask makes it
    failures:WHO        the attempts of an address or a user, by when they were made
    locked:WHO          as long as that one has to wait
    challenge:NAME      a challenge, as notes.py writes it, as long as it may be answered

See also: lockout.py, whose rules these are.
"""

from __future__ import annotations

import secrets
from typing import Any, List, Optional, Sequence

from kernun_common.acl.facts import Resolution

from ..errors import Unavailable
from ..redis_store.client import Client
from .lockout import LASTS, MOST, WITHIN
from .notes import CHALLENGE_SECONDS, KEY_OCTETS, Pending, new_name

# KEYS: failures and locked of each; ARGV: the attempt, how many lock, milliseconds of either time.
_BEGIN = """
for i = 2, #KEYS, 2 do
    if redis.call('EXISTS', KEYS[i]) == 1 then
        return 0
    end
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 1, #KEYS, 2 do
    redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now - ARGV[3])
    redis.call('ZADD', KEYS[i], now, ARGV[1])
    redis.call('PEXPIRE', KEYS[i], ARGV[3])
    if redis.call('ZCARD', KEYS[i]) >= tonumber(ARGV[2]) then
        redis.call('SET', KEYS[i + 1], '1', 'PX', ARGV[4])
    end
end
return 1
"""
_PARDON = """
for i = 1, #KEYS, 2 do
    if redis.call('ZREM', KEYS[i], ARGV[1]) == 1
        and redis.call('ZCARD', KEYS[i]) < tonumber(ARGV[2]) then
        redis.call('DEL', KEYS[i + 1])
    end
end
"""
_TAKE = """
local found = redis.call('GET', KEYS[1])
redis.call('DEL', KEYS[1])
return found
"""


class InRedis:
    """See the file's first lines."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def key(self, resolution: Resolution) -> bytes:
        return self._client.call(resolution, self._key)

    def begin(self, keys: Sequence[str], resolution: Resolution) -> Optional[str]:
        attempt = new_name()
        limits = MOST, round(WITHIN * 1000), round(LASTS * 1000)
        begun = self._run(_BEGIN, self._of_each(keys), resolution, attempt, *limits)
        return attempt if begun else None

    def pardon(self, keys: Sequence[str], attempt: str, resolution: Resolution) -> None:
        self._run(_PARDON, self._of_each(keys), resolution, attempt, MOST)

    def put(self, pending: Pending, resolution: Resolution) -> str:
        name, lasts = new_name(), round(CHALLENGE_SECONDS * 1000)
        place = self._place(name)
        self._client.call(resolution, lambda redis: redis.set(place, pending.write(), px=lasts))
        return name

    def take(self, name: str, resolution: Resolution) -> Optional[Pending]:
        text = self._run(_TAKE, [self._place(name)], resolution)
        try:
            return Pending.read(text) if text is not None else None
        except ValueError as failure:
            raise Unavailable(f"what is kept is no challenge: {failure}") from failure

    def _key(self, redis: Any) -> bytes:
        """A page that comes second takes the first one's."""
        place = self._client.key("form-key")
        found = redis.get(place)
        if found is None:
            redis.set(place, secrets.token_bytes(KEY_OCTETS), nx=True)
            found = redis.get(place)
        return bytes(found)

    def _place(self, challenge: str) -> str:
        return self._client.key(f"challenge:{challenge}")

    def _of_each(self, keys: Sequence[str]) -> List[str]:
        kinds = "failures", "locked"
        return [self._client.key(f"{kind}:{key}") for key in keys for kind in kinds]

    def _run(
        self, script: str, keys: Sequence[str], resolution: Resolution, *words: object
    ) -> Any:
        return self._client.call(
            resolution, lambda redis: redis.eval(script, len(keys), *keys, *words)
        )
