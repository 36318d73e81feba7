"""mail_check: engines side by side, their findings and what is logged."""

import mmap
import os
import select
import threading

import pytest

from imap4proxy.mail_check import Findings, MailChecker
from imap4proxy.section.checks import Checks, UseAntispam, UseAntivirus
from kernun_common.antispam.section import Antispam
from kernun_common.antivirus.section import Antivirus, Connection
from kernun_common.antivirus.status import Status
from kernun_common.content import Content
from kernun_common.netio.section import SockOpt
from kernun_common.redis_store.section import Redis
from kernun_common.verdict_cache.section import VerdictCache
from tests.support.checking import at
from tests.support.children import in_child
from tests.support.engines import EICAR, EICAR_NAME
from tests.support.lines import Lines
from tests.support.memory import anonymous
from tests.support.peers import PATIENCE, FakeServer
from tests.support.waiting import wait_until

CLEAN = b"Subject: clean\r\n\r\nhello\r\n"
PATIENT = SockOpt(recv_timeout=PATIENCE)


def answering(octets):
    def script(peer):
        peer.send(octets)
        peer.rest()

    return script


SAYS = {
    Status.FOUND: answering(b"stream: X FOUND\0"),
    Status.FREE: answering(b"stream: OK\0"),
    Status.UNKNOWN: answering(b"INSTREAM size limit exceeded. ERROR\0"),
    Status.ERROR: lambda peer: None,
}
SPAMD = answering(b"SPAMD/1.1 0 EX_OK\r\nSpam: True ; 7.25 / 5.0\r\n\r\n")


class World:
    """A checker for engines on these ports; `begin` has a mail checked by all of them."""

    def __init__(self, *ports, spam=None, mode="lenient", sizes=(), cache=None):
        self.out = Lines()
        self.out.log.level = 7
        sections = [
            Antivirus(name=f"A{number}", connection=Connection(clamav=at(port)), sock_opt=PATIENT)
            for number, port in enumerate(ports)
        ]
        spam_sections = [Antispam(name="S", connection=at(spam))] if spam else []
        self.checker = MailChecker(sections, spam_sections, self.out.log, cache=cache)
        sizes = [*sizes, *[None] * len(sections)]
        self.checks = Checks(
            tuple(UseAntivirus(section, size) for section, size in zip(sections, sizes)),
            UseAntispam(spam_sections[0]) if spam else None,
            mode,
        )

    def begin(self, octets=CLEAN, readings=()):
        contents = [Content.of(f"part {at}", each) for at, each in enumerate(readings, 1)]
        return self.checker.check(self.checks, Content.of("mail", octets), contents, {})

    def findings(self, *arguments):
        check = self.begin(*arguments)
        assert check.finish()
        return check.findings


def test_no_engine():
    world = World()
    assert world.begin().over
    assert world.findings() == Findings(Status.SKIPPED, None, None)


def test_clamd(clamd):
    world = World(clamd.port)
    assert world.findings(CLEAN) == Findings(Status.FREE)
    assert world.findings(EICAR) == Findings(Status.FOUND, EICAR_NAME)
    assert world.findings(CLEAN, [EICAR]) == Findings(Status.FOUND, EICAR_NAME)
    assert [line for line in world.out.lines if "MAVC-710" in line] == [
        f"MAVC-710-N VIRUS-FOUND ANTIVIRUS=A0 VIRUS={EICAR_NAME} IN=mail",
        f'MAVC-710-N VIRUS-FOUND ANTIVIRUS=A0 VIRUS={EICAR_NAME} IN="part 1"',
    ]


def test_a_mail_in_the_mail_pool(clamd, tmp_path):
    """A descriptor is passed, and not the octets."""
    section = Antivirus(name="A", connection=Connection(clamav_file=clamd.path))
    checker = MailChecker([section], [], Lines().log)
    (tmp_path / "mail").write_bytes(EICAR)
    with open(tmp_path / "mail", "rb") as file:
        mail = Content.of("mail", b"not looked at", file.fileno())
        check = checker.check(Checks((UseAntivirus(section),)), mail, (), {})
        check.finish()
    assert check.findings == Findings(Status.FOUND, EICAR_NAME)


LARGE = 32 << 20


def test_a_large_mail_takes_no_memory(clamd, c_icap, tmp_path):
    """It is mapped, hashed and sent to all engines at once."""
    connections = [
        Connection(clamav=at(clamd.port)),
        Connection(clamav_file=clamd.path),
        Connection(icap=at(c_icap.port)),
    ]
    sections = [
        Antivirus(name=f"A{number}", connection=connection, max_checked_size=LARGE)
        for number, connection in enumerate(connections)
    ]
    cache = VerdictCache(path=str(tmp_path / "verdicts"))
    checker = MailChecker(sections, [], Lines().log, cache=cache)
    checks = Checks(tuple(UseAntivirus(section) for section in sections), mode="strict")

    def child():
        with open(tmp_path / "mail", "w+b") as file:
            file.truncate(LARGE)
            mail = mmap.mmap(file.fileno(), LARGE, prot=mmap.PROT_READ)
            before = anonymous(os.getpid())
            check = checker.check(checks, Content.of("mail", mail, file.fileno()), (), {})
            assert check.finish() and check.findings.virus_status is Status.FREE
            assert anonymous(os.getpid()) - before < LARGE // 8

    assert in_child(child) == 0


