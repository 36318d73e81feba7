"""resolver - who is asked for names and addresses: name servers, or the system.

    resolver = resolver_of(proxy.use_resolver)
    alone(resolver.names(client, deadline), wait)       Answer, or Unavailable
    for name, result in look_up(names, resolver): ...   either; for names in a configuration
    addresses_of(name, resolver)                        of one of these, now

See also: stub.py, system.py, steps.py, keeper.py.
"""

from __future__ import annotations

import math
import time
from functools import partial
from typing import Iterable, Iterator, Protocol, Tuple, Union

from ..errors import Unavailable
from ..sockaddr import Address
from ..steps import Steps, Together
from .query import Answer
from .section import Resolver as Section
from .stub import StubResolver
from .system import SystemResolver

Result = Union[Answer[Address], Unavailable]

NO_ADDRESS = "there is no such name, or it has no address"


class Resolver(Protocol):
    """Both of them; `section` holds the times."""

    @property
    def section(self) -> Section: ...

    def addresses(self, name: str, deadline: float) -> Steps[Answer[Address]]: ...

    def names(self, of: Address, deadline: float) -> Steps[Answer[str]]: ...


def resolver_of(section: Section | None) -> Resolver:
    """The resolver of a proxy: its name servers, or without `use-resolver` the system."""
    return SystemResolver() if section is None else StubResolver(section)


def configured(name: str, resolver: Resolver) -> Steps[Answer[Address]]:
    """The look-up of a name in the configuration, within conf-timeout from now."""
    return resolver.addresses(name, time.monotonic() + resolver.section.conf_timeout)


def look_up(names: Iterable[str], resolver: Resolver) -> Iterator[Tuple[str, Result]]:
    """The results for names in the configuration, in the order in which they come."""
    together: Together[str, Answer[Address]] = Together()
    for name in names:
        together.start(name, partial(configured, name, resolver))
    while together:
        yield from together.wait(math.inf)


def addresses_of(name: str, resolver: Resolver) -> Tuple[Address, ...]:
    """What a name in the configuration stands for; Unavailable where that is nothing."""
    [(_, result)] = look_up([name], resolver)
    if isinstance(result, Unavailable):
        raise result
    if not result.values:
        raise Unavailable(NO_ADDRESS)
    return result.values
