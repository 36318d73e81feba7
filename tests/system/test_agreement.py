"""test-imap4 -t and the running program choose alike: random ACLs, real sessions and mails.

One program serves many rulesets, each at a port of its own; clients come from several
addresses of loopback.  What the log says of each session is what the tool foretold.
"""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Iterator, NamedTuple, Sequence

from tests.support.daemons import idle_children
from tests.support.fake_imap import obliging
from tests.support.mail_policies import MailPolicies, Policy, Refused
from tests.support.mail_samples import mail
from tests.support.peers import PATIENCE, FakeServer, Peer
from tests.support.ports import HOST, free_ports
from tests.support.proxy import Proxy
from tests.support.waiting import wait_until

ROUNDS = 3  # configurations, each but the first by a reload
RULESETS = 12  # in one configuration
CLIENTS = ("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.9")

HOSTS = (
    "*", "{}", "[127.0.0.2]", "! [127.0.0.2]", "[127.0.0.2]-[127.0.0.4]", "[127.0.0.0/30]",
    "! { [127.0.0.3], [127.0.0.9] }", "{ [127.0.0.3], [127.0.0.8]-[127.0.0.9] }", "[::/0]",
)  # fmt: skip
TO = (
    "to * port PORT;", "to [127.0.0.1] port PORT;", "to [127.0.0.0/8] port { 1-9, PORT };",
    "to * port PORT;", "to [127.0.0.1] port PORT-65535;", "to ! [127.0.0.1] port PORT;",
)  # fmt: skip
CONDITIONS = (
    "from HOSTS;", "from HOSTS;", "from HOSTS; from HOSTS;", "user none;", "user name alice;",
    "group staff;", "transparency transparent;", "transparency non-transparent;",
    "time month jan-nov;", "time month *; time day 1;",
)  # fmt: skip
OF_COMMAND = (
    "server HOSTS;", "server [127.0.0.1] port SERVER;", "server [127.0.0.1] port 1;",
    "session-acl PARENTS;", "session-acl PARENTS;", "client-cert none;",
    "client-cert subject CN=alice;",
)  # fmt: skip

CONFIGURATION = """
version IMAP4-PROXY-1_0-RELEASE;
imap4-proxy TEST {{
    nodaemon;
    tcpserver {{ init-children 2; min-idle 1; max-idle 4; }}
    listen-on {{ non-transparent [127.0.0.1] port {{port}}; {listen} }}
    {acls}
}}
"""

TOLD = re.compile(r"phase (\w+): (?:no \S+|\S+ (\S+) \(\S+\)) is selected: (\w+)")
LOGGED = re.compile(r"ACL PHASE=(\w+) .*NAME=(\S+) (\w+)")
OUTCOMES = {"ACCEPTED": "accepted", "REJECTED": "denied"}


class Decision(NamedTuple):
    """Of one phase; the name is None where no ACL was selected."""

    phase: str
    name: str | None
    outcome: str


# --- random rulesets -------------------------------------------------------------------------


def conditions(chance: Random, rows: Sequence[str], most: int) -> str:
    """Up to so many, of different kinds: those of one kind would be alternatives."""
    found = {row.split()[0]: row for row in chance.choices(rows, k=chance.randint(0, most))}
    text = chance.choice(TO) + " " + " ".join(found.values())
    return re.sub("HOSTS", lambda _: chance.choice(HOSTS), text)


def ruleset(chance: Random, port: int, server: int) -> Iterator[str]:
    """The ACLs of one port."""
    sessions = [f"S{port}-{number}" for number in range(chance.randint(1, 3))]
    for name in sessions:
        plug_to = f"plug-to [{HOST}] : {server};" if chance.random() < 0.9 else ""
        yield f"session-acl {name} {{ {conditions(chance, CONDITIONS, 2)} {plug_to} VERDICT }}"
    parents = (*sessions, "{ %s }" % ", ".join(sessions), f"! {sessions[0]}", "S*")
    for number in range(chance.randint(1, 3)):
        text = conditions(chance, (*CONDITIONS[:3], *OF_COMMAND), 3)
        text = text.replace("SERVER", str(server)).replace("PARENTS", chance.choice(parents))
        yield f"command-acl C{port}-{number} {{ {text} no-mail-scanning; VERDICT }}"


