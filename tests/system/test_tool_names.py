"""Names in test-imap4 -r, with a name server of the test's own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Iterator

import pytest

from tests.support.dns_server import DnsServer, failing, silent
from tests.support.named import CLIENT, HASTY, NAME, OTHER, PATIENT
from tests.support.proxy import ROOT

CONFIGURATION = """version IMAP4-PROXY-1_0-RELEASE;
resolver R {{ server [127.0.0.1] port {port}; {times} }}
imap4-proxy A {{
    use-resolver R;
    listen-on {{ non-transparent [127.0.0.1] port 1143; }}
    session-acl A {{ plug-to imap.example.org : 143; accept; }}
    session-acl B {{ from {{ other.example.org, *.example.org }}; deny; }}
}}
"""


@pytest.fixture
def names() -> Iterator[DnsServer]:
    with DnsServer() as server:
        server.add(NAME, CLIENT, ttl=0)
        yield server


def tool(folder: Path, names: DnsServer, *options: str, times: str = PATIENT):
    (folder / "a.cfg").write_text(CONFIGURATION.format(port=names.port, times=times))
    command = [sys.executable, "-m", "imap4proxy.testtool", "-f", "a.cfg", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment)
    lines = [line for line in ran.stderr.splitlines() if "warning" not in line]
    return ran.returncode, ran.stdout.splitlines(), lines


def test_the_tool_shows_names(tmp_path, names):
    names.add(NAME, "192.0.2.9", "192.0.2.7", "2001:db8::7")
    names.add(OTHER, "192.0.2.8")
    shown = [
        "# imap.example.org: [192.0.2.7] [192.0.2.9] [2001:db8::7]",
        "# other.example.org: [192.0.2.8]",
    ]
    assert tool(tmp_path, names, "-r") == (0, shown, [])
    status, out, _ = tool(tmp_path, names, "-r", "-t", "test;")
    assert (status, out[:2]) == (0, shown)


def test_the_tool_asks_for_nothing_without_r(tmp_path, names):
    assert tool(tmp_path, names) == (0, [], [])
    assert names.asked == []


@pytest.mark.parametrize(
    "behaviour, times, reason",
    [(None, PATIENT, "no such name"), (silent, HASTY, "no answer"), (failing, PATIENT, "SERVFAIL")],
)
def test_the_tool_tells_of_a_name_that_cannot_be_resolved(
    tmp_path, names, behaviour, times, reason
):
    if behaviour is not None:
        names.behave(behaviour, OTHER)
    status, out, [error] = tool(tmp_path, names, "-r", "-t", "show-hash;", times=times)
    assert (status, out) == (1, [])
    assert error.startswith("a.cfg:7:21: cannot be resolved: other.example.org: ")
    assert reason in error
