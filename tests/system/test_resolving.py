"""Names in the configuration, through the real program, with name servers of the test's own.

Nothing is judged by the clock: where a name server is silent, what must not wait for it
is done while it is silent.
"""

from __future__ import annotations

import os
import signal
import subprocess
from typing import Iterator

import pytest

from tests.support.daemons import lives
from tests.support.dns_server import DnsServer, cut, failing, forged, silent
from tests.support.fake_imap import obliging
from tests.support.named import (
    CLIENT,
    FEW,
    HASTY,
    NAME,
    OTHER,
    PATIENT,
    greeting,
    is_served,
    proxy,
    resolver,
)
from tests.support.peers import FakeServer
from tests.support.ports import free_ports
from tests.support.proxy import Proxy
from tests.support.waiting import wait_until

QUICK_AGAIN = "conf-timeout 30; initial-timeout 0.1; query-timeout 0.1;"
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


def kinds(names: DnsServer, name: str) -> set[str]:
    return {kind for asked, kind in names.asked if asked == name}


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
        assert is_served(it.port)
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
        assert is_served(it.port)
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
        wait_until(lambda: is_served(it.port), "a child of the last reload")
        names.asked.clear()
        it.path.write_text(new)
        it.process.signal(signal.SIGHUP)
        wait_until(lambda: kinds(names, OTHER), "a look-up of the new name")
    assert it.status == 0


def test_a_reload_keeps_what_is_known_of_names(tmp_path, names, server):
    with proxy(tmp_path, names, f"plug-to {NAME} : {server.port};", times=HASTY) as it:
        assert is_served(it.port)
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
