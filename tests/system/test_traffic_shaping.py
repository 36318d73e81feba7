"""Traffic shaping with real packets: rates that are measured, and the classes in the kernel."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Barrier
from typing import Callable, Iterator, Sequence, TypeVar

import pytest

from tests.support.daemons import below, title
from tests.support.firewall import NOBODY, Firewall
from tests.support.mail_samples import HEAD
from tests.support.namespaces import Network
from tests.support.peers import FakeServer, Peer, connect
from tests.support.process import Process
from tests.support.proxy import ROOT
from tests.support.rates import Arrival, clamd, mailbox, spamd, timed, together

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes namespaces")

SIZE = 300_000  # octets of a mail: 2.4 seconds at 1 Mbit/s
SOME = 0.1  # Mbit/s: a machine may be slow, but not so slow

_CONFIGURATION = """
version IMAP4-PROXY-1_0-RELEASE;
queue SINGLE {{ per-session 1M; }}
queue SHARED {{ bandwidth 2M; dev {{ f0 }}; }}
queue MORE {{ bandwidth 500K; ceiling 2500K; dev {{ f0, f1 }}; priority 3; }}
antivirus VIRUS {{ connection clamav [10.77.2.2] : 3310; }}
antispam SPAM {{ connection [10.77.2.2] : 783; }}
imap4-proxy {name} {{
    nodaemon;
    log-debug {{ level full; }}
    tcpserver {{ init-children 4; min-idle 1; max-idle 8; }}
    mail-pool {{ free 1M; dir "{session}"; }}
    {items}
    listen-on {{ non-transparent [10.77.1.1] port 1190 to 1196; {listen} }}
    session-acl SINGLE {{ to * port 1191; {plug_to} altq to-client SINGLE; accept; }}
    session-acl SHARED {{ to * port 1192; {plug_to} altq to-client SHARED; accept; }}
    session-acl MORE {{ to * port 1193; {plug_to} altq to-client SHARED; accept; }}
    session-acl FREE {{ {plug_to} accept; }}
    command-acl MORE {{ session-acl MORE; no-mail-scanning; altq to-client MORE; accept; }}
    command-acl SERVER {{ to * port 1194; no-mail-scanning; altq to-server SINGLE; accept; }}
    command-acl VIRUS {{
        to * port 1195; use-antivirus enable VIRUS; altq to-antivirus SINGLE; accept;
    }}
    command-acl SPAM {{
        to * port 1196; use-antispam enable SPAM; altq to-antispam SINGLE; accept;
    }}
    command-acl ALL {{ no-mail-scanning; accept; }}
    mail-acl ALL {{ accept; }}
    doc-acl ALL {{ accept; }}
}}
""".replace("{plug_to}", "plug-to [10.77.2.2] : 143;")

PORT = {"FREE": 1190, "SINGLE": 1191, "SHARED": 1192, "MORE": 1193, "SERVER": 1194}
PORT |= {"VIRUS": 1195, "SPAM": 1196}


class Shaping(Firewall):
    """A proxy with queues; it listens at each port of PORT."""

    def __init__(self, network: Network, folder: Path, items: str = NOBODY) -> None:
        folder.chmod(0o755)
        pool = folder / "pool"
        pool.mkdir(exist_ok=True)
        pool.chmod(0o777)
        session, listen = str(pool), "non-transparent [127.0.0.1] port {port};"
        super().__init__(network, folder, listen, items, session, configuration=_CONFIGURATION)


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with Network() as network:
        yield network


Arrivals = dict[str, list[Arrival]]
T = TypeVar("T")


@pytest.fixture(scope="module")
def arrivals(network: Network) -> Iterator[Arrivals]:
    """What the servers measure."""
    found: Arrivals = {"SERVER": [], "VIRUS": [], "SPAM": []}
    with ExitStack() as stack, network.server.entered():
        host = network.server.hosts[4]
        scripts = {143: mailbox(SIZE, found["SERVER"]), 3310: clamd(found["VIRUS"])}
        for port, script in {**scripts, 783: spamd(found["SPAM"])}.items():
            stack.enter_context(FakeServer(script, host, port))
        yield found


@pytest.fixture(scope="module")
def proxy(
    tmp_path_factory: pytest.TempPathFactory, network: Network, arrivals: Arrivals
) -> Iterator[Shaping]:
    with Shaping(network, tmp_path_factory.mktemp("proxy")) as proxy:
        yield proxy


def session(network: Network, name: str, work: Callable[[Peer], T]) -> T:
    with network.client.entered():
        client = connect(PORT[name], network.firewall.hosts[4])
    with client:
        client.line()
        client.command(b"LOGIN alice secret")
        client.command(b"SELECT INBOX")
        return work(client)


def download(client: Peer) -> Arrival:
    asked = time.monotonic()
    client.send(b"x FETCH 1 BODY[]\r\n")
    client.until(b"{%d}\r\n" % SIZE)
    arrival = timed(client, SIZE)
    client.until(b"x OK")
    return arrival._replace(begin=asked)


def upload(client: Peer) -> None:
    mail = HEAD + b"\r\n" + b"hello you\r\n" * (SIZE // 11)
    answer = client.command(b"APPEND INBOX {%d+}\r\n" % len(mail) + mail)
    assert b"x OK" in answer, answer


def downloads(network: Network, *names: str) -> list[Arrival]:
    """Several at the same time."""
    together = Barrier(len(names), timeout=60)

    def work(client: Peer) -> Arrival:
        together.wait()
        return download(client)

    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(lambda name: session(network, name, work), names))


def told(what: str, figure: float) -> float:
    """For the reader of the test's output."""
    print(f"{what}: {figure:.2f} Mbit/s")
    return figure


