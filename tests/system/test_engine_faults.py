"""Engines that are down, hang, talk nonsense or come back: what an ACL sees, and when.

`pytest -s` prints a table of statuses, seconds and reasons.  Seconds are those of a whole FETCH;
nothing is asked of them but that no mail waits for ever.
"""

from __future__ import annotations

import imaplib
import os
import signal
import threading
import time
from contextlib import ExitStack, contextmanager
from typing import Iterator, NamedTuple

import psutil
import pytest

from tests.support.dovecot import PASSWORD
from tests.support.engines import EICAR, Clamd, Engine, Spamd
from tests.support.faulty_engines import END, FAULTS, LONG, SHORT, Fault
from tests.support.mail_policies import USER, MailPolicies, Policy, Refused
from tests.support.mail_samples import mail, mixed, part
from tests.support.peers import FakeServer, Peer, connect
from tests.support.ports import HOST, free_ports
from tests.support.waiting import wait_until

HANGS = 30.0  # seconds that no FETCH may take
BODY = b"Good morning, this must not be read unchecked\r\n"
MIME = (b"MIME-Version: 1.0", b"Content-Type: text/plain; charset=us-ascii")
CLEAN = mail(*MIME, body=BODY + END)
MAILS = {
    "clean": CLEAN,
    "virus": mixed(part("application/octet-stream", EICAR, name="eicar.com")),
    **{f"more {each}": mail(*MIME, b"X-Number: %d" % each, body=BODY + END) for each in range(4)},
}
EVERY_ITEM = b"(ENVELOPE BODY.PEEK[] BODY.PEEK[TEXT] BODY.PEEK[1] RFC822.HEADER)"

# A mail passes where an engine has said something good of it; else its refusal tells why not.
BY_STATUS = "".join(
    f'mail-acl {status} {{ virus-status {status}; deny text "{status}"; }} '
    for status in ("found", "unknown", "error", "skipped")
) + "mail-acl rest { accept; } doc-acl D { accept; }"
BY_SCORE = (
    'mail-acl M { spam-score unknown; deny text "unknown"; } '
    "mail-acl rest { accept; } doc-acl D { accept; }"
)
PASSES = ("free", "known")


class Real(NamedTuple):
    """An engine with two sections: `hasty` gives up soon, `patient` does not."""

    kind: str
    engine: type[Engine]
    passes: str
    fails: str

    def of(self, manner: str) -> Fault:
        return Fault(self.kind, manner, None, self.passes, SHORT if manner == "hasty" else LONG)


REALS = [Real("clamav", Clamd, "free", "error"), Real("spamd", Spamd, "known", "unknown")]
MANNERS = ("hasty", "patient")


def policy(fault: Fault) -> Policy:
    return Policy(fault.name, BY_SCORE if fault.kind == "spamd" else BY_STATUS, fault.use)


class World(NamedTuple):
    policies: MailPolicies
    engines: dict[str, Engine]
    table: list[tuple[str, str, float, str]]

    def reason(self, name: str) -> str:
        lines = [*self.policies.proxy.logged("MAVC-810"), *self.policies.proxy.logged("MSPA-810")]
        told = [line.partition(" REASON=")[2] for line in lines if f"={name} " in line]
        return told[-1] if told else ""

    def tell(self, what: str, status: str, seconds: float, name: str) -> None:
        reason = self.reason(name) if status not in PASSES else ""
        self.table.append((what, status, seconds, reason))


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[World]:
    with ExitStack() as stack:
        sections = []
        for fault in FAULTS:
            script = fault.script
            port = stack.enter_context(FakeServer(script)).port if script else free_ports(1)[0]
            sections.append(fault.section(HOST, port))
        engines = {real.kind: stack.enter_context(real.engine()) for real in REALS}
        real_rows = [real.of(manner) for real in REALS for manner in MANNERS]
        sections += [row.section(HOST, engines[row.kind].port) for row in real_rows]
        policies = MailPolicies(
            tmp_path_factory.mktemp("faults"),
            [policy(fault) for fault in (*FAULTS, *real_rows)],
            MAILS,
            "\n".join(sections),
        )
        running = World(stack.enter_context(policies), engines, [])
        yield running
    print()
    for what, status, seconds, reason in running.table:
        print(f"{what:<42} {status:<8} {seconds:6.2f} s  {reason[:90]}")


def session(world: World, name: str) -> Peer:
    client = connect(world.policies.port(name))
    client.line()
    client.command(b"LOGIN %b %b" % (USER.encode(), PASSWORD.encode()))
    assert b"x OK" in client.command(b"SELECT INBOX")
    return client


def number(name: str) -> bytes:
    return b"%d" % (list(MAILS).index(name) + 1)


def fetch(client: Peer, name: str, passes: str) -> str:
    """The status by which an ACL was chosen; of a mail that is refused, nothing has come."""
    return judged(client.command(b"FETCH %b %b" % (number(name), EVERY_ITEM)), passes)


