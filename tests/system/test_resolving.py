"""Names and addresses through the real program, with name servers of the test's own.

Nothing is judged by the clock: where a name server is silent, what must not wait for it
is done while it is silent.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Iterator

import pytest

from tests.support.daemons import lives
from tests.support.dns_server import DnsServer, cut, failing, forged, silent
from tests.support.fake_imap import obliging
from tests.support.peers import FakeServer, connect
from tests.support.ports import free_ports
from tests.support.proxy import ROOT, Proxy
from tests.support.waiting import wait_until

NAME = "imap.example.org"
OTHER = "other.example.org"
CLIENT = "127.0.0.1"
FEW = "tcpserver { init-children 1; min-idle 1; max-idle 2; }"
PATIENT = "conf-timeout 30; initial-timeout 10; query-timeout 10; total-timeout 30;"
HASTY = "conf-timeout 0.2; initial-timeout 0.05; query-timeout 0.05; total-timeout 0.2;"
OFTEN = f"{FEW} cfg-resolution refresh 0.1;"


@pytest.fixture
def names() -> Iterator[DnsServer]:
    with DnsServer() as server:
        server.add(NAME, CLIENT, ttl=0)
        yield server


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(obliging()) as server:
        yield server


def resolver(*servers: int, items: str = PATIENT) -> str:
    rows = " ".join(f"server [{CLIENT}] port {port};" for port in servers)
    return f"resolver R {{ {rows} {items} }}"


def proxy(
    folder: Path,
    names: DnsServer | None,
    session: str,
    *,
    times: str = PATIENT,
    items: str = FEW,
    others: str = "",
    listen: str = "",
    sections: str | None = None,
) -> Proxy:
    """`others` are ACLs before the last one, whose items are `session`."""
    asked = resolver(names.port, items=times) if names is not None else ""
    use = "use-resolver R;" if names is not None or sections is not None else ""
    return Proxy(
        folder,
        sections=asked if sections is None else sections,
        items=f"{items} {use} {others}",
        session=session,
        listen=listen,
    )


def greeting(port: int, host: str = CLIENT) -> bytes:
    """What a client hears first; b"" if nothing."""
    with connect(port, host) as client:
        try:
            return client.line()
        except (EOFError, ConnectionError):
            return b""


def is_served(port: int) -> bool:
    return greeting(port).startswith(b"* OK")


def kinds(names: DnsServer, name: str) -> set[str]:
    return {kind for asked, kind in names.asked if asked == name}


def reverse(address: str) -> str:
    return ".".join(reversed(address.split("."))) + ".in-addr.arpa"


# --- names in the configuration --------------------------------------------------------------


def test_plug_to_by_name(tmp_path, names, server):
    with proxy(tmp_path, names, f"plug-to {NAME} : {server.port};") as it:
        assert is_served(it.port)
        assert it.logged("RESL-730") == [
            f"RESL-730-D NAME-RESOLVED NAME={NAME} ADDRESSES=[{CLIENT}] TTL=0"
        ]
        asked = list(names.asked)
        for _ in range(3):
            assert is_served(it.port)
        assert names.asked == asked, "a session has asked for a name in the configuration"
    assert it.status == 0


CONDITIONS = [
    # the session-acl's items, is the client served
    ("from { imap.example.org };", True),
    ("from { other.example.org };", False),
    ("from ! { other.example.org };", True),
    ("from ! { imap.example.org };", False),
    ("from { unknown.example.org };", False),
    ("from ! { unknown.example.org };", False),
    ("to imap.example.org;", True),
    ("to other.example.org;", False),
]


@pytest.mark.parametrize("items, served", CONDITIONS)
def test_conditions_by_name(tmp_path, names, server, items, served):
    names.add(OTHER, "192.0.2.1", "2001:db8::1")
    with proxy(tmp_path, names, f"plug-to [{CLIENT}] : {server.port}; {items}") as it:
        assert is_served(it.port) is served


def test_server_condition_by_name(tmp_path, names, server):
    command = f"command-acl NAMED {{ server {NAME}; deny text named; }}"
    with proxy(tmp_path, names, f"plug-to [{CLIENT}] : {server.port};", others=command) as it:
        assert greeting(it.port) == b"* BYE named\r\n"


def test_a_change_is_seen_by_the_next_session(tmp_path, names):
    with FakeServer(obliging(greeting=b"* OK [CAPABILITY %b] first\r\n")) as first:
        with proxy(tmp_path, names, f"plug-to {NAME} : {first.port};", items=OFTEN) as it:
            assert is_served(it.port)
            names.add(NAME, "127.0.0.3", ttl=0)
            it.wait_for("RESL-710")
            assert b"BYE" in greeting(it.port)
            names.add(NAME, CLIENT, ttl=0)
            it.wait_for("RESL-710", 2)
            assert is_served(it.port)


def test_refresh_waits_for_the_time_to_live(tmp_path, names, server):
    """Two names are looked up again and again; the one that is good for longer is not."""
    names.add(OTHER, CLIENT, ttl=3600)
    session = f"plug-to {NAME} : {server.port}; from {{ {OTHER} }};"
    names.add(NAME, CLIENT, "::1", ttl=0)
    with proxy(tmp_path, names, session, items=OFTEN) as it:
        wait_until(lambda: names.asked.count((NAME, "A")) >= 5, "five look-ups of a name")
        assert names.asked.count((OTHER, "A")) == 1
        assert is_served(it.port)


def test_a_name_that_is_gone(tmp_path, names, server):
    with proxy(tmp_path, names, f"plug-to {NAME} : {server.port};", items=OFTEN) as it:
        names.remove(NAME)
        assert it.wait_for("RESL-811") == [f"RESL-811-W NAME-WITHOUT-ADDRESS NAME={NAME}"]
        assert b"BYE" in greeting(it.port)
        assert it.wait_for("NETL-810")[-1].endswith(f'"{NAME}: no address is known"')


def test_search(tmp_path, names, server):
    names.add("imap.two.example", CLIENT)
    section = resolver(names.port, items="search { one.example, two.example };")
    with proxy(tmp_path, None, f"plug-to imap : {server.port};", sections=section) as it:
        assert is_served(it.port)
    assert list(dict.fromkeys(name for name, _ in names.asked)) == [
        "imap.one.example",
        "imap.two.example",
    ]


@pytest.mark.parametrize("behaviour", [cut, forged])
def test_answers_of_many_kinds(tmp_path, names, server, behaviour):
    names.behave(behaviour)
    with proxy(tmp_path, names, f"plug-to {NAME} : {server.port};") as it:
        assert is_served(it.port)


@pytest.mark.parametrize(
    "behaviour, times",
    [(silent, "initial-timeout 0.1; query-timeout 600; conf-timeout 600;"), (failing, PATIENT)],
    ids=["initial-timeout", "failing"],
)
def test_the_second_name_server_is_asked(tmp_path, names, server, behaviour, times):
    with DnsServer() as bad:
        bad.behave(behaviour)
        section = resolver(bad.port, names.port, items=times)
        with proxy(tmp_path, None, f"plug-to {NAME} : {server.port};", sections=section) as it:
            assert is_served(it.port)
            assert bad.asked


def test_query_timeout(tmp_path, names, server):
    """The third server is asked when the first try and another one are over."""
    times = "initial-timeout 0.1; query-timeout 0.1; conf-timeout 600;"
    with DnsServer() as first, DnsServer() as second:
        for silent_one in (first, second):
            silent_one.behave(silent)
        section = resolver(first.port, second.port, names.port, items=times)
        with proxy(tmp_path, None, f"plug-to {NAME} : {server.port};", sections=section) as it:
            assert is_served(it.port)
            assert first.asked and second.asked


def test_conf_timeout(tmp_path, names, server):
    """The first try alone would take longer than anybody waits."""
    names.behave(silent)
    times = "initial-timeout 600; conf-timeout 0.2;"
    with proxy(tmp_path, names, f"plug-to [{CLIENT}] : {server.port}; from ! {OTHER};",
               times=times) as it:
        it.wait_for("RESL-810")
        assert greeting(it.port) == b""


def test_without_use_resolver_the_system_is_asked(tmp_path, server):
    with proxy(tmp_path, None, f"plug-to localhost : {server.port};") as it:
        assert is_served(it.port)
        assert "NAME=localhost" in it.logged("RESL-730")[0]


def test_listening_by_name(tmp_path, names, server):
    (port,) = free_ports(1)
    names.add(OTHER, "127.0.0.4")
    listen = f"non-transparent {OTHER} port {port};"
    with proxy(tmp_path, names, f"plug-to {NAME} : {server.port};", listen=listen) as it:
        assert greeting(port, "127.0.0.4").startswith(b"* OK")
        assert greeting(it.port).startswith(b"* OK")


# --- a name server that is silent ------------------------------------------------------------


def test_a_name_that_cannot_be_resolved_is_a_warning_at_start(tmp_path, names, server):
    """Who does not need it is served; who does is told that the server cannot be reached."""
    names.behave(silent, OTHER)
    needy = f"session-acl NEEDY {{ to [{CLIENT}] port {{port2}}; plug-to {OTHER} : 1; accept; }}"
    (second,) = free_ports(1)
    with proxy(
        tmp_path,
        names,
        f"plug-to {NAME} : {server.port};",
        times=HASTY,
        others=needy.replace("{port2}", str(second)),
        listen=f"non-transparent [{CLIENT}] port {second};",
    ) as it:
        [warning] = it.wait_for("RESL-810")
        assert f"NAME={OTHER} REASON=" in warning and "no answer" in warning
        assert is_served(it.port)
        assert greeting(second).startswith(b"* BYE")


def test_sessions_do_not_wait_for_names_that_are_looked_up_again(tmp_path, names, server):
    with proxy(tmp_path, names, f"plug-to {NAME} : {server.port};", items=OFTEN) as it:
        names.behave(silent)
        before = len(names.asked)
        wait_until(lambda: len(names.asked) > before, "a look-up that will get no answer")
        for _ in range(3):
            assert is_served(it.port)
        assert it.logged("RESL-810") == []


def test_what_was_known_stays_when_the_name_server_is_gone(tmp_path, names, server):
    with proxy(
        tmp_path, names, f"plug-to {NAME} : {server.port};", items=OFTEN, times=HASTY
    ) as it:
        names.behave(silent)
        assert it.wait_for("RESL-810")[0].endswith(f"ADDRESSES=[{CLIENT}]")
        assert is_served(it.port)
        names.behave(failing)
        assert is_served(it.port)


def test_the_proxy_ends_while_a_name_server_is_silent(tmp_path, names, server):
    names.behave(silent)
    with proxy(tmp_path, names, f"plug-to {NAME} : {server.port};") as it:
        wait_until(lambda: names.asked, "a look-up")
    assert it.status == 0


# --- the process that looks names up ---------------------------------------------------------


def helper(it: Proxy) -> int:
    """Its pid."""
    shown = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(it.pid)], capture_output=True, text=True
    )
    [pid] = [line.split()[0] for line in shown.stdout.splitlines() if line.endswith(": names")]
    return int(pid)


def test_a_helper_that_dies_is_replaced(tmp_path, names, server):
    with proxy(tmp_path, names, f"plug-to {NAME} : {server.port};", items=OFTEN) as it:
        assert is_served(it.port)
        killed = helper(it)
        os.kill(killed, signal.SIGKILL)
        it.wait_for("TCPS-649")
        assert is_served(it.port)
        asked = len(names.asked)
        wait_until(lambda: len(names.asked) > asked, "a look-up by another helper")
        names.add(NAME, "127.0.0.3", ttl=0)
        it.wait_for("RESL-710")
        assert helper(it) != killed
        last = helper(it)
    assert not lives(last)


def test_a_helper_that_dies_takes_nothing_along(tmp_path, names, server):
    """The next one gets no answer, and what the one before has found stays."""
    with proxy(
        tmp_path, names, f"plug-to {NAME} : {server.port};", items=OFTEN, times=HASTY
    ) as it:
        assert is_served(it.port)
        names.behave(silent)
        os.kill(helper(it), signal.SIGKILL)
        it.wait_for("TCPS-649")
        it.process.log.write_text("")
        it.wait_for("RESL-810")
        assert is_served(it.port)


def test_without_names_there_is_no_helper(tmp_path, names, server):
    with proxy(tmp_path, names, f"plug-to [{CLIENT}] : {server.port};") as it:
        assert is_served(it.port)
        with pytest.raises(ValueError):
            helper(it)
    assert names.asked == []


def test_a_reload_asks_for_new_names_before_it_counts(tmp_path, names, server):
    """The name server has no answer for a while: until then the old configuration serves."""
    names.behave(silent, OTHER)
    names.add(OTHER, CLIENT)
    with proxy(tmp_path, names, f"plug-to {NAME} : {server.port};", times=QUICK_AGAIN) as it:
        old = it.path.read_text()
        it.path.write_text(old.replace(f"plug-to {NAME}", f"from {OTHER}; plug-to {NAME}"))
        it.process.signal(signal.SIGHUP)
        wait_until(lambda: kinds(names, OTHER), "a look-up of the new name")
        assert is_served(it.port)
        assert len(it.logged("TCPS-701")) == 1
        names.behave(lambda response: [response.to_wire()], OTHER)
        it.wait_for("TCPS-701", 2)
        assert is_served(it.port)
    assert it.status == 0


QUICK_AGAIN = "conf-timeout 30; initial-timeout 0.1; query-timeout 0.1;"


def test_a_reload_while_another_waits(tmp_path, names, server):
    """The second one comes into force behind it, and the proxy can end while one waits."""
    names.behave(silent, OTHER)
    times = "initial-timeout 0.5; query-timeout 0.5; conf-timeout 2;"
    with proxy(tmp_path, names, f"plug-to {NAME} : {server.port};", times=times) as it:
        old = it.path.read_text()
        new = old.replace(f"plug-to {NAME}", f"from {OTHER}; plug-to {NAME}")
        it.path.write_text(new)
        it.process.signal(signal.SIGHUP)
        wait_until(lambda: kinds(names, OTHER), "a look-up of the new name")
        it.path.write_text(old)
        it.process.signal(signal.SIGHUP)
        it.wait_for("TCPS-701", 3)
        assert is_served(it.port)
        names.asked.clear()
        it.path.write_text(new)
        it.process.signal(signal.SIGHUP)
        wait_until(lambda: kinds(names, OTHER), "a look-up of the new name")
    assert it.status == 0


def test_a_reload_keeps_what_is_known_of_names(tmp_path, names, server):
    with proxy(tmp_path, names, f"plug-to {NAME} : {server.port};", times=HASTY) as it:
        names.behave(silent)
        it.process.signal(signal.SIGHUP)
        it.wait_for("TCPS-701", 2)
        assert is_served(it.port)


def test_one_process_only(tmp_path, names, server):
    with proxy(
        tmp_path, names, f"plug-to {NAME} : {server.port};", items=f"singleproc; {OFTEN}"
    ) as it:
        assert is_served(it.port)
        names.add(NAME, "127.0.0.3", ttl=0)
        it.wait_for("RESL-710")
        assert b"BYE" in greeting(it.port)
    assert it.status == 0


# --- names of clients ------------------------------------------------------------------------


CLIENTS = [
    # the reverse name, its address, the from of the ACL, is the client served
    ("pc.example.org", CLIENT, "*.example.org", True),
    ("PC.Example.ORG", CLIENT, "*.example.org", True),
    ("pc.example.org", CLIENT, '~"^pc[.]"', True),
    ("pc.example.org", CLIENT, "! *.example.org", False),
    ("pc.example.org", CLIENT, "*.example.com", False),
    ("pc.example.org", CLIENT, "! *.example.com", True),
    ("pc.example.org", "192.0.2.1", "*.example.org", False),  # claimed, not confirmed
    ("pc.example.org", "192.0.2.1", "! *.example.com", False),
    (None, None, "*.example.org", False),
    (None, None, "! *.example.org", False),
]


@pytest.mark.parametrize("name, address, hosts, served", CLIENTS)
def test_names_of_clients(tmp_path, names, server, name, address, hosts, served):
    if name is not None:
        names.add_reverse(CLIENT, name)
        names.add(name.lower(), address)
    with proxy(tmp_path, names, f"plug-to [{CLIENT}] : {server.port}; from {hosts};") as it:
        assert is_served(it.port) is served


def test_names_of_clients_that_come_over_ipv6(tmp_path, names, server):
    names.add_reverse("::1", "pc.example.org")
    names.add("pc.example.org", "::1")
    (port,) = free_ports(1)
    listen = f"non-transparent [::1] port {port};"
    session = f"plug-to [{CLIENT}] : {server.port}; from *.example.org;"
    with proxy(tmp_path, names, session, listen=listen) as it:
        assert greeting(port, "::1").startswith(b"* OK")
        assert greeting(it.port) == b""
        assert "CLIENT=pc.example.org" in it.wait_for("IMAP-888")[0]


def test_no_client_is_asked_for_its_name_unless_it_matters(tmp_path, names, server):
    others = f"session-acl FIRST {{ from [{CLIENT}]; plug-to [{CLIENT}] : {server.port}; accept; }}"
    with proxy(tmp_path, names, "from *.example.org;", others=others) as it:
        assert is_served(it.port)
    assert names.asked == []


def test_a_name_is_asked_for_once(tmp_path, names, server):
    names.add_reverse(CLIENT, "pc.example.org")
    names.add("pc.example.org", CLIENT)
    session = f"plug-to [{CLIENT}] : {server.port}; from *.example.org;"
    with proxy(tmp_path, names, session, items=f"singleproc; {FEW}") as it:
        for _ in range(3):
            assert is_served(it.port)
    assert names.asked == [(reverse(CLIENT), "PTR"), ("pc.example.org", "A")]


def test_without_cache_it_is_asked_for_each_time(tmp_path, names, server):
    names.add_reverse(CLIENT, "pc.example.org")
    names.add("pc.example.org", CLIENT)
    session = f"plug-to [{CLIENT}] : {server.port}; from *.example.org;"
    with proxy(
        tmp_path, names, session, items=f"singleproc; {FEW}", times="cache-size 0;"
    ) as it:
        for _ in range(3):
            assert is_served(it.port)
    assert names.asked.count((reverse(CLIENT), "PTR")) == 3


def test_only_who_needs_a_name_waits_for_a_silent_name_server(tmp_path, names, server):
    """One client waits for its name; another is served meanwhile, and the proxy can end."""
    names.behave(silent)
    (second,) = free_ports(1)
    plug_to = f"plug-to [{CLIENT}] : {server.port};"
    others = f"session-acl FIRST {{ to [{CLIENT}] port {second}; {plug_to} accept; }}"
    with proxy(
        tmp_path,
        names,
        f"{plug_to} from *.example.org;",
        others=others,
        listen=f"non-transparent [{CLIENT}] port {second};",
    ) as it:
        with connect(it.port) as waiting:
            wait_until(lambda: names.asked, "a look-up")
            assert is_served(second)
            assert it.logged("RESL-813") == []
            it.stop()
            assert waiting.rest() == b""
    assert it.status == 0


def test_no_name_in_time_is_no_name(tmp_path, names, server):
    """The first try alone would take longer than anybody waits."""
    names.behave(silent)
    session = f"plug-to [{CLIENT}] : {server.port}; from ! *.example.org;"
    times = "initial-timeout 600; total-timeout 0.2;"
    with proxy(tmp_path, names, session, times=times) as it:
        assert not is_served(it.port)
        assert f"CLIENT={CLIENT} REASON=" in it.wait_for("RESL-813")[0]


def test_names_of_clients_by_the_system(tmp_path, server):
    """The system knows what 127.0.0.1 is called, by hosts(5) or whatever."""
    session = f'plug-to [{CLIENT}] : {server.port}; from ~"^localhost";'
    with proxy(tmp_path, None, session) as it:
        assert is_served(it.port)


# --- test-imap4 ------------------------------------------------------------------------------


CONFIGURATION = """version IMAP4-PROXY-1_0-RELEASE;
resolver R {{ server [127.0.0.1] port {port}; {times} }}
imap4-proxy A {{
    use-resolver R;
    listen-on {{ non-transparent [127.0.0.1] port 1143; }}
    session-acl A {{ plug-to imap.example.org : 143; accept; }}
    session-acl B {{ from {{ other.example.org, *.example.org }}; deny; }}
}}
"""


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
