"""Rules of the packet filter over the life of the program: there, replaced, gone."""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path
from shutil import which
from typing import Iterator, Sequence

import pytest

from tests.support.daemons import lives
from tests.support.firewall import NOBODY, Firewall, routing, rules
from tests.support.namespaces import Network
from tests.support.process import Process
from tests.support.proxy import ROOT
from tests.support.waiting import wait_until

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes namespaces")

FEW = "transparent [0.0.0.0] port {port}; transparent [::] port {port};"
CLIENT = f"{NOBODY} source-address client;"
FOREIGN = """
table inet somebody {
    chain input { type filter hook input priority 0; policy accept; }
}
table ip imap4-proxy-OTHER {
    chain input { type filter hook input priority 1; policy accept; }
}
"""


@pytest.fixture(scope="module")
def other_network() -> Iterator[Network]:
    """Another one, in which the packet filter has tables of somebody else only."""
    with Network() as network:
        network.firewall.run("nft", "-f", "-", text=FOREIGN)
        yield network


@pytest.fixture
def quiet(other_network: Network) -> Iterator[Network]:
    """The same; each test leaves it as it was."""
    before = rules(other_network), routing(other_network)
    yield other_network
    assert (rules(other_network), routing(other_network)) == before


def foreign(network: Network) -> str:
    """The tables of somebody else, as nft writes them."""
    tables = ("inet somebody", "ip imap4-proxy-OTHER")
    return "".join(
        network.firewall.run("nft", "list", "table", *table.split()) for table in tables
    )


def program(proxy: Firewall, prefix: Sequence[str] = ()) -> Process:
    """As it is started, without waiting."""
    command = [*prefix, sys.executable, "-m", "imap4proxy.main", "-f", proxy.path]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return Process(command, proxy.log_file, environment)


def caught(network: Network) -> list[str]:
    """The rules that redirect, and nothing but tables of ours that hold them."""
    return re.findall(r"tcp dport \d+ redirect to :\d+", rules(network))


MODES = [NOBODY, f"{CLIENT} singleproc;"]


@pytest.mark.parametrize("items", MODES)
def test_rules_go_at_the_end(tmp_path: Path, quiet: Network, items: str) -> None:
    with Firewall(quiet, tmp_path, FEW, items) as proxy:
        assert rules(quiet).startswith(foreign(quiet))
        assert caught(quiet) == [f"tcp dport 143 redirect to :{proxy.port}"] * 2
    assert proxy.status == 0


def test_a_signal_while_it_starts(tmp_path: Path, quiet: Network) -> None:
    """It waits until the rules can be removed again."""
    proxy = Firewall(quiet, tmp_path, FEW)
    with quiet.firewall.entered():
        with program(proxy) as process:
            process.wait_until(lambda: bool(caught(quiet)), "no rules")
            process.signal(signal.SIGTERM)
            assert process.wait() == 0


def test_a_daemon(tmp_path: Path, quiet: Network) -> None:
    """The rules are there when the terminal is left, and are the daemon's to remove."""
    pid_file = tmp_path / "pid"
    proxy = Firewall(quiet, tmp_path, FEW, f'{NOBODY} pid-file "{pid_file}";')
    proxy.path.write_text(proxy.path.read_text().replace("nodaemon;", ""))
    with quiet.firewall.entered():
        with program(proxy) as process:
            assert process.wait(60) == 0
    assert len(caught(quiet)) == 2
    pid = int(wait_until(pid_file.exists, "the pid file") and pid_file.read_text())
    os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not lives(pid), "the end of the daemon")


def test_rules_after_a_kill(tmp_path: Path, quiet: Network) -> None:
    """They are left; the next start, here with another row, replaces them."""
    before = rules(quiet), routing(quiet)
    proxy = Firewall(quiet, tmp_path, FEW, CLIENT)
    proxy.start()
    left = rules(quiet), routing(quiet)
    proxy.kill()
    assert (rules(quiet), routing(quiet)) == left != before
    text = proxy.path.read_text()
    proxy.path.write_text(text.replace("[::]", "[fd77:1::1]"))
    with proxy:
        assert re.findall("iifname .*", rules(quiet)) == [
            f'iifname "f0" tcp dport 143 redirect to :{proxy.port}'
        ]
        assert routing(quiet) == left[1] and len(caught(quiet)) == 2


def test_a_reload_swaps_them(tmp_path: Path, quiet: Network) -> None:
    with Firewall(quiet, tmp_path, FEW) as proxy:
        text = proxy.path.read_text()
        proxy.path.write_text(text.replace("[::]", "[::1]"))
        proxy.process.signal(signal.SIGHUP)
        proxy.wait_for("TCPS-701", 2)
        assert sorted(re.findall("iifname .*", rules(quiet))) == [
            f'iifname "lo" tcp dport 143 redirect to :{proxy.port}'
        ]
        proxy.path.write_text(text.replace("[::]", "[2001:db8::1]"))
        proxy.process.signal(signal.SIGHUP)
        assert "no device has the address [2001:db8::1]" in proxy.wait_for("TCPS-646")[0]
        assert len(caught(quiet)) == 2
        proxy.path.write_text(text.replace(f"port {proxy.port};", "port 2199;"))
        proxy.process.signal(signal.SIGHUP)
        proxy.wait_for("TCPS-701", 3)
        assert caught(quiet) == ["tcp dport 143 redirect to :2199"] * 2


