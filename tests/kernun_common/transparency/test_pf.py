"""pf: what pfctl is told, and what becomes of its answers, which are made up here."""

import pytest

from kernun_common.errors import Unavailable
from kernun_common.sockaddr import address
from kernun_common.transparency import pf as module
from kernun_common.transparency.pf import Pf
from kernun_common.transparency.redirect import Rules
from kernun_common.transparency.ruleset import Redirection
from kernun_common.transparency.state_table import StateTable
from tests.support.lines import Lines

ONE = Redirection(4, None, 143, 2143)
TWO = Redirection(6, "em0", 143, 2143)

INFO = "Status: Enabled for 0 days 00:10:02           Debug: Urgent\n\nState Table\n"
MAIN = 'nat on em1 inet from 10.0.0.0/8 to any -> (em1)\nrdr-anchor "p/*" all\n'


class System:
    """pfctl: its status, the main rules and the anchors."""

    def __init__(self, monkeypatch):
        self.info, self.main = INFO, MAIN
        self.anchors = {}
        self.told = []
        self.missing = self.failing = None
        monkeypatch.setattr(module, "find", self.find)
        monkeypatch.setattr(module, "run", self.run)
        monkeypatch.setattr(module, "Devices", lambda: self)

    def reachable(self, version):
        assert version == 6
        return address("2001:db8::1")

    def find(self, program):
        if program == self.missing:
            raise Unavailable(f"the program {program} is not installed")

    def run(self, command, text=""):
        program, quiet, *words = command
        assert (program, quiet) == ("pfctl", "-q")
        self.told.append(" ".join(words))
        if self.failing is not None and self.failing in self.told[-1]:
            raise Unavailable("pfctl: Permission denied")
        if words[0] == "-s":
            return {"info": self.info, "nat": self.main}[words[1]]
        _, anchor, option, what = words
        if option == "-s":
            if anchor not in self.anchors:
                raise Unavailable("pfctl: Invalid argument")
            return self.anchors[anchor]
        self.anchors[anchor] = {"-f": text, "-F": ""}[option]
        return ""


@pytest.fixture
def system(monkeypatch):
    return System(monkeypatch)


@pytest.fixture
def pf(tmp_path):
    device = tmp_path / "pf"
    device.touch()
    return Pf("p", "N", StateTable(str(device)))


@pytest.fixture
def rules(pf):
    rules = Rules("p", "N", "freebsd14")
    rules._filter = pf
    return rules


def test_life(system, rules):
    lines = Lines()
    rules.install([ONE, TWO], False, lines.log)
    assert "-a p/N -f -" in system.told and len(rules.fds) == 1
    assert "-> 127.0.0.1 port" in system.anchors["p/N"]
    assert "-> 2001:db8::1 port" in system.anchors["p/N"]
    [fd] = rules.fds
    rules.install([ONE], False, lines.log)
    assert rules.fds == [fd] and "inet6" not in system.anchors["p/N"]
    rules.remove()
    assert system.told[-1] == "-a p/N -F nat" and system.anchors == {"p/N": ""}
    assert rules.fds == []
    assert [line.split()[0] for line in lines.lines] == ["NATT-710-K", "NATT-710-K", "NATT-711-K"]


def test_what_was_left_is_removed(system, rules):
    lines = Lines()
    system.anchors["p/N"] = "rdr pass ...\n"
    rules.install([], False, lines.log)
    assert system.anchors == {"p/N": ""} and lines.lines[0].startswith("NATT-711-K")


def test_nothing_was_left(system, rules):
    lines = Lines()
    rules.install([], False, lines.log)
    system.failing = ""
    rules.install([], False, lines.log)
    assert lines.lines == [] and rules.fds == []


def test_a_reload_that_cannot_remove_them(system, rules):
    rules.install([ONE], False, Lines().log)
    system.failing = "-F nat"
    with pytest.raises(Unavailable, match="cannot be removed: pfctl: Permission denied"):
        rules.install([], False, Lines().log)
    assert len(rules.fds) == 1
    system.failing = None
    rules.remove()


@pytest.mark.parametrize("anchor", ["p/*", "p/N"])
def test_the_anchor_is_referred_to(system, pf, anchor):
    system.main = f'rdr-anchor "{anchor}" all\n'
    pf.check(False)


BAD = [
    # what is not as it should be, client sources, the complaint
    ({"missing": "pfctl"}, False, "the program pfctl is not installed"),
    ({}, True, "source-address client is not possible with pf"),
    ({"info": "Status: Disabled for 0 days 00:00:01   Debug: Urgent\n"}, False, "not enabled"),
    ({"main": ""}, False, 'have no line rdr-anchor "p/*"'),
    ({"main": 'nat-anchor "p/*" all\nrdr-anchor "other/*" all\n'}, False, "have no line"),
    ({"failing": "-s info"}, False, "pfctl: Permission denied"),
]


@pytest.mark.parametrize("wrong, client_sources, words", BAD)
def test_bad(system, rules, wrong, client_sources, words):
    vars(system).update(wrong)
    assert words in rules.complaint(client_sources)
    with pytest.raises(Unavailable) as caught:
        rules.install([ONE], client_sources, Lines().log)
    assert words in caught.value.what and system.anchors == {} and rules.fds == []


def test_a_load_that_fails_leaves_nothing_open(system, pf):
    system.failing = "-f -"
    with pytest.raises(Unavailable):
        pf.load([ONE], False)
    assert pf.fds == []
    system.failing = None
    pf.load([ONE], False)
    system.failing = "-f -"
    with pytest.raises(Unavailable):
        pf.load([ONE, TWO], False)
    assert len(pf.fds) == 1
    pf.clear()


def test_no_device_of_pf(system, tmp_path):
    with pytest.raises(Unavailable, match="none: No such file"):
        Pf("p", "N", StateTable(str(tmp_path / "none"))).load([ONE], False)
    assert system.anchors == {}
