"""The entry conditions of both layers, each by whom it lets in, through the real program."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Iterator, NamedTuple

import pytest

from tests.support.obliging import Obliging, script
from tests.support.peers import FakeServer, Peer, connect
from tests.support.policies import Policies, Policy
from tests.support.ports import HOST, free_ports
from tests.support.proxy import Proxy

OTHER_HOST = "127.0.0.2"
ADMITTED = b"* OK "
DENIED = {"session-acl": b"", "command-acl": b"* BYE Access denied\r\n"}
NOW = datetime.now()


class Condition(NamedTuple):
    """An entry condition as it holds for every client here, and as it does not."""

    name: str
    holds: str
    misses: str


# --- the time of the test, and another; the day or hour may end while it runs ------------------


def days(form: str, first: int) -> list[str]:
    """Two days in a row, the first so many days from now, each in a form of strftime."""
    return [(NOW + timedelta(count)).strftime(form).lower() for count in (first, first + 1)]


def either(form: str, first: int) -> str:
    return "{ " + ", ".join(word.lstrip("0") for word in days(form, first)) + " }"


def hours(first: int) -> str:
    """Two whole hours in a row, as an hhmm-set."""
    begins = [(NOW + timedelta(hours=count)).hour for count in (first, first + 1)]
    return "{ " + ", ".join(f"{hour:02}00-{hour + 1:02}00" for hour in begins) + " }"


def period(keyword: str, first: str, last: str, exclude: str = "") -> str:
    return f"time-period-set {{ {exclude} time-spec IT {{ {keyword} {first} {last}; }} }}"


def dates(first: int) -> str:
    return period("dates", *days("%d %m", first))


def weekdays(first: int, exclude: str = "") -> str:
    return period("weekdays", *days("%a", first), exclude)


def around(first: int) -> str:
    """From an hour before to an hour after the one so many hours from now."""
    moments = [NOW + timedelta(hours=first + count) for count in (-1, 1)]
    return period("hours", *(f"{moment:%H%M}" for moment in moments))


CONDITIONS = (
    Condition("from", "from [127.0.0.0/8];", "from { [192.0.2.0/24], [127.0.0.2]-[127.0.0.9] };"),
    Condition("from, negated", "from ! [192.0.2.0/24];", "from ! [127.0.0.1];"),
    Condition("transparency", "transparency non-transparent;", "transparency transparent;"),
    Condition("user", "user none;", "user name *;"),
    Condition("group", "", "group *;"),
    Condition("time, day", f"time day {either('%d', 0)};", f"time day {either('%d', 10)};"),
    Condition("time, month", f"time month {either('%b', 0)};", f"time month {either('%b', 99)};"),
    Condition("time, weekdays", f"time {either('%a', 0)};", f"time {either('%a', 3)};"),
    Condition("time, hours", f"time * {hours(0)};", f"time * {hours(9)};"),
    Condition("time-spec, dates", dates(0), dates(99)),
    Condition("time-spec, weekdays", weekdays(0), weekdays(3)),
    Condition("time-spec, hours", around(0), around(9)),
    Condition("time-period-set, exclude", weekdays(3, "exclude;"), weekdays(0, "exclude;")),
)
OF_COMMAND_ACL = (
    Condition("to", f"to [{HOST}];", f"to [{OTHER_HOST}];"),
    Condition("server", "server [{host}] port {port};", "server ! [{host}] port {port};"),
    Condition("server, port", "server * port {port};", "server * port ! {port};"),
)
ROWS = [
    *((layer, condition) for layer in DENIED for condition in CONDITIONS),
    *(("command-acl", condition) for condition in OF_COMMAND_ACL),
]


def name_of(layer: str, condition: Condition, holds: bool) -> str:
    return f"{layer} {condition.name} {holds}".replace(",", "")


def policy_of(layer: str, condition: Condition, holds: bool, port: int) -> Policy:
    text = condition.holds if holds else condition.misses
    text = text.replace("{host}", HOST).replace("{port}", str(port))
    return Policy(session=text) if layer == "session-acl" else Policy(command=text)


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with FakeServer(lambda peer: script(Obliging(), peer)) as server:
        yield server


@pytest.fixture(scope="module")
def policies(
    tmp_path_factory: pytest.TempPathFactory, server: FakeServer
) -> Iterator[Policies]:
    rows = [(*row, holds) for row in ROWS for holds in (True, False)]
    served = {name_of(*row): policy_of(*row, server.port) for row in rows}
    with Policies(tmp_path_factory.mktemp("conditions"), served, server.port) as policies:
        yield policies


@pytest.mark.parametrize("layer, condition", ROWS, ids=lambda it: getattr(it, "name", it))
def test_condition(policies: Policies, layer: str, condition: Condition) -> None:
    with policies.connect(name_of(layer, condition, True)) as client:
        assert client.line().startswith(ADMITTED)
    with policies.connect(name_of(layer, condition, False)) as client:
        assert client.rest() == DENIED[layer]


# --- what tells one ACL from another ----------------------------------------------------------

ACLS = """
version IMAP4-PROXY-1_0-RELEASE;
imap4-proxy TEST {
    nodaemon;
    listen-on { non-transparent [0.0.0.0] port {port}; non-transparent [0.0.0.0] port OTHER; }
    session-acl HOST { to [127.0.0.2]; plug-to [127.0.0.1] : SERVER; accept; }
    session-acl PORT { to * port OTHER; plug-to [127.0.0.1] : SERVER; accept; }
    session-acl REST { plug-to [127.0.0.1] : SERVER; accept; }
    command-acl HOST { session-acl HOST; greeting host; no-mail-scanning; accept; }
    command-acl PORT { session-acl { PORT, X }; greeting port; no-mail-scanning; accept; }
    command-acl REST { greeting rest; no-mail-scanning; accept; }
}
"""


def greeting(client: Peer) -> bytes:
    with client:
        return client.line().split()[-1]


def test_to_and_parent(tmp_path: Path, server: FakeServer) -> None:
    """Where the client connects chooses the session-acl, and that the command-acl."""
    [other] = free_ports(1)
    text = ACLS.replace("SERVER", str(server.port)).replace("OTHER", str(other))
    with Proxy(tmp_path, configuration=text) as proxy:
        proxy.process.wait_for_port(other)
        greetings = [
            greeting(connect(port, host))
            for host in (HOST, OTHER_HOST)
            for port in (proxy.port, other)
        ]
    assert greetings == [b"rest", b"port", b"host", b"host"]
