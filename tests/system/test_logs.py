"""The logs of the real program: each item of log(5) has its effect, a line stays a line, and a
password is in none."""

import base64
import json
import os
import re
import signal
import socket
import time

import pytest

from tests.support.dovecot import PASSWORD, Dovecot
from tests.support.fake_imap import obliging
from tests.support.peers import FakeServer, connect
from tests.support.proxy import Proxy

_CONFIGURATION = """
version IMAP4-PROXY-1_0-RELEASE;
imap4-proxy TEST {
    nodaemon;
    %s
    listen-on { non-transparent [127.0.0.1] port {port}; }
    tcpserver { init-children 1; min-idle 1; max-idle 2; }
    session-acl ALL { plug-to [127.0.0.1] : %d; accept; }
    command-acl ALL { no-mail-scanning; accept; }
}
"""
HEAD = r"\w{3} [ \d]\d \d\d:\d\d:\d\d \S+ imap4-proxy\[\d+\]: "
LINE = re.compile(HEAD + r"[A-Z]{4}-\d{3}-[CEWNIKDTF] .*")


@pytest.fixture(scope="module")
def server():
    with FakeServer(obliging()) as fake:
        yield fake


def proxy(folder, server, logs, **options):
    return Proxy(folder, configuration=_CONFIGURATION % (logs, server.port), **options)


def session(port, *commands):
    """One whole session, with these commands in it."""
    with connect(port) as client:
        client.line()
        for command in commands:
            client.command(command)
        client.command(b"LOGOUT")
        client.rest()


def wait_for(path, pattern, count=1):
    """The lines of a file once so many of them match; pytest ends what never comes."""
    while not path.exists() or len(re.findall(pattern, path.read_text(), re.M)) < count:
        time.sleep(0.02)
    return path.read_text().splitlines()


def test_standard_error(tmp_path, server):
    with proxy(tmp_path, server, "") as running:
        session(running.port)
        running.wait_for("IMAP-888")
        lines = running.log.splitlines()
    assert all(LINE.fullmatch(line) for line in lines)
    order = [line for line in lines if re.search("IMAP-(701|720|730|702|888)", line)]
    numbers = [re.search(r"IMAP-(\d+)", line)[1] for line in order]
    assert numbers == ["701", "720", "730", "702", "888"]


LEVELS = [
    # item, severities that a session leaves
    ("level error;", set()),
    ("level warning;", set()),
    ("level 6;", set("KIN")),
    ("", set("KIN")),
    ("level debug;", set("DKIN")),
]


@pytest.mark.parametrize("item, severities", LEVELS, ids=lambda value: str(value))
def test_level(tmp_path, server, item, severities):
    logs = f'log-debug {{ {item} }} log-stats {{ file "{tmp_path}/stats"; }}' if item else ""
    with proxy(tmp_path, server, logs) as running:
        session(running.port, b"LOGIN u p")
        time.sleep(0.2)
    assert running.status == 0
    assert {line[1] for line in re.finditer(r"\d-([A-Z]) ", running.log)} == severities


def test_stats_level(tmp_path, server):
    with proxy(tmp_path, server, "log-stats { level warning; }") as running:
        session(running.port)
        running.wait_for("IMAP-702")
    assert running.status == 0 and running.logged("IMAP-888") == []


def test_files(tmp_path, server):
    logs = f'log-debug {{ file "{tmp_path}/debug"; }} log-stats {{ file "{tmp_path}/stats"; }}'
    with proxy(tmp_path, server, logs) as running:
        session(running.port)
        stats = wait_for(tmp_path / "stats", "IMAP-888")
    debug = (tmp_path / "debug").read_text().splitlines()
    assert running.log == ""
    assert all(LINE.fullmatch(line) for line in debug + stats)
    assert len(stats) == 1 and "IMAP-888-I PROXY-EVENT PROTOCOL=TCP CLIENT=127.0.0.1" in stats[0]
    assert "IMAP-888" not in "".join(debug) and "TCPS-702-K" in debug[-1]
    assert (tmp_path / "stats").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("log", ["log-debug", "log-stats"])
def test_rotate(tmp_path, server, log):
    with proxy(tmp_path, server, f'{log} {{ file "{tmp_path}/d"; rotate 1K 2; }}') as running:
        for _ in range(10):
            session(running.port)
        wait_for(tmp_path / "d.2", "")
    kept = sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("d"))
    assert kept == ["d", "d.1", "d.2"]
    for name in kept:
        lines = (tmp_path / name).read_text().splitlines()
        assert lines and all(LINE.fullmatch(line) for line in lines)


# A log, a message in it, and one in the other.
LOGS = [("log-debug", "IMAP-702", "IMAP-888"), ("log-stats", "IMAP-888", "IMAP-702")]
either_log = pytest.mark.parametrize("log, own, other", LOGS, ids=[row[0] for row in LOGS])


