"""Rule sets as text: golden, for nft and for pf."""

import pytest

from kernun_common.sockaddr import address
from kernun_common.transparency.ruleset import Redirection, nft, nft_table, pf, pf_anchor

FOUR = Redirection(4, "em0", 143, 2143)
ANY = Redirection(4, None, 993, 2143)
SIX = Redirection(6, "em0", 143, 2143)

PASS_OWN = 'fib daddr type local return comment "made by a proxy"'
MARK = 'meta l4proto tcp socket transparent 1 meta mark set 0x494d0001 comment "made by a proxy"'
CLIENTS = """\
table ip T {
\tchain clients {
\t\ttype nat hook prerouting priority -100; policy accept;
\t\tfib daddr type local return comment "made by a proxy"
\t\tiifname "em0" tcp dport 143 redirect to :2143
\t\ttcp dport 993 redirect to :2143
\t}
}
"""
CLIENTS_6 = f"""\
table ip6 T {{
\tchain clients {{
\t\ttype nat hook prerouting priority -100; policy accept;
\t\t{PASS_OWN}
\t\tiifname "em0" tcp dport 143 redirect to :2143
\t}}
}}
"""
SERVERS = f"""\
\tchain servers {{
\t\ttype filter hook prerouting priority -150; policy accept;
\t\t{MARK}
\t}}
}}
"""

NFT = [
    # redirections, mark, versions of the tables that are there, text
    ([], None, [], ""),
    ([FOUR, ANY], None, [], CLIENTS),
    ([FOUR, ANY, SIX], None, [], CLIENTS + CLIENTS_6),
    ([FOUR, ANY], None, [4, 6], f"delete table ip T\n{CLIENTS}delete table ip6 T\n"),
    ([], None, [6], "delete table ip6 T\n"),
    ([], 0x494D0001, [], f"table ip T {{\n{SERVERS}table ip6 T {{\n{SERVERS}"),
    (
        [SIX],
        0x494D0001,
        [4],
        f"delete table ip T\ntable ip T {{\n{SERVERS}{CLIENTS_6[:-2]}{SERVERS}",
    ),
]


@pytest.mark.parametrize("redirections, mark, present, text", NFT)
def test_nft(redirections, mark, present, text):
    assert nft("T", redirections, mark, present) == text


PF = [
    # redirections, text; a range of ports is a redirection for each
    ([], ""),
    (
        [FOUR, ANY],
        "no rdr on em0 inet proto tcp from any to (self) port 143\n"
        "no rdr inet proto tcp from any to (self) port 993\n"
        "rdr pass on em0 inet proto tcp from any to any port 143 -> 127.0.0.1 port 2143\n"
        "rdr pass inet proto tcp from any to any port 993 -> 127.0.0.1 port 2143\n",
    ),
    (
        [SIX, Redirection(6, None, 993, 2144)],
        "no rdr on em0 inet6 proto tcp from any to (self) port 143\n"
        "no rdr inet6 proto tcp from any to (self) port 993\n"
        "rdr pass on em0 inet6 proto tcp from any to any port 143 -> 2001:db8::1 port 2143\n"
        "rdr pass inet6 proto tcp from any to any port 993 -> 2001:db8::1 port 2144\n",
    ),
    (
        [Redirection(4, "em0.10", 1150 + number, 2150 + number) for number in range(2)],
        "no rdr on em0.10 inet proto tcp from any to (self) port 1150\n"
        "no rdr on em0.10 inet proto tcp from any to (self) port 1151\n"
        "rdr pass on em0.10 inet proto tcp from any to any port 1150 -> 127.0.0.1 port 2150\n"
        "rdr pass on em0.10 inet proto tcp from any to any port 1151 -> 127.0.0.1 port 2151\n",
    ),
    (
        [FOUR, Redirection(4, "em0", 143, 2144)],  # the first one wins; own addresses pass once
        "no rdr on em0 inet proto tcp from any to (self) port 143\n"
        "rdr pass on em0 inet proto tcp from any to any port 143 -> 127.0.0.1 port 2143\n"
        "rdr pass on em0 inet proto tcp from any to any port 143 -> 127.0.0.1 port 2144\n",
    ),
]


@pytest.mark.parametrize("redirections, text", PF)
def test_pf(redirections, text):
    assert pf(redirections, address("2001:db8::1")) == text


def test_pf_without_ipv6():
    assert "127.0.0.1" in pf([FOUR])


NAMES = [
    ("MAIL", "p-MAIL", "p/MAIL"),
    ("mail-1.example_org", "p-mail-1.example_org", "p/mail-1.example_org"),
    ("a/b", "p-a_2f_b", "p/a_2f_b"),
    ("x;flush", "p-x_3b_flush", "p/x_3b_flush"),
    ("\u017e", "p-_c5be_", "p/_c5be_"),
]


@pytest.mark.parametrize("name, table, anchor", NAMES)
def test_names(name, table, anchor):
    assert (nft_table("p", name), pf_anchor("p", name)) == (table, anchor)
