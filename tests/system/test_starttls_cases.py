"""STARTTLS that a client abuses: nothing crosses the handshake."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Iterator, NamedTuple, Sequence

import pytest

from tests.support.certificates import Authority
from tests.support.obliging import Obliging, script
from tests.support.outcomes import Outcomes, healthy
from tests.support.peers import FakeServer, Peer, connect
from tests.support.proxy import Proxy, looking_at_mails
from tests.support.responses import begin_so, told
from tests.support.tls import client_context

KIND = "STARTTLS injection, client side"

outcomes = Outcomes("octets around STARTTLS")


@pytest.fixture(scope="module", autouse=True)
def report() -> Iterator[None]:
    """The outcome; pytest -s shows it."""
    yield
    print(outcomes)


class Upgrade(NamedTuple):
    """What a client sends before and inside TLS; None inside: it never comes to that."""

    name: str
    need: str
    sent: bytes
    answers: tuple[bytes, ...]
    inside: bytes | None = None
    inside_answers: tuple[bytes, ...] = ()


UPGRADES = (
    Upgrade(
        "a command behind it in the segment",
        "required",
        b"a STARTTLS\r\nb NOOP\r\n",
        (b"a BAD", b"* BYE"),
    ),
    Upgrade(
        "half a line behind it, the other half to come inside",
        "optional",
        b"a STARTTLS\r\nb NO",
        (b"a BAD", b"* BYE"),
    ),
    Upgrade(
        "half of a literal behind it",
        "optional",
        b"a STARTTLS\r\nb LOGIN {5+}\r\nal",
        (b"a BAD", b"* BYE"),
    ),
    Upgrade(
        "twice",
        "required",
        b"a STARTTLS\r\n",
        (b"a OK",),
        b"b STARTTLS\r\nc NOOP\r\n",
        (b"b BAD", b"c OK"),
    ),
    Upgrade(
        "after LOGIN",
        "optional",
        b"a LOGIN alice secret\r\nb STARTTLS\r\nc LOGOUT\r\n",
        (b"a OK", b"b BAD", b"* BYE", b"c OK"),
    ),
    Upgrade(
        "with arguments",
        "required",
        b"a STARTTLS now\r\nb STARTTLS\r\n",
        (b"a BAD", b"b OK"),
        b"c NOOP\r\n",
        (b"c OK",),
    ),
    Upgrade(
        "a login before it",
        "required",
        b"a LOGIN alice secret\r\nb STARTTLS\r\n",
        (b"a NO [PRIVACYREQUIRED]", b"b OK"),
        b"c LOGIN alice secret\r\n",
        (b"c OK",),
    ),
    Upgrade(
        "commands pipelined before it and inside",
        "required",
        b"a CAPABILITY\r\nb NOOP\r\nc STARTTLS\r\n",
        (b"a OK", b"b OK", b"c OK"),
        b"d CAPABILITY\r\ne LOGIN alice secret\r\nf SELECT INBOX\r\n",
        (b"d OK", b"e OK", b"f OK"),
    ),
)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority("Example CA")


@pytest.fixture(scope="module", params=[False, True], ids=["", "scanned"])
def upgrading(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, authority: Authority
) -> Iterator[dict[str, Proxy]]:
    """The proxy with STARTTLS towards clients, required and optional, before an obliging server."""
    folder = tmp_path_factory.mktemp("upgrading")
    files = authority.issue("localhost", dns=["localhost"]).write(folder)
    sections = f'ssl-params IN {{ cert-file "{files.cert}"; key-file "{files.key}"; }}'
    with ExitStack() as stack:
        server = stack.enter_context(FakeServer(lambda peer: script(Obliging(), peer)))
        proxies = {}
        for need in ("required", "optional"):
            (folder / need).mkdir()
            proxy = Proxy(
                folder / need,
                server.port,
                sections=sections,
                session=f"client-ssl-params IN command {need};",
                level="normal",
                **(looking_at_mails(folder) if request.param else {}),
            )
            proxies[need] = stack.enter_context(proxy)
        yield proxies
        for proxy in proxies.values():
            healthy(proxy)


def exchange(client: Peer, octets: bytes, cut: int, answers: Sequence[bytes]) -> None:
    """Send octets, `cut` to a segment, and look at the answers up to the last one expected."""
    client.send_cut(octets, cut)
    got = b""
    while not told(got) or not told(got)[-1].startswith(answers[-1]):
        got += client.line()
    assert begin_so(told(got), answers), got


@pytest.mark.parametrize("case", UPGRADES, ids=lambda case: case.name)
def test_starttls_of_client(
    upgrading: dict[str, Proxy], authority: Authority, case: Upgrade
) -> None:
    attack = case.inside is None
    for cut in (len(case.sent),) if attack else (len(case.sent), 7, 1):
        with connect(upgrading[case.need].port) as client:
            assert b"STARTTLS" in client.line()
            exchange(client, case.sent, cut, case.answers)
            if case.inside is None:
                assert client.rest() == b""
            else:
                client.start_tls(client_context(authority), "localhost")
                exchange(client, case.inside, cut, case.inside_answers)
        outcomes.add(KIND)


def test_no_handshake_behind_starttls(upgrading: dict[str, Proxy]) -> None:
    """Octets in the clear where TLS is due are answered by nobody."""
    for _ in range(3):
        with connect(upgrading["required"].port) as client:
            client.line()
            exchange(client, b"a STARTTLS\r\n", 100, (b"a OK",))
            client.send(b"b NOOP\r\nc LOGOUT\r\n")
            assert b"OK" not in client.rest()
        outcomes.add(KIND)