def test_per_session(proxy: Shaping, network: Network) -> None:
    """Two sessions of 1 Mbit/s each, beside one that nobody slows down."""
    *slow, fast = downloads(network, "SINGLE", "SINGLE", "FREE")
    for arrival in slow:
        assert SOME < told("per-session 1M", arrival.megabits)
        assert arrival.paced < 1.05
    assert told("without a queue", fast.megabits) > 2
    assert fast.end < slow[0].end


def test_bandwidth(proxy: Shaping, network: Network) -> None:
    """Four sessions share 2 Mbit/s."""
    four = downloads(network, *["SHARED"] * 4)
    for arrival in four:
        told("one of four that share 2M", arrival.megabits)
    assert SOME < told("bandwidth 2M, four sessions together", together(four)) < 2.3


def test_ceiling(proxy: Shaping, network: Network) -> None:
    """Where the other queue is quiet, more than the bandwidth.  The command-acl's queue wins."""
    [alone] = downloads(network, "MORE")
    assert 0.6 < told("bandwidth 500K, ceiling 2500K, alone", alone.megabits) < 2.8


@pytest.mark.parametrize("name", ["SERVER", "VIRUS", "SPAM"])
def test_the_other_directions(
    proxy: Shaping, network: Network, arrivals: Arrivals, name: str
) -> None:
    """to-server, to-antivirus, to-antispam."""
    asked = time.monotonic()
    session(network, name, upload)
    arrival = arrivals[name][0]  # of the mail; antivirus gets its documents behind it
    assert arrival.octets > SIZE / 2
    assert SOME < told(f"{name.lower()}, 1M", arrival.megabits)
    assert arrival._replace(begin=asked).paced < 1.05


def test_what_children_keep(proxy: Shaping, network: Network) -> None:
    """CAP_NET_RAW alone, by which this kernel lets packets be led to a class."""

    def look(client: Peer) -> None:
        [child] = [it for it in below(proxy.pid) if "child: 10.77.1.2" in title(it)]
        status = Path(f"/proc/{child.pid}/status").read_text()
        kept = {int(found, 16) for found in re.findall(r"Cap(?:Eff|Prm):\s*(\w+)", status)}
        assert len(kept) == 1 and kept <= {1 << 12, 1 << 13}

    session(network, "SHARED", look)


# --- in the kernel ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def other_network() -> Iterator[Network]:
    with Network() as network:
        yield network


def shown(network: Network) -> str:
    """Disciplines and classes of all devices, but for what is counted."""
    lines = network.firewall.run("tc", "qdisc", "show")
    for device in ("f0", "f1"):
        lines += network.firewall.run("tc", "class", "show", "dev", device)
    return re.sub(r" (refcnt|direct_packets_stat) \d+", "", lines)


@pytest.fixture
def quiet(other_network: Network) -> Iterator[Network]:
    """Each test leaves it as it was."""
    before = shown(other_network)
    yield other_network
    assert shown(other_network) == before


def classes(network: Network, device: str) -> list[str]:
    """The leaves: what a queue has."""
    text = network.firewall.run("tc", "class", "show", "dev", device)
    return sorted(re.findall(r"parent \S+ (?:leaf \S+ )?(prio \d rate \S+ ceil \S+)", text))


MORE, SHARED = "prio 3 rate 500Kbit ceil 2500Kbit", "prio 0 rate 2Mbit ceil 2Mbit"