@either_log
def test_data_limit(tmp_path, server, log, own, other):
    with proxy(tmp_path, server, f"{log} {{ data-limit 8; }}") as running:
        session(running.port, b"LOGIN averylongusername p")
        assert ' USER="averylon"... ' in running.wait_for(own)[0]
        assert " USER=averylongusername " in running.wait_for(other)[0]


@pytest.fixture
def device(tmp_path):
    """A socket for syslog packets, and the words that make it /dev/log for a command alone."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
        folder = tmp_path / "dev"
        folder.mkdir()
        daemon.bind(str(folder / "log"))
        daemon.settimeout(30)
        script = (  # a /dev of its own, within a mount namespace of its own
            f"cp -a /dev/null /dev/zero /dev/random /dev/urandom {folder}"
            f" && ln -s /proc/self/fd {folder}/fd && mount --bind {folder} /dev"
            ' && exec "$@"'
        )
        yield daemon, ["unshare", "--mount", "sh", "-c", script, "sh"]


PACKET = re.compile(
    rb"<(\d+)>\w{3} [ \d]\d [\d:]{8} imap4-proxy\[\d+\]: [A-Z]{4}-\d{3}-([A-Z]) .*"
)
FACILITIES = [("facility mail;", 2), ("facility local3;", 19)]


@pytest.mark.parametrize("item, facility", FACILITIES)
def test_facility(tmp_path, server, device, item, facility):
    daemon, prefix = device
    with proxy(tmp_path, server, f"log-debug {{ {item} }}", prefix=prefix) as running:
        session(running.port, b"LOGIN u p")
        packets = [daemon.recv(2048)]
        while b"IMAP-702" not in packets[-1]:
            packets.append(daemon.recv(2048))
    found = [PACKET.fullmatch(packet) for packet in packets]
    assert {int(packet[1]) >> 3 for packet in found} == {facility}
    severities = {(packet[2], int(packet[1]) & 7) for packet in found}
    assert severities == {(b"K", 6), (b"I", 6), (b"N", 5)}
    assert running.logged("IMAP-888") and not running.logged("IMAP-702")


def test_facility_of_stats(tmp_path, server, device):
    daemon, prefix = device
    with proxy(tmp_path, server, "log-stats { facility uucp; }", prefix=prefix) as running:
        session(running.port)
        packet = PACKET.fullmatch(daemon.recv(2048))
        running.wait_for("IMAP-702")
    assert int(packet[1]) == (8 << 3) + 6 and b"IMAP-888-I PROXY-EVENT" in packet[0]
    assert not running.logged("IMAP-888")


@either_log
def test_json(tmp_path, server, log, own, other):
    with proxy(tmp_path, server, f"{log} {{ format json; }}") as running:
        session(running.port, b"LOGIN u p")
        while f'"{own}"' not in running.log:
            time.sleep(0.02)
        running.wait_for(other)  # the other log's format is its own
    said = [json.loads(line) for line in running.log.splitlines() if line.startswith("{")]
    (end,) = (one for one in said if one["id"] == own)
    assert end["fields"]["user"] == "u" and end["severity"] == "I" and end["pid"] != running.pid
    assert " USER=u " in end["text"]


@either_log
def test_syslog_failure_file(tmp_path, server, device, log, own, other):
    daemon, prefix = device
    logs = f'{log} {{ syslog-failure file; file "{tmp_path}/log"; }}'
    with proxy(tmp_path, server, logs, prefix=prefix) as running:
        session(running.port)
        while own.encode() not in daemon.recv(2048):
            pass
        daemon.close()
        session(running.port)
        lines = wait_for(tmp_path / "log", own)
    assert all(LINE.fullmatch(line) for line in lines)
    assert sum(own in line for line in lines) == 1


def test_syslog_failure_stop_of_stats(tmp_path, server, device):
    daemon, prefix = device
    running = proxy(tmp_path, server, "log-stats { syslog-failure stop; }", prefix=prefix)
    with running:
        session(running.port)
        daemon.recv(2048)
        daemon.close()
        session(running.port)
        assert running.process.wait() == 0


def test_syslog_failure_stop(tmp_path, server, device):
    daemon, prefix = device
    running = proxy(tmp_path, server, "log-debug { syslog-failure stop; }", prefix=prefix)
    with running:
        while b"TCPS-701" not in daemon.recv(2048):
            pass
        daemon.close()
        with connect(running.port) as client:
            assert b"* BYE " in client.rest()
        assert running.process.wait() == 0


def test_syslog_failure_stop_at_start(tmp_path, server, device):
    daemon, prefix = device
    daemon.close()
    running = proxy(tmp_path, server, "log-debug { syslog-failure stop; }", prefix=prefix)
    with pytest.raises(RuntimeError, match="it ended with 1"):
        running.start()
    assert re.search(r"\.cfg:5:\d+: /dev/log: Connection refused", running.log)


def test_signals_move_the_level_and_reopen_files(tmp_path, server):
    with proxy(tmp_path, server, f'log-debug {{ file "{tmp_path}/d"; level error; }}') as running:
        session(running.port)
        for _ in range(3):
            running.process.signal(signal.SIGUSR1)
            time.sleep(0.3)  # signals of one kind do not queue
        session(running.port)
        wait_for(tmp_path / "d", "IMAP-702")
        os.rename(tmp_path / "d", tmp_path / "moved")
        running.process.signal(signal.SIGWINCH)
        while not (tmp_path / "d").exists():
            time.sleep(0.02)
        session(running.port)
        wait_for(tmp_path / "d", "IMAP-702")
    assert (tmp_path / "moved").read_text().count("IMAP-701") == 1


FORGED = "x\r\nJan  1 00:00:00 fw imap4-proxy[1]: IMAP-702-I USER=root \x1b[2J \"=é"


def test_a_peer_forges_nothing(tmp_path, server):
    octets = FORGED.encode()
    with proxy(tmp_path, server, "log-debug { level full; }") as running:
        with connect(running.port) as client:
            client.line()
            client.send(b"a LOGIN {%d+}\r\n%s p\r\n" % (len(octets), octets))
            client.command(b"LOGOUT")
        end = running.wait_for("IMAP-702")
        lines = running.log.splitlines()
    assert all(LINE.fullmatch(line) and line.isascii() for line in lines)
    assert len(end) == 1 and len(running.logged("IMAP-702")) == 1
    assert r' USER="x\x0d\x0aJan  1 00:00:00' in end[0] and r"USER\x3droot" in end[0]


def forging(peer):
    """A server that does the same, in all that it says."""
    octets = FORGED.partition("\r\n")[2].encode()
    peer.send(b"* OK [X " + octets + b"] " + octets + b"\r\n")
    while tag := peer.line().split()[0]:
        peer.send(b"* X-" + octets.replace(b" ", b"-") + b" x\r\n")
        peer.send(b"* CAPABILITY IMAP4rev1\r\n")
        peer.send(tag + b" NO [X " + octets + b"] " + octets + b"\r\n")


def bidding_farewell(peer):
    peer.send(b"* BYE " + FORGED.partition("\r\n")[2].encode() + b"\r\n")


@pytest.mark.parametrize("script", [forging, bidding_farewell])
def test_a_server_forges_nothing(tmp_path, script):
    with FakeServer(script) as evil, proxy(tmp_path, evil, "log-debug { level full; }") as running:
        with connect(running.port) as client:
            client.line()
            client.send(b"a LOGIN alice p\r\nb NOOP\r\n")
            client.end_sending()
            client.rest()
        running.wait_for("IMAP-702")
        lines = running.log.splitlines()
    assert all(LINE.fullmatch(line) and line.isascii() for line in lines)
    assert len([line for line in lines if re.match(HEAD + "IMAP-702-I ", line)]) == 1
    assert not [line for line in lines if " USER=root" in re.sub('"[^"]*"', "", line)]


SECRET = "s3cr3t-Pass_word"
PLAIN = base64.b64encode(f"\0alice\0{SECRET}".encode())
LOGINS = [
    b"x LOGIN alice %s\r\n" % SECRET.encode(),
    b'x LOGIN alice "%s"\r\n' % SECRET.encode(),
    b"x LOGIN alice {%d+}\r\n%s\r\n" % (len(SECRET), SECRET.encode()),
    b"x AUTHENTICATE PLAIN %s\r\n" % PLAIN,
    b"x AUTHENTICATE PLAIN\r\n%s\r\n" % PLAIN,
    b"x LOGIN alice %s junk\r\n" % SECRET.encode(),
    b"x LOGIN alice (%s)\r\n" % SECRET.encode(),
    b"x AUTHENTICATE PLAIN %s=junk\r\n" % PLAIN,
    b"x LOGON alice %s\r\n" % SECRET.encode(),
    b"%s alice %s\r\n" % (SECRET.encode(), SECRET.encode()),
]


@pytest.mark.parametrize("octets", LOGINS)
def test_no_password(tmp_path, server, octets):
    """Neither as it is nor as it was encoded, at the highest level, refused or not."""
    with proxy(tmp_path, server, "log-debug { level full; }") as running:
        with connect(running.port) as client:
            client.line()
            client.send(octets)
            client.send(b"z LOGOUT\r\n")
            client.rest()
        running.wait_for("IMAP-888")
    written = running.log.encode()
    assert SECRET.encode() not in written and SECRET.encode().hex().encode() not in written
    assert PLAIN[8:-4] not in written and base64.b64encode(SECRET.encode())[:-4] not in written


def test_wrong_password_at_a_real_server(tmp_path):
    with Dovecot() as dovecot, Proxy(tmp_path, dovecot.port) as running:
        dovecot.fill("alice", [])
        with connect(running.port) as client:
            client.line()
            assert client.command(b"LOGIN alice " + SECRET.encode()).startswith(b"x NO ")
            assert b"x OK " in client.command(b"LOGIN alice " + PASSWORD.encode())
            client.command(b"LOGOUT")
        assert " USER=alice " in running.wait_for("IMAP-702")[0]
    assert SECRET not in running.log and f" {PASSWORD}" not in running.log
