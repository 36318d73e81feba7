"""The same scripts to Dovecot, to this proxy before it, to nginx mail and to perdition before it.

Each answer is Dovecot's own, or is declared, with its reason, in peer_differences; a declared one
that is no more is a fault, too.  All scripts run at once, each with a mailbox of its own, for some
proxies wait for seconds before they say no.
"""

from __future__ import annotations

import re
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Iterator, NamedTuple

import pytest

from tests.support.certificates import Authority
from tests.support.dovecot import PASSWORD, Dovecot
from tests.support.mails import mails
from tests.support.other_proxies import OtherProxies
from tests.support.peer_differences import CAPABILITIES, DIFFERENCES
from tests.support.peer_scripts import SCRIPTS, Script
from tests.support.peer_talk import Told, difference, talk
from tests.support.peers import connect
from tests.support.policies import Policies, Policy
from tests.support.ports import HOST

SERVER = "server"
TARGETS = ("ours", "nginx", "perdition")
PATIENCE = 60.0  # seconds: an answer that is due comes
BRIEF = 10.0  # seconds: where it is known that none comes; perdition says no behind three
AT_ONCE = 24  # scripts

# A wrong password costs neither this client nor the next one seconds.
NO_PENALTY = """
auth_failure_delay = 0
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
"""


class Target(NamedTuple):
    """The ports without and with STARTTLS."""

    port: int
    starttls: int


@pytest.fixture(scope="module")
def targets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Target]]:
    folder = tmp_path_factory.mktemp("targets")
    files = Authority("Example CA").issue("localhost", dns=["localhost"], ips=[HOST]).write(folder)
    policies = {
        "plain": Policy(),
        "starttls": Policy(session="client-ssl-params IN command required;"),
    }
    sections = f'ssl-params IN {{ cert-file "{files.cert}"; key-file "{files.key}"; }}'
    with ExitStack() as stack:
        server = stack.enter_context(Dovecot(certificate=files, settings=NO_PENALTY))
        for name in (SERVER, *TARGETS):
            for number in range(len(SCRIPTS)):
                server.fill(user(name, number), mails(4))
        others = stack.enter_context(OtherProxies(folder, server.port, files))
        ours = stack.enter_context(Policies(folder, policies, server.port, sections))
        yield {
            SERVER: Target(server.port, server.port),
            "ours": Target(ours.ports["plain"], ours.ports["starttls"]),
            **{name: Target(others.ports[name], others.starttls[name]) for name in others.ports},
        }


def user(target: str, number: int) -> str:
    """Whose mailbox a script has; all names are of one length."""
    return f"{target:_<9}{number:02}"


DECLARED = {(row.script, row.target): row for row in DIFFERENCES}


@pytest.fixture(scope="module")
def told(targets: dict[str, Target]) -> Iterator[dict[tuple[str, str], Future[Told]]]:
    """What each target says to each script."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {
            (script.name, name): pool.submit(ask, name, target, script, number)
            for number, script in enumerate(SCRIPTS)
            for name, target in targets.items()
        }


def ask(name: str, target: Target, script: Script, number: int) -> Told:
    declared = DECLARED.get((script.name, name))
    patience = BRIEF if declared is not None and "SILENT" in declared.told else PATIENCE
    port = target.starttls if script.starttls else target.port
    return talk(port, script, user(name, number), patience)


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_script(
    told: dict[tuple[str, str], Future[Told]], script: Script, name: str
) -> None:
    declared = DECLARED.get((script.name, name))
    wanted = told[script.name, SERVER].result()
    found = difference(told[script.name, name].result(), wanted)
    assert found == (declared.told if declared else ""), wanted


def test_every_difference_is_of_a_script() -> None:
    assert {row.script for row in DIFFERENCES} <= {script.name for script in SCRIPTS}
    assert {row.target for row in DIFFERENCES} <= set(TARGETS)
    assert len(DECLARED) == len(DIFFERENCES) and all(row.reason for row in DIFFERENCES)
    assert all(place.reason for places in CAPABILITIES.values() for place in places)


def capabilities(port: int) -> list[set[str]]:
    """In the greeting, asked for before the login, and at the end of a session."""
    with connect(port) as client:
        greeting = client.line()
        asked = client.command(b"CAPABILITY")
        client.command(f"LOGIN {user(SERVER, 0)} {PASSWORD}".encode())
        answers = (greeting, asked, client.command(b"CAPABILITY"))
    found = [re.search(rb"CAPABILITY ([^]\r]*)", answer) for answer in answers]
    return [set(words[1].decode().split()) if words else set() for words in found]


@pytest.mark.parametrize("name", TARGETS)
def test_capabilities(targets: dict[str, Target], name: str) -> None:
    theirs, server = (capabilities(targets[each].port) for each in (name, SERVER))
    for place, words, wanted in zip(CAPABILITIES[name], theirs, server):
        assert (sorted(wanted - words), sorted(words - wanted)) == (
            sorted(place.missing.split()), sorted(place.added.split())
        ), place.place