@pytest.mark.parametrize("items", [NOBODY, f"{NOBODY} singleproc;"])
def test_classes_go_at_the_end(tmp_path: Path, quiet: Network, items: str) -> None:
    with Shaping(quiet, tmp_path, items):
        assert classes(quiet, "f0") == [SHARED, MORE]
        assert classes(quiet, "f1") == [MORE]


def test_classes_after_a_kill(tmp_path: Path, quiet: Network) -> None:
    """The next start, here with other queues and one device less, replaces them."""
    proxy = Shaping(quiet, tmp_path)
    proxy.start()
    proxy.kill()
    assert classes(quiet, "f1") == [MORE]
    text = proxy.path.read_text().replace("{ f0, f1 }", "{ f0 }").replace("500K;", "700K;")
    proxy.path.write_text(re.sub(r"\bSHARED\b", "RENAMED", text))
    with proxy:
        assert classes(quiet, "f0") == [SHARED, MORE.replace("500", "700")]
        assert "htb" not in quiet.firewall.run("tc", "qdisc", "show", "dev", "f1")


def test_a_reload_swaps_them(tmp_path: Path, quiet: Network) -> None:
    with Shaping(quiet, tmp_path) as proxy:
        text = proxy.path.read_text()
        proxy.path.write_text(text.replace("bandwidth 2M", "bandwidth 4M"))
        proxy.process.signal(signal.SIGHUP)
        proxy.wait_for("TCPS-701", 2)
        assert classes(quiet, "f0") == [SHARED.replace("2M", "4M"), MORE]
        proxy.path.write_text(text.replace("{ f0 }", "{ nowhere0 }"))
        proxy.process.signal(signal.SIGHUP)
        assert "there is no device nowhere0" in proxy.wait_for("TCPS-646")[0]
        assert classes(quiet, "f0") == [SHARED.replace("2M", "4M"), MORE]


@contextmanager
def in_the_firewall(
    proxy: Shaping,
    network: Network,
    log: Path,
    prefix: Sequence[str] = (),
    program: Sequence[str] = ("imap4proxy.main",),
) -> Iterator[Process]:
    """As it is started, without waiting."""
    command = [*prefix, sys.executable, "-m", *program, "-f", proxy.path]
    with network.firewall.entered():
        with Process(command, log, {**os.environ, "PYTHONPATH": str(ROOT)}) as process:
            yield process


def test_a_device_that_goes(tmp_path: Path, quiet: Network) -> None:
    """A reload is refused as long as the configuration names it, and forgets it otherwise."""
    quiet.firewall.run("ip", "link", "add", "d0", "up", "type", "veth", "peer", "name", "d1")
    proxy = Shaping(quiet, tmp_path)
    text = proxy.path.read_text()
    proxy.path.write_text(text.replace("{ f0, f1 }", "{ f0, d0 }"))
    with proxy:
        assert classes(quiet, "d0") == [MORE]
        quiet.firewall.run("ip", "link", "del", "d0")
        proxy.process.signal(signal.SIGHUP)
        assert "there is no device d0" in proxy.wait_for("TCPS-646")[0]
        proxy.path.write_text(text)
        proxy.process.signal(signal.SIGHUP)
        proxy.wait_for("TCPS-701", 2)
        assert len(proxy.logged("TCPS-646")) == 1
        assert (classes(quiet, "f0"), classes(quiet, "f1")) == ([SHARED, MORE], [MORE])


def without_queues(proxy: Shaping) -> None:
    text = re.sub(r"queue .*\n", "", proxy.path.read_text())
    proxy.path.write_text(re.sub(r"altq to-\w+ \w+;", "", text))


def test_no_queues_and_no_proc(tmp_path: Path, quiet: Network) -> None:
    """Nothing is to be shaped, so nothing is looked for there."""
    proxy = Shaping(quiet, tmp_path)
    without_queues(proxy)
    with in_the_firewall(proxy, quiet, tmp_path / "log", WITHOUT_PROC) as process:
        process.wait_until(lambda: "TCPS-701" in process.output, "the start")
        process.signal(signal.SIGTERM)
        assert process.wait() == 0


def test_a_queue_and_no_proc(tmp_path: Path, quiet: Network) -> None:
    proxy = Shaping(quiet, tmp_path)
    with in_the_firewall(proxy, quiet, tmp_path / "log", WITHOUT_PROC) as process:
        assert process.wait(60) == 1
    assert "/proc/self/ns/net cannot be locked: No such file" in process.output


