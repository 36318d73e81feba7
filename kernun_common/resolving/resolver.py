"""resolver - who is asked for names and addresses: name servers, or the system.

    resolver = resolver_of(proxy.use_resolver)
    alone(resolver.names(client, deadline), wait)       Answer, or Unavailable
    for name, result in look_up(names, resolver): ...   either; for names in a configuration

See also: stub.py, system.py, steps.py, keeper.py.
"""

from __future__ import annotations

import math
import time
from functools import partial
from typing import Iterable, Iterator, Protocol, Tuple, Union

from ..errors import Unavailable
from ..sockaddr import Address
from .query import Answer
from .section import Resolver as Section
from .steps import Steps, Together
from .stub import StubResolver
from .system import SystemResolver

Result = Union[Answer[Address], Unavailable]


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
