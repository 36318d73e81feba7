"""ruleset - the rules that redirect clients to a proxy, as text for nft(8) and pfctl(8).

    nft(table, redirections, mark, present)     the input of `nft -f`, one transaction
    nft_table("imap4-proxy", "MAIL")            "imap4-proxy-MAIL"
    pf(redirections, reachable)                 the rules of a pf anchor
    pf_anchor("imap4-proxy", "MAIL")            "imap4-proxy/MAIL"

Each proxy has one table of its own per family (`ip`, `ip6`), and touches no other.  The first
rule lets pass who addresses the firewall itself, so a listener on the same port of the firewall
stays reachable.  With a `mark`, a second chain marks the packets that servers send to addresses
of clients: such a packet belongs to a socket of the proxy, which the kernel sees (`socket
transparent`), and routing.py leads what has the mark to this machine.

pf evaluates the first translation rule that matches, so those that let pass come first there,
too, for the same devices and ports, and touch nobody else's rules.  `(self)` are the addresses of
the firewall at any moment.  (`! self` would not do: pfctl makes a rule of each address, and an
own address is not each of the others.)  IPv4 is redirected to the loopback address, where
a socket on all addresses gets it.  FreeBSD takes nothing for [::1] in at other devices, so IPv6 is
redirected to `reachable`, any other address of the firewall.

Every first rule of nft bears the COMMENT, by which a table is known as one of ours.
See also: transparency(7), redirect.py, routing.py.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address
from typing import Collection, Iterator, List, NamedTuple, Optional, Sequence

from kernun_common.sockaddr import Address

FAMILIES = {4: "ip", 6: "ip6"}
COMMENT = "made by a proxy"

_PF_FAMILIES = {4: "inet", 6: "inet6"}
_LOOPBACK = IPv4Address("127.0.0.1")
_IDENTIFIER = re.compile(r"[^A-Za-z0-9_.-]", re.ASCII)


class Redirection(NamedTuple):
    """Clients that come in by the device (None: any) for the port `caught` get to `port`."""

    version: int
    device: Optional[str]
    caught: int
    port: int


def nft_table(program: str, name: str) -> str:
    """The name of the proxy's tables."""
    return f"{program}-{_word(name)}"


def pf_anchor(program: str, name: str) -> str:
    """The name of the proxy's anchor."""
    return f"{program}/{_word(name)}"


def _word(name: str) -> str:
    """Only what a rule set takes as part of a name; other characters by their octets."""
    return _IDENTIFIER.sub(lambda found: f"_{found[0].encode('utf-8').hex()}_", name)


def nft(
    table: str,
    redirections: Sequence[Redirection],
    mark: Optional[int] = None,
    present: Collection[int] = (),
) -> str:
    """These rules instead of those of the tables of the versions `present`."""
    lines: List[str] = []
    for version, family in FAMILIES.items():
        chains = list(_chains(version, redirections, mark))
        if version in present:
            lines.append(f"delete table {family} {table}")
        if chains:
            lines += [f"table {family} {table} {{", *chains, "}"]
    return "".join(f"{line}\n" for line in lines)


def _chains(
    version: int, redirections: Sequence[Redirection], mark: Optional[int]
) -> Iterator[str]:
    ours = [redirection for redirection in redirections if redirection.version == version]
    if ours:
        yield from _chain("clients", "nat", -100, [_pass_own(), *map(_nft_rule, ours)])
    if mark is not None:
        yield from _chain("servers", "filter", -150, [_nft_mark(mark)])


def _chain(name: str, kind: str, priority: int, rules: Sequence[str]) -> Iterator[str]:
    yield f"\tchain {name} {{"
    yield f"\t\ttype {kind} hook prerouting priority {priority}; policy accept;"
    yield from (f"\t\t{rule}" for rule in rules)
    yield "\t}"


def _pass_own() -> str:
    return f'fib daddr type local return comment "{COMMENT}"'


def _nft_rule(one: Redirection) -> str:
    device = f'iifname "{one.device}" ' if one.device is not None else ""
    return f"{device}tcp dport {one.caught} redirect to :{one.port}"


def _nft_mark(mark: int) -> str:
    return f'meta l4proto tcp socket transparent 1 meta mark set {mark:#x} comment "{COMMENT}"'


def pf(redirections: Sequence[Redirection], reachable: Optional[Address] = None) -> str:
    """Empty text empties the anchor."""
    kept = [f"no rdr {_pf_clients(one)} to (self) port {one.caught}" for one in redirections]
    rules = [
        f"rdr pass {_pf_clients(one)} to any port {one.caught}"
        f" -> {_LOOPBACK if one.version == 4 else reachable} port {one.port}"
        for one in redirections
    ]
    return "".join(f"{line}\n" for line in (*dict.fromkeys(kept), *rules))


def _pf_clients(one: Redirection) -> str:
    device = f"on {one.device} " if one.device is not None else ""
    return f"{device}{_PF_FAMILIES[one.version]} proto tcp from any"