COMBINED = [
    ((Status.FREE, Status.FREE), Status.FREE, Status.FREE),
    ((Status.FREE, Status.FOUND), Status.FOUND, Status.FOUND),
    ((Status.FREE, Status.ERROR), Status.FREE, Status.ERROR),
    ((Status.UNKNOWN, Status.FREE), Status.FREE, Status.UNKNOWN),
    ((Status.UNKNOWN, Status.ERROR), Status.UNKNOWN, Status.ERROR),
]


@pytest.mark.parametrize("said, lenient, strict", COMBINED)
def test_several_engines(said, lenient, strict):
    with FakeServer(SAYS[said[0]]) as first, FakeServer(SAYS[said[1]]) as second:
        for mode, status in (("lenient", lenient), ("strict", strict)):
            findings = World(first.port, second.port, mode=mode).findings()
            assert findings.virus_status is status
            assert findings.virus_name == ("X" if status is Status.FOUND else None)


def test_engines_work_at_the_same_time():
    """Each answers only when both have been asked."""
    both = threading.Barrier(3)

    def script(answer):
        def serve(peer):
            peer.until(b"\0\0\0\0" if answer.startswith(b"stream") else b"hello\r\n")
            both.wait(PATIENCE)
            peer.send(answer)

        return serve

    clean, spam = b"stream: OK\0", b"SPAMD/1.1 0 EX_OK\r\nSpam: True ; 7.25 / 5.0\r\n\r\n"
    with FakeServer(script(clean)) as first, FakeServer(script(clean)) as second:
        with FakeServer(script(spam)) as third:
            findings = World(first.port, second.port, spam=third.port).findings()
    assert findings == Findings(Status.FREE, None, 7250)


def test_antispam():
    with FakeServer(SPAMD) as server:
        world = World(spam=server.port)
        assert world.findings() == Findings(Status.SKIPPED, None, 7250)
    assert "SCORE ANTISPAM=S SCORE=7250 CACHED=NO" in world.out.lines[0]
    assert world.findings() == Findings(Status.SKIPPED, None, None)
    assert world.out.lines[1].startswith("MSPA-810-W UNCHECKED ANTISPAM=S REASON=")


def test_a_size_that_is_too_large():
    with FakeServer(SAYS[Status.FREE]) as server:
        assert World(server.port, sizes=[len(CLEAN)]).findings().virus_status is Status.FREE
        small = World(server.port, sizes=[len(CLEAN) - 1])
        assert small.begin().over
        assert small.findings().virus_status is Status.SKIPPED
    assert len(server.peers) == 1


def test_what_is_not_known_is_logged():
    with FakeServer(SAYS[Status.ERROR]) as server:
        world = World(server.port)
        assert world.findings().virus_status is Status.ERROR
    assert world.out.lines[-1].startswith(
        "MAVC-810-W UNCHECKED ANTIVIRUS=A0 STATUS=error REASON="
    )


def test_a_loop_of_its_own(clamd):
    """As a session does it, which waits for other things as well."""
    check = World(clamd.port).begin(EICAR + bytes(1 << 20))
    turns = 0
    while not check.over:
        poll = select.poll()
        for want in check.wants():
            poll.register(want.fd, want.mask)
        check.step([fd for fd, _ in poll.poll(PATIENCE * 1000)])
        turns += 1
    assert turns > 1 and check.findings.virus_status is Status.FREE
    assert check.wants() == []


def test_time_passes_where_nothing_is_ready():
    """`step` without a descriptor changes nothing before the deadline."""
    over = threading.Event()
    with FakeServer(lambda peer: over.wait(PATIENCE)) as server:
        check = World(server.port).begin()
        for _ in range(3):
            assert not check.step()
        wait_until(lambda: server.peers, "the server to accept")
        before = len(os.listdir("/proc/self/fd"))
        check.close()
        assert check.over and len(os.listdir("/proc/self/fd")) == before - 1
        over.set()


def test_the_end_of_the_program():
    read_end, write_end = os.pipe()
    os.close(write_end)
    over = threading.Event()
    with FakeServer(lambda peer: over.wait(PATIENCE)) as server:
        check = World(server.port).begin()
        assert not check.finish(read_end)
        check.close()
        over.set()
    os.close(read_end)


# --- with a verdict-cache --------------------------------------------------------------------


