"""conf/imap4-proxy.service: systemd accepts it, and the program can work within its limits."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator

import pytest

from tests.support.daemons import below, title
from tests.support.fake_imap import obliging
from tests.support.peers import FakeServer, connect
from tests.support.process import Process
from tests.support.proxy import ROOT, Proxy

UNIT = ROOT / "conf" / "imap4-proxy.service"
OF_THE_SYSTEM = re.compile(r"(/usr)?/lib/systemd/")  # a unit of the machine, which is read too
EXPOSURE = 3.0  # systemd's scale: 10 is unsafe, below 5 is OK

# prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN): what MemoryDenyWriteExecute means to the kernel
WITHOUT_NEW_CODE = """
import ctypes, os, sys
assert ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])
"""


def setting(name: str) -> str:
    [value] = re.findall(rf"(?m)^{name}=(.*)$", UNIT.read_text())
    return value


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with programs that exist on this machine."""
    path = tmp_path / UNIT.name
    text = re.sub(r"/usr/local/bin/\S+", sys.executable, UNIT.read_text())
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


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give capabilities up one by one")
def test_the_program_works_within_it(tmp_path: Path, jail: Path) -> None:
    bounds = ",".join("+" + it.removeprefix("CAP_").lower() for it in capabilities())
    limits = ["setpriv", "--bounding-set", f"-all,{bounds}", "--inh-caps", "-all", "--no-new-privs"]
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
