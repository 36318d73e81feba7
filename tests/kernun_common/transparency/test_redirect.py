"""redirect: what the programs of the system are told, and what becomes of their answers.

The programs are made up here; tests/system/test_transparency.py has the real ones.
"""

import os
import socket
from typing import NamedTuple

import pytest

from kernun_common.errors import Unavailable
from kernun_common.transparency import redirect
from kernun_common.transparency.pf import Pf
from kernun_common.transparency.redirect import Nftables, Rules, filter_of
from kernun_common.transparency.ruleset import COMMENT, Redirection
from tests.support.lines import Lines

ONE = Redirection(4, None, 143, 2143)
TWO = Redirection(6, "em0", 143, 2143)


class Call(NamedTuple):
    command: str
    text: str


class System:
    """A packet filter in which somebody may have tables already."""

    def __init__(self, monkeypatch):
        self.calls = []
        self.tables = {}  # what they hold, by family and name
        self.missing = self.failing = self.blind = None
        monkeypatch.setattr(redirect, "find", self.find)
        monkeypatch.setattr(redirect, "run", self.run)

    def find(self, program):
        if program == self.missing:
            raise Unavailable(f"the program {program} is not installed")

    def run(self, command, text="", must_succeed=True):
        words = " ".join(command)
        if self.blind is not None and words.startswith(self.blind):
            raise Unavailable("you must be root")
        self.find(command[0])
        if words == "nft list tables":
            return "".join(f"table {table}\n" for table in self.tables)
        if words.startswith("nft list table "):
            return self.tables[words.removeprefix("nft list table ")]
        self.calls.append(Call(words, text))
        if self.failing is not None and self.failing in words:
            raise Unavailable("Operation not permitted")
        self._load(words, text)
        return ""

    def _load(self, words, text):
        if words == "nft -f -":
            for line in text.splitlines():
                if line.startswith("delete table "):
                    del self.tables[line.removeprefix("delete table ")]
                elif line.startswith("table "):
                    self.tables[line[6:-2]] = COMMENT

    def told(self):
        told = [call.command for call in self.calls]
        self.calls.clear()
        return told


@pytest.fixture
def system(monkeypatch):
    return System(monkeypatch)


@pytest.fixture
def lines():
    return Lines()


OURS = {"ip p-N", "ip6 p-N"}


def rules_of(platform="linux"):
    return Rules("p", "N", platform)


def test_life(system, lines):
    rules = rules_of()
    rules.install([ONE, TWO], False, lines.log)
    assert system.told() == ["nft -f -"] and system.tables.keys() == OURS
    rules.install([ONE], False, lines.log)
    assert system.told() == ["nft -f -"] and system.tables.keys() == {"ip p-N"}
    rules.withdraw()
    rules.remove()
    rules.remove()
    assert system.told() == ["nft -f -", *ROUTES_GO] and not system.tables
    assert [line.split()[0] for line in lines.lines] == ["NATT-710-K", "NATT-710-K", "NATT-711-K"]


ROUTES_GO = ["ip -4 -force -batch -", "ip -6 -force -batch -"]
ROUTES_COME = ["ip -4 -batch -", "ip -6 -batch -"]


def test_client_sources(system, lines):
    """The way back stays while sessions may need it: to the end."""
    rules = rules_of()
    rules.install([ONE], True, lines.log)
    assert system.told() == [*ROUTES_GO, *ROUTES_COME, "nft -f -"]
    rules.install([ONE], False, lines.log)
    assert system.told() == ["nft -f -"] and system.tables.keys() == OURS
    rules.withdraw()
    assert system.told() == ["nft -f -"] and system.tables.keys() == OURS
    rules.remove()
    assert system.told() == ["nft -f -", *ROUTES_GO] and not system.tables
    assert "REDIRECTIONS=0 MARK=0x494d" in lines.lines[2]


def test_what_was_left_is_replaced_or_removed(system, lines):
    for redirections, remain in (([ONE], {"ip p-N"}), ([], set())):
        system.tables = dict.fromkeys(OURS, COMMENT)
        rules_of().install(redirections, False, lines.log)
        assert system.tables.keys() == remain


