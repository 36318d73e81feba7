"""The units in conf: systemd accepts them, and the programs can work within their limits."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Iterator

import pytest

from imap4proxy import oob
from kernun_common.auth.passwd import Entry, hashed
from kernun_common.secret import Secret
from tests.support.certificates import Authority, write
from tests.support.daemons import below, title
from tests.support.fake_imap import obliging
from tests.support.oob import Desk, Visitor
from tests.support.peers import FakeServer, connect
from tests.support.ports import HOST
from tests.support.process import Process
from tests.support.proxy import ROOT, Proxy
from tests.support.tls import client_context

UNIT = ROOT / "conf" / "imap4-proxy.service"
PAGE = ROOT / "conf" / "kernun-oob@.service"
OF_THE_SYSTEM = re.compile(r"(/usr)?/lib/systemd/")  # a unit of the machine, which is read too
NET_BIND_SERVICE = 10  # the number of CAP_NET_BIND_SERVICE
EXPOSURE = 3.0  # systemd's scale: 10 is unsafe, below 5 is OK

# prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN): what MemoryDenyWriteExecute means to the kernel
WITHOUT_NEW_CODE = """
import ctypes, os, sys
assert ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])
"""


def setting(name: str, unit: Path = UNIT) -> str:
    [value] = re.findall(rf"(?m)^{name}=(.*)$", unit.read_text())
    return value


@pytest.fixture(params=[UNIT, PAGE], ids=["proxy", "page"])
def unit(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The unit with programs that exist on this machine."""
    path = tmp_path / request.param.name
    text = re.sub(r"/usr/local/bin/\S+", sys.executable, request.param.read_text())
    path.write_text(re.sub(r"(?m)^Documentation=.*\n", "", text))
    return path


def analyze(*arguments: object) -> str:
    command = ["systemd-analyze", *map(str, arguments)]
    environment = {**os.environ, "LANG": "C"}
    result = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


def test_verify(unit: Path) -> None:
    said = analyze("verify", unit).splitlines()
    assert [line for line in said if not OF_THE_SYSTEM.match(line)] == []


def test_security(unit: Path) -> None:
    found = analyze("security", "--offline=true", "--no-pager", unit)
    print(found.splitlines()[-1])
    [exposure] = re.findall(r"Overall exposure level for \S+: ([\d.]+)", found)
    assert float(exposure) <= EXPOSURE


@pytest.fixture
def jail() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can give capabilities up one by one"
)


def bounds(unit: Path) -> str:
    """As setpriv takes them."""
    names = setting("CapabilityBoundingSet", unit).split()
    return "-all," + ",".join("+" + name.removeprefix("CAP_").lower() for name in names)


@needs_root
def test_the_program_works_within_it(tmp_path: Path, jail: Path) -> None:
    limits = ["setpriv", "--bounding-set", bounds(UNIT), "--inh-caps", "-all", "--no-new-privs"]
    path = str(tmp_path / "notify")
    with FakeServer(obliging()) as server, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(path)
        sock.settimeout(60)
        items = f'app-user nobody; chroot-dir "{jail}"; log-stats {{ file "stats.log"; }}'
        proxy = Proxy(tmp_path, plug_to=server.port, items=items)
        program = [sys.executable, "-m", "imap4proxy.main", "-f", proxy.path]
        command = [*limits, sys.executable, "-c", WITHOUT_NEW_CODE, *program]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "NOTIFY_SOCKET": path}
        with Process(command, tmp_path / "log", environment) as process:
            assert sock.recv(100) == b"READY=1"
            with connect(proxy.port) as client:
                client.line()
                assert b"x OK" in client.command(b"LOGIN alice secret")
                [child] = [it for it in below(process.pid) if "child: 127.0.0.1" in title(it)]
                assert capability_sets(child.pid) == {0}
                client.command(b"LOGOUT")
            process.stop()
        assert process.popen.returncode == 0
        assert "IMAP-888" in (tmp_path / "stats.log").read_text()


@needs_root
def test_the_page_works_within_it(jail: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a port below 1024, with TLS; of root there is the name only: others may have no Python."""
    authority = Authority("CA")
    files = authority.issue(HOST, ips=[HOST]).write(jail)
    line = Entry("alice", hashed(Secret(b"wonderland"))).write()
    passwords = write(jail / "passwd", line.encode())
    sections = f"""passwd-auth STAFF {{ file "{passwords}"; }}
        ssl-params IN {{ cert-file "{files.cert}"; key-file "{files.key}"; }}"""
    items = f'ssl-params IN; auth passwd STAFF; store "{jail}/logins";'
    desk = Desk(jail, items, sections=sections, port=low_port(), limits=limits_of_the_page())
    monkeypatch.setenv("NOTIFY_SOCKET", str(jail / "notify"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(jail / "notify"))
        sock.settimeout(60)
        with desk as served:
            assert sock.recv(100) == b"READY=1"
            visitor = Visitor(served.port, tls=client_context(authority))
            assert visitor.log_in("alice", "wonderland") == 303
            assert capability_sets(served.process.pid) == {1 << NET_BIND_SERVICE}
            assert served.stop() == 0


def limits_of_the_page() -> list[object]:
    """No capability but those that the unit gives it."""
    given = setting("AmbientCapabilities", PAGE)
    assert given == setting("CapabilityBoundingSet", PAGE) == "CAP_NET_BIND_SERVICE"
    sets = [f"--{name}={bounds(PAGE)}" for name in ("bounding-set", "inh-caps", "ambient-caps")]
    return ["setpriv", *sets, "--no-new-privs", sys.executable, "-c", WITHOUT_NEW_CODE]


def low_port() -> int:
    """A free one that takes the capability."""
    lowest = int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())
    assert lowest == 1024
    for port in range(1023, 600, -1):
        with suppress(OSError), socket.create_server((HOST, port)):
            return port
    raise AssertionError("no port is free")


def test_what_transparency_adds() -> None:
    """What is commented out is what it takes beyond the rest."""
    [added] = re.findall(r"(?m)^#CapabilityBoundingSet=(.*)$", UNIT.read_text())
    assert added.split() == ["CAP_NET_ADMIN", "CAP_NET_RAW"]
    assert not set(added.split()) & set(capabilities())


def capability_sets(pid: int) -> set[int]:
    """Of a process: inheritable, permitted, effective, bounding, ambient."""
    found = re.findall(r"(?m)^Cap\w+:\s*(\w+)$", Path(f"/proc/{pid}/status").read_text())
    assert len(found) == 5
    return {int(digits, 16) for digits in found}


def capabilities() -> list[str]:
    return setting("CapabilityBoundingSet").split()


def test_what_it_says_of_the_program() -> None:
    assert setting("Type") == "notify"
    assert setting("RestartPreventExitStatus").split() == ["1", "2"]
    assert float(setting("TimeoutStopSec")) > 10  # terminate-wait


def test_what_it_says_of_the_page() -> None:
    """A folder of its own: systemd gives each to the one user of its unit."""
    assert setting("Type", PAGE) == "notify"
    assert setting("RestartPreventExitStatus", PAGE).split() == ["1", "2"]
    program, *words = setting("ExecStart", PAGE).split()
    assert Path(program).name == "kernun-oob"
    options = oob._parser().parse_args(words)
    assert (options.name, options.command) == ("%i", [])
    folder = setting("StateDirectory", PAGE)
    assert folder not in setting("StateDirectory").split()
    assert f"\n#ReadWritePaths=/var/lib/{folder}\n" in UNIT.read_text()
