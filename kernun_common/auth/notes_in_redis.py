"""notes_in_redis - what several login pages remember in a Redis server; notes.py.

    notes = InRedis(client)

Times are those of the server.

    form-key            of the tokens in forms; the first page to ask makes it
    failures:WHO        the attempts of an address or a user, by when they were made
    locked:WHO          as long as that one has to wait
    tried               every WHO, by the last attempt that was not refused
    challenges          by name: a challenge, as notes.py writes it
    asked               the names, by when they were asked

All but the first are kept as long as they say something, and no more of them than one page
alone keeps: of too many, the oldest is forgotten.
See also: lockout.py, whose rules these are.
"""

from __future__ import annotations

import secrets
from typing import Any, List, Optional, Sequence

from kernun_common.acl.facts import Resolution

from ..errors import Unavailable
from ..redis_store.client import Client
from .in_redis import milliseconds
from .lockout import KEYS, LASTS, MOST, WITHIN
from .notes import CHALLENGE_SECONDS, CHALLENGES, KEY_OCTETS, Pending, new_name

# The time, in milliseconds, and in microseconds, which no two scripts have in common.
_NOW = """
local time = redis.call('TIME')
local micro = time[1] * 1000000 + time[2]
local now = math.floor(micro / 1000)
"""
# KEYS: failures and locked of each, tried; ARGV: the attempt, how many lock, milliseconds of
# either time, how many are kept, what stands before names of keys, and each WHO.
_BEGIN = _NOW + """
for i = 2, #KEYS - 1, 2 do
    if redis.call('EXISTS', KEYS[i]) == 1 then
        return 0
    end
end
local tried = KEYS[#KEYS]
for i = 7, #ARGV do
    redis.call('ZADD', tried, micro + i, ARGV[i])
end
local longest = math.max(ARGV[3], ARGV[4])
redis.call('PEXPIRE', tried, longest)
redis.call('ZREMRANGEBYSCORE', tried, '-inf', micro - 1000 * longest)
while redis.call('ZCARD', tried) > tonumber(ARGV[5]) do
    local who = redis.call('ZPOPMIN', tried)[1]
    redis.call('DEL', ARGV[6] .. 'failures:' .. who, ARGV[6] .. 'locked:' .. who)
end
for i = 1, #KEYS - 1, 2 do
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
# KEYS: challenges, asked; ARGV: name, challenge, milliseconds, how many are kept.
_PUT = _NOW + """
if redis.call('HLEN', KEYS[1]) > redis.call('ZCARD', KEYS[2]) then  -- the server was short of room
    redis.call('DEL', KEYS[1], KEYS[2])
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], micro, ARGV[1])
while redis.call('ZCARD', KEYS[2]) > tonumber(ARGV[4]) do
    redis.call('HDEL', KEYS[1], redis.call('ZPOPMIN', KEYS[2])[1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
"""
# KEYS: as before; ARGV: name, milliseconds.
_TAKE = _NOW + """
local found = redis.call('HGET', KEYS[1], ARGV[1])
local asked = redis.call('ZSCORE', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
if not found or not asked or micro - asked > 1000 * ARGV[2] then
    return false
end
return found
"""


class InRedis:
    """See the file's first lines."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def key(self, resolution: Resolution) -> bytes:
        return self._client.call(resolution, self._key)

    def begin(self, keys: Sequence[str], resolution: Resolution) -> Optional[str]:
        attempt, prefix = new_name(), self._client.key("")
        limits = MOST, milliseconds(WITHIN), milliseconds(LASTS), KEYS, prefix
        places = [*self._of_each(keys), self._client.key("tried")]
        begun = self._run(_BEGIN, places, resolution, attempt, *limits, *keys)
        return attempt if begun else None

    def pardon(self, keys: Sequence[str], attempt: str, resolution: Resolution) -> None:
        self._run(_PARDON, self._of_each(keys), resolution, attempt, MOST)

    def put(self, pending: Pending, resolution: Resolution) -> str:
        name, lasts = new_name(), milliseconds(CHALLENGE_SECONDS)
        words = name, pending.write(), lasts, CHALLENGES
        self._run(_PUT, self._challenges(), resolution, *words)
        return name

    def take(self, name: str, resolution: Resolution) -> Optional[Pending]:
        lasts = milliseconds(CHALLENGE_SECONDS)
        text = self._run(_TAKE, self._challenges(), resolution, name, lasts)
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

    def _challenges(self) -> List[str]:
        return [self._client.key(name) for name in ("challenges", "asked")]

    def _of_each(self, keys: Sequence[str]) -> List[str]:
        kinds = "failures", "locked"
        return [self._client.key(f"{kind}:{key}") for key in keys for kind in kinds]

    def _run(
        self, script: str, keys: Sequence[str], resolution: Resolution, *words: object
    ) -> Any:
        return self._client.call(
            resolution, lambda redis: redis.eval(script, len(keys), *keys, *words)
        )
