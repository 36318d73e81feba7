"""Mails for which a child has not memory enough are refused, and the child goes on.

`pytest -s` prints what became of each, how long it took and how large the child was.
"""

from __future__ import annotations

import imaplib
from typing import Iterator, NamedTuple

import pytest

from kernun_common.tcpserver.memory import RESERVE
from tests.support.daemons import busy
from tests.support.dovecot import PASSWORD
from tests.support.fault_table import FaultTable
from tests.support.mail_policies import USER, MailPolicies, Policy, Refused
from tests.support.mail_samples import TEXT, mail, mixed, part
from tests.support.memory import Watch
from tests.support.ports import HOST
from tests.support.waiting import wait_until

MIB = 1 << 20
LIMIT = 4 * MIB
NO_ROOM = "[LIMIT] There is no room to check the mail"

_ATTRIBUTES = b" ".join(b"a%d=xy" % number for number in range(100))
MAILS = {
    "clean": mixed(TEXT, part("text/html", b"<p>hello</p>")),
    "html text": mixed(part("text/html", b"<p onclick=x>" + b"x y " * (MIB // 2) + b"</p>")),
    "html elements": mixed(part("text/html", b"<p onclick=x>" + b"<p><b>x</b></p>" * 15_000)),
    "html attributes": mixed(
        part("text/html", b"<p onclick=x>" + b"<p %b>x</p>" % _ATTRIBUTES * 300)
    ),
    "header fields": mail(*(b"X-%d: y" % number for number in range(60_000))),
}
LARGE = [name for name in MAILS if name != "clean"]
SAFE = Policy("safe", "mail-acl M { accept; } doc-acl D { html-filter SAFE; accept; }")


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailPolicies]:
    items = f"tcpserver {{ init-children 1; min-idle 1; max-idle 2; child-memory {LIMIT}; }}"
    sections = "html-filter SAFE { defang; max-size 20M deny; }"
    folder = tmp_path_factory.mktemp("memory")
    with MailPolicies(folder, [SAFE], MAILS, sections, items) as policies:
        yield policies


@pytest.fixture(scope="module")
def table() -> Iterator[FaultTable]:
    table = FaultTable(f"mails for which memory is short (child-memory {LIMIT >> 20}M)")
    yield table
    print(table)


class Session(NamedTuple):
    client: imaplib.IMAP4
    child: int


@pytest.fixture
def session(policies: MailPolicies) -> Iterator[Session]:
    with policies.session(SAFE.name) as client:
        client.select()
        wait_until(lambda: len(busy(policies.proxy.pid)) == 1, "the only child with a session")
        [child] = busy(policies.proxy.pid)
        yield Session(client, child)
        assert busy(policies.proxy.pid) == [child]


def fetch(client: imaplib.IMAP4, name: str) -> str:
    """What the client is told; of a mail that is refused nothing else comes."""
    number = list(MAILS).index(name) + 1
    status, data = client.fetch(str(number), "(BODY.PEEK[])")
    if status == "OK":
        return status
    [told] = data
    assert isinstance(told, bytes)
    return told.decode()


def died(policies: MailPolicies) -> list[str]:
    return [line for it in ("TCPS-640", "TCPS-641") for line in policies.proxy.logged(it)]


@pytest.mark.parametrize("name", LARGE)
def test_download(
    policies: MailPolicies, table: FaultTable, session: Session, name: str
) -> None:
    before = len(policies.proxy.logged("IMAP-624"))
    with table.case(f"FETCH, {name}, {len(MAILS[name])} octets", session.child) as row:
        with Watch(session.child) as watch:
            assert fetch(session.client, name) == NO_ROOM
        row.outcome = "refused, logged, the next mail passes"
        assert watch.growth < LIMIT + RESERVE
        assert fetch(session.client, "clean") == "OK"
    lines = policies.proxy.wait_for("IMAP-624", before + 1)[before:]
    assert len(lines) == 1 and lines[0].endswith(f"DIRECTION=IN SIZE={len(MAILS[name])}")
    assert not died(policies)


@pytest.mark.parametrize("name", LARGE)
def test_upload(policies: MailPolicies, table: FaultTable, session: Session, name: str) -> None:
    """What is refused has not reached the server."""
    with table.case(f"APPEND, {name}, {len(MAILS[name])} octets", session.child) as row:
        status, data = session.client.append("INBOX", "", "", MAILS[name])
        assert (status, data) == ("NO", [NO_ROOM.encode()])
        row.outcome = "refused, logged, the next mail passes"
        assert fetch(session.client, "clean") == "OK"
    with imaplib.IMAP4(HOST, policies.server.port) as direct:
        direct.login(USER, PASSWORD)
        assert direct.select() == ("OK", [b"%d" % len(MAILS)])
    assert not died(policies)


def test_many_refused_mails_cost_nothing_that_stays(
    policies: MailPolicies, table: FaultTable, session: Session
) -> None:
    with table.case("FETCH of all of them, five times", session.child) as row:
        for _ in range(5):
            assert {fetch(session.client, name) for name in LARGE} == {NO_ROOM}
            assert fetch(session.client, "clean") == "OK"
        row.outcome = "refused each time, the mail between them passes"


def test_any_amount(tmp_path, table: FaultTable) -> None:
    """The same mails pass where memory is not bounded: that is what they were refused for."""
    items = "tcpserver { init-children 1; min-idle 1; max-idle 2; child-memory 0; }"
    sections = "html-filter SAFE { defang; max-size 20M deny; }"
    with MailPolicies(tmp_path, [SAFE], MAILS, sections, items) as policies:
        try:
            for name in LARGE:
                with table.case(f"child-memory 0: FETCH, {name}") as row:
                    policies.fetch(SAFE.name, name)
                    row.outcome = "passed"
        except Refused as refused:
            pytest.fail(str(refused))