def test_foreign_tables(system, lines):
    system.tables = {"ip other": "x", "ip6 p-N": "chain mine"}
    with pytest.raises(Unavailable, match="ip6 p-N is there already"):
        rules_of().install([ONE], True, lines.log)
    rules_of().install([], False, lines.log)
    assert system.tables == {"ip other": "x", "ip6 p-N": "chain mine"} and not system.calls


def test_a_reload_that_cannot_remove_them_is_refused(system, lines):
    """Clients would be redirected to where nobody listens any more."""
    rules = rules_of()
    rules.install([ONE, TWO], False, lines.log)
    system.failing = "nft -f"
    with pytest.raises(Unavailable, match="those that are there cannot be removed: Operation"):
        rules.install([], False, lines.log)
    assert system.tables.keys() == OURS and len(lines.lines) == 1
    system.failing = None
    rules.install([], False, lines.log)
    rules.remove()
    assert not system.tables
    assert [line.split()[0] for line in lines.lines] == ["NATT-710-K", "NATT-711-K"]


def test_what_was_left_and_cannot_be_removed_is_told(system, lines):
    system.tables, system.failing = dict.fromkeys(OURS, COMMENT), "nft -f"
    rules = rules_of()
    rules.install([], False, lines.log)
    [line] = lines.lines
    assert "NATT-610-E NOT-REMOVED TABLE=p-N" in line and "not permitted" in line
    rules.remove()
    assert len(lines.lines) == 1


def test_who_may_not_look_has_left_nothing(system, lines):
    system.blind = "nft list"
    rules_of().install([], False, lines.log)
    assert lines.lines == [] and not system.calls


def test_without_ip_there_are_no_routes(system, lines):
    system.missing = "ip"
    rules = rules_of()
    rules.install([ONE], False, lines.log)
    rules.remove()
    assert system.told() == ["nft -f -", "nft -f -"]
    assert [line.split()[0] for line in lines.lines] == ["NATT-710-K", "NATT-711-K"]


MISSING = [("nft", False), ("nft", True), ("ip", True)]


@pytest.mark.parametrize("program, client_sources", MISSING)
def test_missing_programs(system, lines, program, client_sources):
    system.missing = program
    assert rules_of().complaint(client_sources) == f"the program {program} is not installed"
    with pytest.raises(Unavailable, match=program):
        rules_of().install([ONE], client_sources, lines.log)
    assert not system.calls


def test_a_start_that_fails_leaves_nothing(system, lines):
    system.failing = "nft -f"
    rules = rules_of()
    with pytest.raises(Unavailable, match="not permitted"):
        rules.install([ONE], True, lines.log)
    assert system.told()[-2:] == ROUTES_GO
    rules.remove()
    assert not system.calls and not lines.lines


def test_an_end_that_fails_is_told_of(system, lines):
    rules = rules_of()
    rules.install([ONE], True, lines.log)
    system.failing = "nft -f"
    rules.withdraw()
    rules.remove()
    told = [line.split(" REASON=")[0] for line in lines.lines[1:]]
    assert told == ["NATT-610-E NOT-REMOVED TABLE=p-N"] * 2


def test_each_system_has_its_own():
    assert isinstance(filter_of("p", "N", "linux"), Nftables)
    assert isinstance(filter_of("p", "N", "freebsd14"), Pf)


def test_who_was_redirected(monkeypatch):
    """The filter of the system tells."""
    monkeypatch.setattr(redirect, "original_dst", lambda sock: "nft's")
    monkeypatch.setattr(Pf, "original_dst", lambda self, sock: "pf's")
    monkeypatch.setattr(Pf, "fds", [7])
    assert (rules_of().original_dst(None), rules_of().fds) == ("nft's", ())
    assert (rules_of("freebsd14").original_dst(None), rules_of("freebsd14").fds) == ("pf's", [7])


def test_a_helper_removes_them(system, lines):
    rules = rules_of()
    rules.install([ONE], False, lines.log)
    rules.delegate()
    rules.withdraw()
    rules.remove()
    assert system.tables
    ours, theirs = socket.socketpair()
    ours.close()
    with theirs:
        rules.keep(theirs.fileno())
    assert not system.tables


def test_keep_waits(system, lines):
    rules = rules_of()
    read, write = os.pipe()
    os.write(write, b"x")
    rules.keep(read)
    os.close(read)
    os.close(write)
    assert not system.calls
