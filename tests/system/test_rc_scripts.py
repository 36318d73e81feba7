"""conf/rc.d: what the scripts for FreeBSD start, by an rc.subr that only says what it was told."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path
from typing import Callable, List, Mapping

import pytest

from imap4proxy import VERSION_TAG, oob
from kernun_common.application import cli
from tests.support.proxy import ROOT

SCRIPTS = ROOT / "conf" / "rc.d"
CHECK = "/usr/local/bin/test-imap4"

# In the place of FreeBSD's: rc.conf are the variables of the environment.
RC_SUBR = """
load_rc_config() { :; }
run_rc_command() {
    if [ "$1" = configtest ]; then "$configtest_cmd"; exit; fi
    eval "$start_precmd" >&2 || exit
    printf '%s\\n' "$command $command_args" "$pidfile" "$required_files" "$rcvar"
}
"""

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]


@pytest.fixture(params=["imap4_proxy", "kernun_oob"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """run(name, "start", **rc_conf); `check` is what test-imap4 is."""
    (tmp_path / "rc.subr").write_text(RC_SUBR)

    def run(name: str, verb: str, check: str = "true", **rc_conf: str) -> Done:
        text = (SCRIPTS / name).read_text()
        assert text.count(". /etc/rc.subr\n") == 1 and text.count(CHECK) == 1
        text = text.replace("/etc/rc.subr", str(tmp_path / "rc.subr")).replace(CHECK, check)
        script = tmp_path / name
        script.write_text(text)
        environment: Mapping[str, str] = {"PATH": "/usr/bin:/bin", **rc_conf}
        return subprocess.run(
            ["sh", "-u", script, verb], capture_output=True, text=True, env=environment
        )

    return run


def started(run: Run, name: str, **rc_conf: str) -> List[str]:
    result = run(name, "start", **rc_conf)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout.splitlines()


def test_the_proxy(run: Run) -> None:
    command, pid_file, required, variable = started(run, "imap4_proxy")
    assert variable == "imap4_proxy_enable"
    program, *words = shlex.split(command)
    assert program == "/usr/local/bin/imap4-proxy"
    assert cli.parser(program, VERSION_TAG).parse_args(words).f == required
    assert pid_file == "/var/run/imap4-proxy.pid"


def test_the_page(run: Run) -> None:
    """daemon(8) keeps the pid file that the script looks at, and becomes the app-user."""
    rc_conf = {"kernun_oob_section": "DESK", "kernun_oob_app_user": "mail"}
    command, pid_file, required, variable = started(run, "kernun_oob", **rc_conf)
    assert variable == "kernun_oob_enable"
    daemon, program, options = command.partition(" /usr/local/bin/kernun-oob ")
    assert daemon == f"/usr/sbin/daemon -P {pid_file} -S -T kernun-oob -u mail"
    parsed = oob._parser().parse_args(shlex.split(options))
    assert (parsed.f, parsed.name, parsed.command) == (required, "DESK", [])


def test_a_page_without_a_section_is_not_started(run: Run) -> None:
    result = run("kernun_oob", "start")
    assert result.returncode != 0 and "kernun_oob_section is not set" in result.stderr


def test_nothing_is_started_by_a_bad_configuration(run: Run, name: str) -> None:
    result = run(name, "start", check="false", kernun_oob_section="DESK")
    assert (result.returncode, result.stdout) == (1, "")


def test_configtest(run: Run, name: str) -> None:
    result = run(name, "configtest", check="echo", kernun_oob_section="DESK")
    assert result.stdout == "-r -f /usr/local/etc/imap4-proxy/imap4-proxy.cfg\n"
