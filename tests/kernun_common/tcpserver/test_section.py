"""section: constraints between items, and sockets that two rows want."""

from ipaddress import ip_address

import pytest

from kernun_common.configuration.loader import load
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.configuration.types import Host
from kernun_common.tcpserver.section import ListenOn, NonTransparent, TcpServer, listened_twice

TAG = "TEST-1_0-RELEASE"


def read(folder, text):
    """The only section of this text, or its complaints without their places."""
    path = folder / "test.cfg"
    path.write_text(f"version {TAG};\n{text}")
    try:
        [section] = load(str(path), (ListenOn, TcpServer), TAG).members
    except ConfigurationErrors as errors:
        return [(error.where.line, error.text) for error in errors]
    return section


TCPSERVER = [
    # items, a word of the complaint ("" where there is none)
    ("init-children 5;", ""),
    ("init-children 0;", "zero"),
    ("init-children 501;", "max-children"),
    ("min-idle 0;", "zero"),
    ("min-idle 20;", "max-idle"),
    ("min-idle 19;", ""),
    ("max-idle 501;", "max-children"),
    ("max-children 20;", ""),
    ("max-children 19;", "max-children"),
    ("min-start-rate 0;", "zero"),
    ("min-start-rate 33;", "max-start-rate"),
    ("min-start-rate 32;", ""),
    ("queue-size 0;", "zero"),
    ("parent-cycle 0;", "zero"),
    ("kill-rate 0;", "zero"),
    ("max-sessions 0;", "zero"),
    ("terminate-wait 0;", "zero"),
    ("listener yes;", ""),
    ("listener yes; max-children-per-ip 500; conn-rate 5; conn-rate-per-ip 5;", ""),
    ("listener yes; conn-rate-per-ip 5;", ""),
    ("listener yes; conn-rate 4; conn-rate-per-ip 5;", "conn-rate"),
    ("listener yes; max-children-per-ip 501;", "max-children"),
    ("listener yes; conn-rate-table 0;", "zero"),
    ("conn-rate 5;", "listener"),
    ("conn-rate-per-ip 5;", "listener"),
    ("conn-rate-table 5;", "listener"),
    ("listener no; max-children-per-ip 5;", "listener"),
    ("info-cycle 0;", ""),
    ("fork-wait 0; fork-retries 0;", ""),
]


@pytest.mark.parametrize("items, complaint", TCPSERVER)
def test_tcpserver(tmp_path, items, complaint):
    found = read(tmp_path, f"tcpserver {{ {items} }}")
    if complaint:
        assert len(found) == 1 and complaint in found[0][1]
    else:
        assert isinstance(found, TcpServer)


LISTEN_ON = [
    # rows, lines and words of the complaints
    ("non-transparent [127.0.0.1] port 143;", []),
    ("non-transparent address [::1] version ip6 port 143 to 150;", []),
    ("non-transparent localhost version ip4 port imap;", []),
    ("non-transparent [127.0.0.1] port 0;", ["range"]),
    ("non-transparent [127.0.0.1] port 9 to 8;", ["range"]),
    ("non-transparent [127.0.0.1] version ip6 port 9;", ["ip6"]),
    ("non-transparent [::] version ip4 port 9;", ["ip4"]),
    ("non-transparent [::] port 9; non-transparent [0.0.0.0] port 9;", []),
    ("non-transparent [::1] port 9; non-transparent [::] port 9;", ["already"]),
    ("non-transparent [127.0.0.1] port 1 to 9; non-transparent [127.0.0.1] port 9;", ["already"]),
    ("non-transparent [127.0.0.1] port 1 to 8; non-transparent [127.0.0.1] port 9;", []),
    ("non-transparent [127.0.0.1] port 9; non-transparent [127.0.0.2] port 9;", []),
    ("non-transparent a.example port 9; non-transparent b.example port 9;", []),
    ("non-transparent a.example port 9; non-transparent a.example port 9;", ["already"]),
    ("transparent [0.0.0.0] port 9; transparent [::] port 9;", []),
    ("transparent [127.0.0.1] port 9; transparent [127.0.0.2] port 9;", ["already"]),
    ("non-transparent [127.0.0.1] port 9; transparent [127.0.0.1] port 9;", ["listened on"]),
    ("transparent [0.0.0.0] port 9; transparent [127.0.0.1] port 8;", ["redirected already"]),
    ("transparent [127.0.0.1] port 8; transparent [127.0.0.2] port 9;", []),
    ("transparent [0.0.0.0] port 8; transparent [127.0.0.2] port 9 redirect { 993 };", []),
    ("transparent [0.0.0.0] port 8 to 9;", ["redirect has 1"]),
    ("non-transparent [127.0.0.1] port 9 proxy-protocol { [::1], lb.example };", []),
    ("non-transparent [127.0.0.1] port 9 proxy-protocol *.example;", ["glob"]),
    (
        "non-transparent a.example version ip4 port 9;"
        " non-transparent a.example version ip6 port 9;",
        [],
    ),
]


@pytest.mark.parametrize("rows, complaints", LISTEN_ON)
def test_listen_on(tmp_path, rows, complaints):
    found = read(tmp_path, f"listen-on {{ {rows} }}")
    if complaints:
        assert [line for line, _ in found] == [2] * len(complaints)
        assert all(word in text for word, (_, text) in zip(complaints, found))
    else:
        assert isinstance(found, ListenOn)


def row(address, port, to=None):
    return NonTransparent(Host(address=ip_address(address)), None, port, to)


def test_two_proxies_want_one_socket():
    one = ListenOn(non_transparent=(row("127.0.0.1", 1), row("127.0.0.1", 3, 5)))
    other = ListenOn(non_transparent=(row("127.0.0.1", 2), row("0.0.0.0", 4)))
    assert len(list(listened_twice([one, other]))) == 1
    assert not list(listened_twice([one])) and not list(listened_twice([other]))


def test_ports():
    assert list(row("127.0.0.1", 7).ports) == [7]
    assert list(row("127.0.0.1", 7, 9).ports) == [7, 8, 9]