def clamd_script(version, answer):
    def script(peer):
        if peer.until(b"\0") == b"zVERSION\0":
            peer.send(b"ClamAV %d\0" % version())
        else:
            peer.send(answer())
            peer.rest()

    return script


class Cached(World):
    """With a file in this folder."""

    def __init__(self, folder, ports, **items):
        super().__init__(*ports, cache=VerdictCache(path=str(folder / "verdicts")), **items)

    def cached(self, *arguments):
        """Findings, and whether the last engine that ended was not asked."""
        findings = self.findings(*arguments)
        [*_, last] = [line for line in self.out.lines if "CACHED=" in line]
        return findings, "CACHED=YES" in last


@pytest.fixture
def forgetful(monkeypatch):
    """Each check asks for the version anew."""
    monkeypatch.setattr("kernun_common.antivirus.engine.VERSION_SECONDS", -1.0)


def test_clamd_is_not_asked_again(clamd, tmp_path):
    for octets, findings in (
        (EICAR, Findings(Status.FOUND, EICAR_NAME)), (CLEAN, Findings(Status.FREE))
    ):
        assert Cached(tmp_path, [clamd.port]).cached(octets) == (findings, False)
        world = Cached(tmp_path, [clamd.port])
        assert world.cached(octets) == (findings, True)
        assert world.cached(octets + b" ") == (Findings(Status.FREE), False)
    lines = [line for line in world.out.lines if "MAVC-710" in line]
    assert lines == []


def test_a_virus_that_is_known_is_logged(clamd, tmp_path):
    world = Cached(tmp_path, [clamd.port])
    for place in ("mail", "<NULL>"):
        world.findings(EICAR)
        [*_, line] = [line for line in world.out.lines if "MAVC-710" in line]
        assert line.endswith(f"VIRUS={EICAR_NAME} IN={place}")


def test_a_new_database_is_asked(forgetful, tmp_path):
    versions, answers = iter([1, 1, 2, 2]), iter([b"stream: OK\0", b"stream: X FOUND\0"])
    script = clamd_script(lambda: next(versions), lambda: next(answers))
    with FakeServer(script) as server:
        world = Cached(tmp_path, [server.port])
        told = [world.cached() for _ in range(4)]
    assert [cached for _, cached in told] == [False, True, False, True]
    assert [findings.virus_name for findings, _ in told] == [None, None, "X", "X"]


def test_readings_and_sizes_are_part_of_the_question(clamd, tmp_path):
    world = Cached(tmp_path, [clamd.port])
    assert world.cached(CLEAN)[1] is False
    assert world.cached(CLEAN, [EICAR])[0].virus_name == EICAR_NAME
    assert world.cached(CLEAN) == (Findings(Status.FREE), True)
    small = Cached(tmp_path, [clamd.port], sizes=[len(CLEAN) - 1])
    assert small.cached(CLEAN) == (Findings(Status.SKIPPED), False)


@pytest.mark.parametrize("answer", [b"nonsense\0", b"INSTREAM size limit exceeded. ERROR\0"])
def test_what_is_not_sure_is_asked_again(tmp_path, answer):
    answers = iter([answer, b"stream: OK\0"])
    with FakeServer(clamd_script(lambda: 1, lambda: next(answers))) as server:
        world = Cached(tmp_path, [server.port])
        assert world.findings().virus_status in (Status.ERROR, Status.UNKNOWN)
        assert world.cached() == (Findings(Status.FREE), False)
        assert world.cached() == (Findings(Status.FREE), True)


def test_an_engine_that_is_down_is_an_error_all_the_same(forgetful, tmp_path):
    with FakeServer(clamd_script(lambda: 1, lambda: b"stream: OK\0")) as server:
        world = Cached(tmp_path, [server.port])
        assert world.findings().virus_status is Status.FREE
    assert world.findings().virus_status is Status.ERROR


def test_scores_are_kept(tmp_path):
    with FakeServer(SPAMD) as server:
        world = Cached(tmp_path, [], spam=server.port)
        for cached in (False, True):
            assert world.cached() == (Findings(Status.SKIPPED, None, 7250), cached)
    assert len(server.peers) == 1


def test_a_broken_cache_costs_no_verdict(clamd, tmp_path):
    (tmp_path / "verdicts").mkdir()
    world = Cached(tmp_path, [clamd.port])
    for _ in range(2):
        assert world.cached(EICAR) == (Findings(Status.FOUND, EICAR_NAME), False)
    assert len([line for line in world.out.lines if "MAVC-820" in line]) == 1


def test_proxies_share_a_redis(clamd, redis_server):
    cache = VerdictCache(redis=Redis(at(redis_server.port), prefix="test_mail_check:"))
    for cached in (False, True):
        world = World(clamd.port, cache=cache)
        assert Cached.cached(world, EICAR) == (Findings(Status.FOUND, EICAR_NAME), cached)
