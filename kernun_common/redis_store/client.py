"""client - a Redis server, for processes that fork and then see other files.

    client = Client(redis, where, seconds)          in the parent; ConfigurationError
    value = client.call(resolution, lambda it: it.get(client.key("a")))

`call` hands out a client of the library redis, connected as it needs to be; every
process has connections of its own.  Each step - to connect, to send, to receive -
blocks for `seconds` at most, and one that fails is tried once more, since the server
may just have been started again.  Unavailable: it cannot be had, and why.

Files are read when it is made: the password's (its first line) and those of ssl-params.
Names are not looked up but taken from `resolution`.
"""

from __future__ import annotations

import encodings.idna  # noqa: F401  the library has need of it, in a process without files
from typing import Any, Callable, Dict, Optional, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from kernun_common.acl.facts import Resolution

from ..errors import ConfigurationError, Unavailable, Where
from ..netio.connect import addresses_of
from ..secret import Secret
from ..tls.context import Context, Role
from .section import Redis
from .tls_socket import secured

T = TypeVar("T")

# ValueError: the library met octets that are none of Redis.
_FAILURES = (redis.RedisError, OSError, ValueError)


class Client:
    """See the file's first lines; `where` is the place of the item."""

    def __init__(self, place: Redis, where: Where, seconds: float) -> None:
        self._place = place
        self._seconds = seconds
        self._password = _password(place.password_file, where)
        self._context = Context(place.ssl_params, Role.CLIENT) if place.ssl_params else None
        self._clients: Dict[str, redis.Redis] = {}  # by address

    def key(self, name: str) -> str:
        """A key as it is called at the server."""
        return (self._place.prefix or "") + name

    def call(self, resolution: Resolution, work: Callable[[Any], T]) -> T:
        """What `work` returns of the client; each address is tried until one can be had."""
        sock, failures = self._place.sock, []
        for address in addresses_of(sock, resolution):
            try:
                return work(self._client(str(address)))
            except _FAILURES as failure:
                self._clients.pop(str(address)).close()
                failures.append(f"[{address}]:{sock.port}: {failure or type(failure).__name__}")
        raise Unavailable("; ".join(failures) or f"{sock.host}: no address is known")

    def _client(self, address: str) -> redis.Redis:
        if address not in self._clients:
            self._clients[address] = self._new(address)
        return self._clients[address]

    def _new(self, address: str) -> redis.Redis:
        place = self._place
        more: Dict[str, Any] = {}
        if self._context is not None:
            name = place.sock.host.name or str(place.sock.host.address)
            more = {"context": self._context, "name": name, "seconds": self._seconds}
        pool = redis.ConnectionPool(
            connection_class=_Secured if more else redis.Connection,
            host=address,
            port=place.sock.port,
            username=place.user,
            password=self._password.reveal().decode("utf-8") if self._password else None,
            socket_timeout=self._seconds,
            socket_connect_timeout=self._seconds,
            retry=Retry(NoBackoff(), 1),
            **more,
        )
        return redis.Redis(connection_pool=pool)


class _Secured(redis.Connection):
    """With TLS, over the socket that the library has connected."""

    def __init__(self, *, context: Context, name: str, seconds: float, **others: Any) -> None:
        super().__init__(**others)
        self._context = context
        self._name = name
        self._seconds = seconds

    def _connect(self) -> Any:
        return secured(super()._connect(), self._context, self._name, self._seconds)


def _password(path: Optional[str], where: Where) -> Optional[Secret]:
    """The first line of the file."""
    if path is None:
        return None
    try:
        with open(path, "rb") as file:
            line = file.readline().rstrip(b"\r\n")
        line.decode("utf-8")
    except OSError as failure:
        raise ConfigurationError(where, f"{path}: {failure.strerror}") from failure
    except UnicodeDecodeError as failure:
        raise ConfigurationError(where, f"{path}: the password is not UTF-8") from failure
    return Secret(line)
