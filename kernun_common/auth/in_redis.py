"""in_redis - logins in a Redis server, which proxies share.

    kept = InRedis(client, idle_timeout, max_time)

as in_file.py.  Times are those of the server, so the clocks of the proxies need not agree.

    login:ADDRESS       the login, as user.py writes it
    alive:ID            as long as max-time is not over
    active:ID           as long as the login is not idle
    logins              the set of the addresses

where ID is the login's identification: what has gone of one login says nothing of the next
one at the same address.  What must not come between other clients' commands is a script of
the server's.  Unavailable: the server cannot be had, and why.
"""

from __future__ import annotations

from typing import Any, List, Optional

from kernun_common.acl.facts import Resolution

from ..errors import Unavailable
from ..redis_store.client import Client
from ..sockaddr import Address
from .in_file import Found
from .user import Login

_INDEX = "logins"

# KEYS: login, index, alive, active; ARGV: address, login, most, milliseconds of either time.
_ADD = """
if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 0
    and redis.call('SCARD', KEYS[2]) >= tonumber(ARGV[3]) then
    return 0
end
redis.call('SET', KEYS[1], ARGV[2])
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('SET', KEYS[3], '1', 'PX', ARGV[4])
redis.call('SET', KEYS[4], '1', 'PX', ARGV[5])
return 1
"""
# The same, but nothing is removed that is no longer this login.
_REMOVE = """
if redis.call('GET', KEYS[1]) ~= ARGV[2] then
    return 0
end
redis.call('DEL', KEYS[1], KEYS[3], KEYS[4])
redis.call('SREM', KEYS[2], ARGV[1])
return 1
"""


class InRedis:
    """See the file's first lines; times in seconds."""

    def __init__(self, client: Client, idle_timeout: float, max_time: float) -> None:
        self._client = client
        self._idle = milliseconds(idle_timeout)
        self._most = milliseconds(max_time)

    def find(self, address: Address, resolution: Resolution) -> Optional[Found]:
        return self._client.call(resolution, lambda redis: self._find(redis, str(address)))

    def all(self, resolution: Resolution) -> List[Found]:
        return self._client.call(resolution, self._all)

    def add(self, login: Login, most: int, resolution: Resolution) -> bool:
        return self._run(_ADD, login, resolution, most, self._most, self._idle)

    def touch(self, login: Login, resolution: Resolution) -> None:
        name = self._client.key(f"active:{login.identification}")
        self._client.call(resolution, lambda redis: redis.set(name, "1", px=self._idle))

    def remove(self, login: Login, resolution: Resolution) -> bool:
        return self._run(_REMOVE, login, resolution)

    def _find(self, redis: Any, address: str) -> Optional[Found]:
        text = redis.get(self._client.key(f"login:{address}"))
        if text is None:
            return None
        try:
            login = Login.read(text)
        except ValueError as failure:
            raise Unavailable(f"what is kept is no login: {failure}") from failure
        times = self._times(login)
        return Found(login, redis.exists(*times) == len(times))

    def _all(self, redis: Any) -> List[Found]:
        addresses = [octets.decode() for octets in redis.smembers(self._client.key(_INDEX))]
        found = (self._find(redis, address) for address in addresses)
        return [one for one in found if one is not None]

    def _times(self, login: Login) -> List[str]:
        words = (f"alive:{login.identification}", f"active:{login.identification}")
        return [self._client.key(word) for word in words]

    def _run(self, script: str, login: Login, resolution: Resolution, *more: object) -> bool:
        keys = [self._client.key(word) for word in (f"login:{login.address}", _INDEX)]
        keys += self._times(login)
        words = (*keys, str(login.address), login.write(), *more)
        return bool(
            self._client.call(resolution, lambda redis: redis.eval(script, len(keys), *words))
        )


def milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
