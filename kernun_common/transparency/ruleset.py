"""ruleset - the rules that redirect clients to a proxy, as text for nft(8) and pfctl(8).

    nft(table, redirections, mark, present)     the input of `nft -f`, one transaction
    nft_table("imap4-proxy", "MAIL")            "imap4-proxy-MAIL"
    pf(redirections)                            the rules of a pf anchor
    pf_anchor("imap4-proxy", "MAIL")            "imap4-proxy/MAIL"

Each proxy has one table of its own per family (`ip`, `ip6`), and touches no other.  The first
rule lets pass who addresses the firewall itself, so a listener on the same port of the firewall
stays reachable.  With a `mark`, a second chain marks the packets that servers send to addresses
of clients: such a packet belongs to a socket of the proxy, which the kernel sees (`socket
transparent`), and routing.py leads what has the mark to this machine.

Every first rule bears the COMMENT, by which a table is known as one of ours.
See also: transparency(7), redirect.py, routing.py.
"""

from __future__ import annotations

import re
from typing import Collection, Iterator, List, NamedTuple, Optional, Sequence

FAMILIES = {4: "ip", 6: "ip6"}
COMMENT = "made by a proxy"

_PF_FAMILIES = {4: ("inet", "127.0.0.1"), 6: ("inet6", "::1")}
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


def pf(redirections: Sequence[Redirection]) -> str:
    """One rule each; `self` are the firewall's own addresses.  Empty text empties the anchor."""
    return "".join(f"{_pf_rule(one)}\n" for one in redirections)


def _pf_rule(one: Redirection) -> str:
    family, loopback = _PF_FAMILIES[one.version]
    device = f"on {one.device} " if one.device is not None else ""
    clients = f"{device}{family} proto tcp from any to ! self port {one.caught}"
    return f"rdr pass {clients} -> {loopback} port {one.port}"