def judged(answer: bytes, passes: str) -> str:
    tagged = answer[answer.rindex(b"\r\nx ") + 2 :] if b"\r\nx " in answer else answer
    if tagged.startswith(b"x OK"):
        assert answer.count(BODY + END) == 3  # BODY[], BODY[TEXT], BODY[1]
        return passes
    assert tagged.startswith(b"x NO")
    for secret in (BODY[:10], b"Message-ID", b"m1@example.net", b"BODY[", b"ENVELOPE"):
        assert secret not in answer.replace(tagged, b"")
    return tagged.decode().split()[3]  # x NO [NOPERM] status


@contextmanager
def timed(spent: list[float]) -> Iterator[None]:
    start = time.monotonic()
    yield
    spent.append(time.monotonic() - start)
    assert spent[-1] < HANGS


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_download(world, fault):
    spent = []
    passes = "known" if fault.kind == "spamd" else "free"
    with session(world, fault.name) as client:
        with timed(spent):
            status = fetch(client, "clean", passes)
    world.tell(fault.name, status, spent[0], fault.name)
    assert status == fault.status


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_upload(world, fault):
    spent = []
    with timed(spent):
        if fault.status in PASSES:
            assert world.policies.append(fault.name, CLEAN) == CLEAN
            return
        with pytest.raises(Refused) as refused:
            world.policies.append(fault.name, CLEAN)
    assert str(refused.value).split()[1] == fault.status
    with imaplib.IMAP4(HOST, world.policies.server.port) as direct:
        direct.login(USER, PASSWORD)
        assert direct.select(f"of-{fault.name}") == ("OK", [b"0"])


def asked(engine: Engine) -> bool:
    """Is there a connection to it?"""
    return any(
        it.status == psutil.CONN_ESTABLISHED and it.raddr and it.raddr.port == engine.port
        for it in psutil.net_connections("tcp")
    )


def send(engine: Engine, number: int) -> None:
    """To the program and what it has started: it leads a group of its own."""
    os.killpg(engine.process.pid, number)


@pytest.mark.parametrize("real", REALS, ids=lambda real: real.kind)
def test_a_real_engine_between_fetches(world, real):
    """One session for each manner: served, stopped, hanging, killed while it has a mail, back."""
    engine = world.engines[real.kind]
    hasty, patient = (real.of(manner).name for manner in MANNERS)
    with session(world, hasty) as first, session(world, patient) as second:

        def step(what: str, client: Peer, mail: str, status: str, name: str = patient) -> None:
            spent = []
            with timed(spent):
                got = fetch(client, mail, real.passes)
            world.tell(f"{real.kind}: {what}", got, spent[0], name)
            assert got == status

        step("serves", second, "more 0", real.passes)
        send(engine, signal.SIGSTOP)
        step("hangs", first, "more 0", real.fails, hasty)
        wait_until(lambda: not asked(engine), "the end of the last question")
        spent = []
        with timed(spent):
            second.send(b"x FETCH %b %b\r\n" % (number("more 1"), EVERY_ITEM))
            wait_until(lambda: asked(engine), "the proxy to ask")
            send(engine, signal.SIGKILL)
            engine.process.wait()
            got = judged(second.until(b"\r\n"), real.passes)  # nothing but the tagged line
        world.tell(f"{real.kind}: killed while it has a mail", got, spent[0], patient)
        assert got == real.fails
        step("down", second, "more 2", real.fails)
        engine.start()
        step("back, the same session", second, "more 3", real.passes)
        step("back, what was refused stays so", second, "more 2", real.fails)
    with session(world, patient) as third:
        step("back, the same in a new session", third, "more 2", real.passes)


def test_a_restart_under_many_fetches(world):
    """While clamd is restarted mails pass or are refused; one with a virus never passes."""
    engine, name = world.engines["clamav"], REALS[0].of("patient").name
    over = threading.Event()
    told: list[str] = []
    spent: list[float] = []

    def fetches() -> None:
        try:
            while not over.is_set():
                with session(world, name) as client, timed(spent):
                    told.append(fetch(client, "clean", "free"))
                    told.append("virus: " + fetch(client, "virus", "passed"))
        except BaseException as failure:
            told.append(f"{type(failure).__name__}: {failure}")

    def seen(status: str) -> None:
        before = told.count(status)
        wait_until(lambda: told.count(status) > before or not thread.is_alive(), status)

    thread = threading.Thread(target=fetches)
    thread.start()
    try:
        for _ in range(2):  # not in the thread: the engine ends with that which started it
            seen("free")
            engine.stop()
            seen("error")
            engine.start()
        seen("virus: found")
    finally:
        over.set()
        thread.join()
    counts = ", ".join(f"{status} {told.count(status)}" for status in sorted(set(told)))
    world.table.append(("clamav: restarted twice", "", max(spent), f"the longest pair; {counts}"))
    assert set(told) == {"free", "error", "virus: found", "virus: error"}
