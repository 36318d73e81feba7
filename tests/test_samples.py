"""Every sample in conf/samples is good as it stands, given the files that it names."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.certificates import Authority, write

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "conf" / "samples"
BALANCED = [FOLDER / "haproxy" / name for name in ("one.cfg", "two.cfg")]  # users log in there
SAMPLES = [*sorted(FOLDER.glob("*.cfg")), *BALANCED]
FOR_ROOT = {"transparent.cfg"}  # others may not change the packet filter, as it says
WANTED = {"demo.cfg", "mail-scan.cfg", "plug-to.cfg", "starttls.cfg", "tls.cfg", "transparent.cfg"}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """What stands in /etc and /var of the machine that a sample is made for."""
    folder = tmp_path_factory.mktemp("files")
    authority = Authority("Example CA")
    issued = authority.issue("imap.example.org", dns=["imap.example.org"]).write(folder)
    ca = write(folder / "ca.pem", authority.pem)
    return {
        "/etc/imap4-proxy/proxy.pem": issued.cert,
        "/etc/imap4-proxy/proxy.key": issued.key,
        "/etc/imap4-proxy/passwd": str(folder / "passwd"),
        "/etc/ssl/certs/ca-certificates.crt": ca,
        "/etc/imap4-proxy/virus.txt": str(ROOT / "conf/templates/virus.txt"),
        "/etc/imap4-proxy/removed.txt": str(ROOT / "conf/templates/removed.txt"),
        "/var/lib/imap4-proxy": str(folder),
        "/var/spool/imap4-proxy": str(folder),
        "/var/log/imap4-proxy/stats": str(folder / "stats"),
    }


def check(path, *arguments):
    command = [sys.executable, "-m", "imap4proxy.testtool", "-f", str(path), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


def test_all_are_here():
    assert WANTED <= {path.name for path in SAMPLES}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_sample(tmp_path, files, sample):
    text = re.sub(r'"(/[^"]*)"', lambda found: f'"{files[found[1]]}"', sample.read_text())
    if sample.name in FOR_ROOT and os.geteuid() != 0:
        pytest.skip("only root may start it")
    path = tmp_path / sample.name
    path.write_text(text)
    checked = check(path)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    client = "from [10.1.2.3] transparent to [192.0.2.7] : 143"
    if sample in BALANCED:
        assert "does not hold for nobody logged in" in check(path, "-t", f"test {client};").stdout
        client += " user alice"
    accepted = check(path, "-t", f"test {client};")
    assert accepted.returncode == 0
    assert len(re.findall("^phase [12]: .* is selected: accepted$", accepted.stdout, re.M)) == 2


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_sample_is_annotated(sample):
    lines = sample.read_text().splitlines()
    assert lines[0].startswith(f"# {sample.name} - ")
    assert max(map(len, lines)) <= 100
    assert sum("#" in line for line in lines) >= 5