def configuration(chance: Random, ports: Sequence[int], server: int) -> str:
    acls = [
        acl.replace("PORT", str(port)) for port in ports for acl in ruleset(chance, port, server)
    ]
    verdicts = ("accept;", "accept;", "accept;", "deny;")
    text = re.sub("VERDICT", lambda _: chance.choice(verdicts), "\n    ".join(acls))
    listen = " ".join(f"non-transparent [{HOST}] port {port};" for port in ports)
    return CONFIGURATION.format(listen=listen, acls=text)


# --- what is foretold, and what is done ------------------------------------------------------


def foretold(path: Path, trials: Sequence[str]) -> list[list[Decision]]:
    """What the tool says of these, each the elements of an item `test`."""
    questions = "".join(f"test {trial}; " for trial in trials)
    command = [sys.executable, "-m", "imap4proxy.testtool", "-f", str(path), "-t", questions]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    decisions = [Decision(*match.groups()) for line in lines if (match := TOLD.fullmatch(line))]
    found: list[list[Decision]] = []
    for decision in decisions:
        if decision.phase == "1":
            found.append([])
        found[-1].append(decision)
    return found


def logged(lines: str) -> list[Decision]:
    """What the program says in its log."""
    return [
        Decision(phase, None if name == "<NULL>" else name, OUTCOMES[outcome])
        for phase, name, outcome in LOGGED.findall(lines)
    ]


def done(proxy: Proxy, host: str, port: int) -> list[Decision]:
    """What the program logs of a client who does that."""
    before = len(proxy.log)
    with Peer(socket.create_connection((HOST, port), PATIENCE, (host, 0))) as client:
        own = client.socket.getsockname()[1]
        with suppress(ConnectionError):  # denied before it was sent
            client.send(b"x LOGOUT\r\n")
        client.rest()
    end = f"SESSION-END CLIENT=[{host}]:{own} "
    wait_until(lambda: end in proxy.log[before:], "the session's end")
    return logged(proxy.log[before:])


def reload(proxy: Proxy) -> None:
    """Until only children of the new configuration take connections."""
    old, done = idle_children(proxy.pid), len(proxy.logged("TCPS-701"))
    proxy.process.signal(signal.SIGHUP)
    proxy.wait_for("TCPS-701", done + 1)
    wait_until(lambda: not old & idle_children(proxy.pid), "the end of the old children")


ENDS = [
    # phase, outcome, by an ACL: each has to be among the sessions
    ("1", "denied", False), ("1", "denied", True),
    ("2", "denied", False), ("2", "denied", True), ("2", "accepted", True),
]  # fmt: skip


def test_the_tool_foretells_what_the_program_does(tmp_path: Path) -> None:
    chance, seen = Random(7), Counter[tuple[str, str, bool]]()
    ports = free_ports(RULESETS)
    sessions = [(host, port) for port in ports for host in CLIENTS]
    trials = [f"from [{host}] to [{HOST}] : {port}" for host, port in sessions]
    with FakeServer(obliging()) as server:
        texts = [configuration(chance, ports, server.port) for _ in range(ROUNDS)]
        with Proxy(tmp_path, configuration=texts[0]) as proxy:
            proxy.wait_for("TCPS-701")
            for number, text in enumerate(texts):
                if number:
                    proxy.path.write_text(text.replace("{port}", str(proxy.port)))
                    reload(proxy)
                expected = foretold(proxy.path, trials)
                assert len(expected) == len(sessions)
                for (host, port), decisions in zip(sessions, expected):
                    assert done(proxy, host, port) == decisions, (host, port, text)
                    last = decisions[-1]
                    seen[last.phase, last.outcome, last.name is not None] += 1
    print(seen)
    assert set(ENDS) <= set(seen)


