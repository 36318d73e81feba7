"""The limits of the command-acl, through the real program."""

from __future__ import annotations

from typing import Callable, Iterator

import pytest

from tests.support.obliging import Obliging, script
from tests.support.peers import FakeServer, Peer
from tests.support.policies import Policies, Policy

MAIL = b"x" * 1000  # the first one; the second has 100 octets
FETCHED = (
    b"* 1 FETCH (FLAGS () BODY[] {1000}\r\n" + MAIL + b")\r\n"
    b"* 2 FETCH (FLAGS () BODY[] {100}\r\n" + MAIL[:100] + b")\r\n"
)
LIMIT = b"* BYE A limit of the session is exceeded\r\n"
LOGIN = (b"LOGIN alice secret", b"SELECT INBOX")

POLICIES = {
    name: Policy(command=f"{name};")
    for name in (
        "max-bytes-in 1K",
        "max-bytes-out 1K",
        "max-mail-in 999",
        "max-mail-in 999 refuse",
        "max-mail-in 1000",
        "max-mail-out 999",
        "max-mail-out 999 refuse",
        "max-mail-out 1000",
    )
}


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Policies]:
    with FakeServer(lambda peer: script(Obliging(answers={b"FETCH": FETCHED}), peer)) as server:
        with Policies(tmp_path_factory.mktemp("limits"), POLICIES, server.port) as policies:
            yield policies


# --- what a client does ----------------------------------------------------------------------


def fetch(client: Peer) -> None:
    client.line()
    for command in LOGIN:
        client.command(command)
    client.send(b"a FETCH 1:2 BODY[]\r\n")


def append(client: Peer) -> None:
    client.line()
    for command in LOGIN:
        client.command(command)
    client.send(b"a APPEND INBOX {1000+}\r\n" + MAIL + b"\r\n")


def noops(client: Peer) -> None:
    """One behind the other, until the session is over."""
    while not client.line().startswith(b"* BYE"):
        client.send(b"a NOOP\r\n")


ROWS = (
    ("max-bytes-in 1K", noops),
    ("max-bytes-out 1K", noops),
    ("max-mail-in 999", fetch),
    ("max-mail-out 999", append),
)


@pytest.mark.parametrize("policy, act", ROWS, ids=[row[0] for row in ROWS])
def test_session_ends(policies: Policies, policy: str, act: Callable[[Peer], None]) -> None:
    with policies.connect(policy) as client:
        port = client.socket.getsockname()[1]
        act(client)
        client.rest()
    assert client.received.endswith(LIMIT)
    assert MAIL not in client.received
    assert policies.session_end(port).endswith(" REJECTED")
    assert f"ITEM={policy.split()[0]}" in str(policies.logged("IMAP-814"))


@pytest.mark.parametrize(
    "policy, last, mails",
    [
        ("max-mail-in 999 refuse", b"a NO [TOOBIG] ", [False, True]),
        ("max-mail-in 1000", b"a OK ", [True, True]),
    ],
)
def test_mail_in(policies: Policies, policy: str, last: bytes, mails: list[bool]) -> None:
    """Only the mail that is too large stays away."""
    with policies.connect(policy) as client:
        fetch(client)
        said = client.until(last)
        client.line()
        assert client.command(b"NOOP").endswith(b"x OK NOOP done\r\n")
    assert [b"{1000}\r\n" + MAIL in said, b"{100}\r\n" + MAIL[:100] in said] == mails


@pytest.mark.parametrize(
    "policy, answer",
    [("max-mail-out 999 refuse", b"a NO [TOOBIG] "), ("max-mail-out 1000", b"a OK ")],
)
def test_mail_out(policies: Policies, policy: str, answer: bytes) -> None:
    with policies.connect(policy) as client:
        append(client)
        assert client.line().startswith(answer)
        assert client.command(b"NOOP").endswith(b"x OK NOOP done\r\n")