@contextmanager
def lock_taken(network: Network) -> Iterator[None]:
    """Somebody else changes disciplines there, and does not get ready."""
    with open(f"/proc/{network.firewall.pid}/ns/net", "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def test_no_queues_and_the_lock_taken(tmp_path: Path, quiet: Network) -> None:
    """It is nothing to this proxy."""
    proxy = Shaping(quiet, tmp_path)
    without_queues(proxy)
    with lock_taken(quiet), proxy:
        pass
    assert proxy.status == 0


def test_the_lock_taken(tmp_path: Path, quiet: Network) -> None:
    """It waits half a minute, and no longer."""
    proxy = Shaping(quiet, tmp_path)
    with lock_taken(quiet), in_the_firewall(proxy, quiet, tmp_path / "log") as process:
        assert process.wait(90) == 1
    assert "another program has had the lock of /proc/self/ns/net for 30 s" in process.output


def test_several_proxies_share_a_device(tmp_path: Path, quiet: Network) -> None:
    second = tmp_path / "second"
    second.mkdir()
    with Shaping(quiet, tmp_path):
        other = Shaping(quiet, second)
        text = other.path.read_text().replace("imap4-proxy FIREWALL", "imap4-proxy SECOND")
        other.path.write_text(text.replace("1190 to 1196", "1290 to 1296"))
        with other:
            assert classes(quiet, "f0") == [SHARED, SHARED, MORE, MORE]
        assert classes(quiet, "f0") == [SHARED, MORE]


FOREIGN = "qdisc add dev f0 root handle 1: htb\n"
BELOW = "class add dev f0 parent 1: classid 1:10 htb rate 3mbit\n"


@contextmanager
def unchanged(network: Network, commands: str) -> Iterator[None]:
    """Somebody else has given these commands to tc; he finds everything as it was."""
    network.firewall.run("tc", "-batch", "-", text=commands)
    before = shown(network)
    try:
        yield
        assert shown(network) == before
    finally:
        if commands:
            network.firewall.run("tc", "qdisc", "del", "dev", "f0", "root")


def test_parent(tmp_path: Path, quiet: Network) -> None:
    """Under a class of somebody else."""
    proxy = Shaping(quiet, tmp_path)
    text = proxy.path.read_text().replace("{ f0, f1 }", "{ f0 }")
    proxy.path.write_text(text.replace("dev { f0 };", 'dev { f0 }; parent "1:10";'))
    with unchanged(quiet, FOREIGN + BELOW), proxy:
        assert classes(quiet, "f0")[-2:] == [SHARED, MORE]
        assert re.search("class htb 1:[89a-f]... parent 1:10 ", shown(quiet))


WITHOUT_TC = ["unshare", "--mount", "sh", "-c"]
WITHOUT_TC += ['mount --bind /dev/null "$(readlink -f "$(command -v tc)")"; exec "$@"', "sh"]
WITHOUT_PROC = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc; exec "$@"', "sh"]
WITHOUT_RIGHT = ["setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-all"]
PARENT = 'dev { f0 }; parent "1:20";'

BAD = [
    # dev of SHARED, words before the command, what is there, what it says
    ("dev { f0 };", WITHOUT_TC, "", "cannot be installed: the program tc is not installed"),
    ("dev { f0 };", WITHOUT_RIGHT, "", "cannot be installed: tc: "),
    ("dev { f0 };", (), FOREIGN, "f0 has a queueing discipline of somebody else: htb 1:"),
    ("dev { nowhere0 };", (), "", "there is no device nowhere0"),
    (PARENT, (), "", "f0 has no HTB with the class 1:20"),
    (PARENT, (), FOREIGN + BELOW, "f0 has no HTB with the class 1:20"),
]


@pytest.mark.parametrize("dev, prefix, present, words", BAD)
def test_what_cannot_be_had(
    tmp_path: Path, quiet: Network, dev: str, prefix: list[str], present: str, words: str
) -> None:
    """It says what is wrong and where, and ends; nothing has changed."""
    proxy = Shaping(quiet, tmp_path)
    text = proxy.path.read_text().replace("{ f0, f1 }", "{ f0 }" if "parent" in dev else "{ f1 }")
    proxy.path.write_text(text.replace("dev { f0 };", dev))
    programs = [["imap4proxy.main"], ["imap4proxy.testtool", "-r"]]
    if prefix == WITHOUT_RIGHT:
        programs.pop()  # it looks, and changes nothing
    with unchanged(quiet, present):
        for number, program in enumerate(programs):
            log = tmp_path / str(number)
            with in_the_firewall(proxy, quiet, log, prefix, program) as process:
                assert process.wait(60) == 1
            lines = process.output.splitlines()
            [line] = [it for it in lines if it.startswith(f"{proxy.path}:")]
            assert words in line