@pytest.fixture
def broken(tmp_path: Path) -> Iterator[Path]:
    """As long as this file is there, the nft of this folder changes nothing."""
    file = tmp_path / "broken"
    nft = tmp_path / "bin" / "nft"
    nft.parent.mkdir()
    nft.write_text(
        f'#!/bin/sh\n[ "$1" = -f ] && [ -e {file} ] && echo "it is broken" >&2 && exit 1\n'
        f'exec {which("nft", path=FOLDERS)} "$@"\n'
    )
    nft.chmod(0o755)
    yield file


FOLDERS = f"{os.environ['PATH']}:/usr/sbin:/sbin"


def without_redirections(proxy: Firewall) -> None:
    rows = "{ non-transparent [10.77.1.1] port 2199; }"
    text = proxy.path.read_text()
    proxy.path.write_text(re.sub(r"(?<=listen-on ){.*}", rows, text))


def told(process: Process, text: str) -> None:
    process.wait_until(lambda: text in process.output, f"it does not say {text}")


def test_a_reload_that_cannot_remove_them(tmp_path: Path, quiet: Network, broken: Path) -> None:
    """It is refused: clients are redirected to a listener that is still there."""
    proxy = Firewall(quiet, tmp_path, FEW)
    with quiet.firewall.entered():
        with program(proxy, ["env", f"PATH={broken.parent}/bin:{FOLDERS}"]) as process:
            told(process, "TCPS-701")
            broken.touch()
            without_redirections(proxy)
            process.signal(signal.SIGHUP)
            told(process, "those that are there cannot be removed: nft: it is broken")
            assert len(caught(quiet)) == 2 and "NATT-711" not in process.output
            broken.unlink()
            process.signal(signal.SIGHUP)
            told(process, "NATT-711")
            assert not caught(quiet)


def test_what_a_kill_left_cannot_be_removed(
    tmp_path: Path, quiet: Network, broken: Path
) -> None:
    """The start, here without rows that redirect, says so."""
    proxy = Firewall(quiet, tmp_path, FEW)
    proxy.start()
    proxy.kill()
    without_redirections(proxy)
    broken.touch()
    with quiet.firewall.entered():
        with program(proxy, ["env", f"PATH={broken.parent}/bin:{FOLDERS}"]) as process:
            told(process, 'NATT-610-E NOT-REMOVED TABLE=imap4-proxy-FIREWALL REASON="nft: it is')
        assert len(caught(quiet)) == 2
        broken.unlink()
        with program(proxy) as process:
            told(process, "NATT-711")


WITHOUT_NFT = ["unshare", "--mount", "sh", "-c"]
WITHOUT_NFT += ['mount --bind /dev/null "$(readlink -f "$(command -v nft)")"; exec "$@"', "sh"]
WITHOUT_RIGHT = ["setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-all"]
OURS = "table ip imap4-proxy-FIREWALL { chain mine { counter; }; }"
ROW = "transparent iface INSIDE port {port};"

BAD = [
    # rows, items, words before the command, rules that are there, what it says
    (ROW, "", WITHOUT_NFT, "", "cannot be installed: the program nft is not installed"),
    (ROW, "", WITHOUT_RIGHT, "", "cannot be installed: nft: "),
    (ROW, "", (), OURS, "the table ip imap4-proxy-FIREWALL is there already, and no proxy has"),
    ("transparent [192.0.2.1] port {port};", "", (), "", "no device has the address [192.0.2.1]"),
]


@pytest.mark.parametrize("listen, items, prefix, text, words", BAD)
def test_what_cannot_be_had(
    tmp_path: Path,
    quiet: Network,
    listen: str,
    items: str,
    prefix: Sequence[str],
    text: str,
    words: str,
) -> None:
    """It says what is wrong and where, and ends; nothing has changed."""
    quiet.firewall.run("nft", "-f", "-", text=text)
    before = rules(quiet)
    proxy = Firewall(quiet, tmp_path, listen, items)
    line = proxy.path.read_text().split("listen-on")[0].count("\n") + 1
    with quiet.firewall.entered():
        with program(proxy, prefix) as process:
            assert process.wait(60) == 1
    [told] = [it for it in process.output.splitlines() if it.startswith(f"{proxy.path}:")]
    assert told.startswith(f"{proxy.path}:{line}:") and words in told
    assert rules(quiet) == before
    if text:
        quiet.firewall.run("nft", "delete", "table", "ip", "imap4-proxy-FIREWALL")


def test_another_proxy_that_cannot_be_had(tmp_path: Path, quiet: Network) -> None:
    """The first one's rules were there already, and go with it."""
    proxy = Firewall(quiet, tmp_path, FEW)
    text = proxy.path.read_text()
    second = text.partition("imap4-proxy FIREWALL")[2]
    rows = "{ transparent [192.0.2.1] port 2199 redirect { 1143 }; }"
    second = re.sub(r"(?<=listen-on ){.*}", rows, second)
    proxy.path.write_text(f"{text}\nimap4-proxy SECOND{second}")
    with quiet.firewall.entered():
        with program(proxy) as process:
            assert process.wait(60) == 1
    assert "no device has the address [192.0.2.1]" in process.output
    assert "NATT-710-K INSTALLED" in process.output and "NATT-711-K REMOVED" in process.output
