"""Each system call of a child fails, with what it can fail with, while a session is served.

The session goes on, the mail is refused, or the session ends; nothing forbidden passes, the
child lives (or is replaced, where a call failed that cannot), what failed is logged, and sessions
are served afterwards as if nothing had been.  `pytest -s` prints what became of each.
"""

from __future__ import annotations

from typing import Iterator, NamedTuple

import pytest

from tests.support.daemons import lives
from tests.support.fault_table import FaultTable
from tests.support.faulty_session import BYE, ENDED, REFUSED, USUAL, FaultySessions
from tests.support.inject import injected
from tests.support.waiting import wait_until

ANY_END = {USUAL, BYE, ENDED}  # as it was the last words that were lost, or what came before
DIED = ("TCPS-640", "TCPS-641", "TCPS-645")


class Row(NamedTuple):
    """A call, errors of its manual page, which of the calls fail, and what may become of it.

    `message`: what is logged; `dies`: the child is replaced, None: perhaps.
    """

    call: str
    errors: str
    whens: str
    outcomes: set[str]
    kind: str = "scanned"
    message: str | None = None
    dies: bool | None = False


ROWS = [
    Row("recvfrom", "ECONNRESET", "1 2 3 5 7 9 11", ANY_END),
    Row("recvfrom", "ETIMEDOUT ENOMEM", "1 5 9", ANY_END),
    Row("recvfrom", "EAGAIN EINTR", "1 5", {USUAL}),
    Row("recvfrom", "ECONNRESET", "4 9", ANY_END, "relayed"),
    Row("sendto", "EPIPE", "1 2 3 5 7 9 11", ANY_END),
    Row("sendto", "ECONNRESET ENOBUFS", "2", ANY_END),
    Row("sendto", "EAGAIN EINTR", "1 5", {USUAL}),
    Row("sendto", "EPIPE", "7 8", ANY_END, "relayed"),
    Row("splice", "EINVAL EPIPE", "1 2 3 4", ANY_END, "relayed"),
    Row("splice", "EAGAIN EINTR", "1 2", {USUAL}, "relayed"),
    Row("pipe2", "EMFILE ENFILE", "1", {USUAL}, "relayed"),
    Row("fcntl", "EPERM", "1", {USUAL}, "relayed"),
    Row("connect", "ENETUNREACH EADDRNOTAVAIL EACCES EAGAIN", "1", {BYE}, message="IMAP-614"),
    Row("socket", "EMFILE ENOBUFS", "1", {BYE}, message="IMAP-614"),
    Row("accept4", "EMFILE ENOBUFS", "1", {USUAL}, message="TCPS-644"),
    Row("accept4", "ECONNABORTED EINTR", "1", {USUAL}),
    Row("epoll_wait", "EINTR", "1 2", {USUAL}),
    Row("poll", "EINTR", "1 2 9", {USUAL}),
    Row("poll", "ENOMEM", "1 2 3 9", ANY_END, dies=None),
    Row("setsockopt", "EINVAL", "1 2", {ENDED}, message="NETL-813"),
    Row("setsockopt", "EINVAL", "3 4", {BYE}, message="IMAP-614"),
    Row("getsockopt", "ENOBUFS", "1", {USUAL, BYE}),
    Row("getsockname", "ENOBUFS", "2", {ENDED}, message="NETL-813"),
    Row("getsockname", "ENOBUFS", "3", {BYE}, message="IMAP-614"),
    Row("ioctl", "EIO", "1", {ENDED}, message="NETL-813"),
    Row("shutdown", "ENOTCONN", "1 2", {USUAL}),
    Row("close", "EIO", "1 2 3 4 6", {USUAL}),
    Row("openat", "EMFILE EROFS", "1", {REFUSED}, message="IMAP-620"),
    Row("openat", "EMFILE ENOSPC", "3 4", {USUAL}, message="IMAP-622"),
    Row("write", "ENOSPC EIO", "1", {REFUSED}, message="IMAP-620"),
    Row("write", "EDQUOT", "3 4", {USUAL}, message="IMAP-622"),
    Row("fsync", "EIO", "1 2", {USUAL}, message="IMAP-622"),
    Row("fstatfs", "EIO", "1", {REFUSED}, message="IMAP-620"),
    Row("mmap", "ENOMEM", "1", {REFUSED}, message="IMAP-620"),
]
CASES = [
    pytest.param(row, error, when, id=f"{row.kind}-{row.call}-{error}-{when}")
    for row in ROWS
    for error in row.errors.split()
    for when in row.whens.split()
]


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultySessions]:
    with FaultySessions(tmp_path_factory.mktemp("calls")) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def table() -> Iterator[FaultTable]:
    table = FaultTable("system calls of a child that fail")
    yield table
    print(table)


def logged(proxy: FaultySessions) -> dict[str, int]:
    """How often; of a child that died once the parent knows of it."""
    rows = {row.message for row in ROWS if row.message is not None}
    return {it: len(proxy.logged(it)) for it in (*DIED, *rows)}


@pytest.mark.parametrize("row, error, when", CASES)
def test_call(
    proxy: FaultySessions, table: FaultTable, row: Row, error: str, when: str
) -> None:
    children, before = proxy.children(), logged(proxy)
    with table.case(f"{row.kind}: {row.call}, {error}, call {when}") as case:
        with injected(children, row.call, error, when) as injection:
            outcome = proxy.play(row.kind)
        assert injection.count and outcome in row.outcomes
        case.outcome = f"{outcome}; child {'lives' if row.dies is False else 'may be replaced'}"
    if row.message is not None:
        message = row.message
        wait_until(lambda: logged(proxy)[message] > before[message], message)
        case.outcome += f"; {message}"
    if row.dies is False:
        assert all(map(lives, children))
        assert all(logged(proxy)[it] == before[it] for it in DIED)
    assert "Traceback" not in proxy.log
    if (error, when) == (row.errors.split()[-1], row.whens.split()[-1]):
        assert proxy.play(row.kind) == USUAL