# --- mails -----------------------------------------------------------------------------------

MAIL_RULESETS = 10

# A mail is one document, without any of the fields that a trial does not know.
DATE = b"Date: Mon, 2 Mar 2026 10:00:00 +0000\r\n"
PROGRAM = mail(
    b"Content-Type: application/octet-stream",
    b"Content-Disposition: attachment; filename=Setup.exe",
    body=b"MZ" * 900 + b"\r\n",
    head=DATE,
)
MAILS = {  # by a name: the mail, and what the tool is told of it
    "plain": (mail(head=DATE), ""),
    "program": (PROGRAM, "mime-type application/octet-stream filename Setup.exe"),
}
OF_MAIL = (
    "direction download;", "direction upload;", "virus-status skipped;", "virus-status ! skipped;",
    "spam-score unknown;", "spam-score ge 0;", "size lt 1K;", "size ge 1K;", "sender *;",
    "recipient ! alice@example.org;", 'subject "";', "mail-structure valid;",
    "mail-structure { corrected, invalid };", "header To *;", "server [127.0.0.1];",
)  # fmt: skip
OF_DOCUMENT = (
    "direction download;", "direction upload;", "virus-status { found, skipped };",
    "spam-score lt 1000;", "mime-type text/plain;", "mime-type ! { text/* };", 'mime-type "";',
    "filename *.exe;", "filename ! *.EXE;", "archive-member *;", "size lt 100M;",
)  # fmt: skip
LAYERS = (("mail", OF_MAIL), ("doc", OF_DOCUMENT))


def mail_rules(chance: Random) -> str:
    """ACLs for mails, and for their documents."""
    acls = []
    for layer, rows in LAYERS:
        for number in range(chance.randint(2, 4)):
            found = {row.split()[0]: row for row in chance.choices(rows, k=chance.randint(0, 2))}
            verdict = chance.choice(("accept;", "accept;", "accept;", "deny;"))
            acls.append(f"{layer}-acl {layer}{number} {{ {' '.join(found.values())} {verdict} }}")
    return " ".join(acls)


def transferred(policies: MailPolicies, ruleset: str, name: str, upload: bool) -> list[Decision]:
    """What the program logs while a client fetches a mail, or stores it."""
    proxy = policies.proxy
    ended, before = len(proxy.logged("IMAP-888")), len(proxy.log)
    with suppress(Refused):
        if upload:
            policies.append(ruleset, MAILS[name][0])
        else:
            policies.fetch(ruleset, name)
    proxy.wait_for("IMAP-888", ended + 1)
    return logged(proxy.log[before:])


MAIL_ENDS = {("3M", "denied"), ("3D", "denied"), ("3D", "accepted")}


def test_the_tool_foretells_what_becomes_of_mails(tmp_path: Path) -> None:
    chance, seen = Random(11), Counter[tuple[str, str]]()
    rows = [Policy(f"P{number}", mail_rules(chance)) for number in range(MAIL_RULESETS)]
    tried = [(row.name, name, way) for row in rows for name in MAILS for way in (False, True)]
    octets = {name: each for name, (each, _) in MAILS.items()}
    with MailPolicies(tmp_path, rows, octets) as policies:
        trials = [
            f"from [{HOST}] to [{HOST}] : {policies.port(ruleset)}"
            f" direction {'upload' if upload else 'download'}"
            f" mail-size {len(MAILS[name][0])} {MAILS[name][1]}"
            for ruleset, name, upload in tried
        ]
        expected = foretold(policies.proxy.path, trials)
        assert len(expected) == len(tried)
        for one, decisions in zip(tried, expected):
            assert transferred(policies, *one) == decisions, (one, rows)
            seen[decisions[-1].phase, decisions[-1].outcome] += 1
    print(seen)
    assert MAIL_ENDS <= set(seen)
