"""routing - how packets for a client's address get to the proxy that connects from it.

    mark = mark_of("imap4-proxy-MAIL")          a number of this table's own
    install_commands(mark)                      for `ip -4 -batch -`, and `ip -6`
    remove_commands(mark)                       likewise; with -force, for some may be gone

A server answers to the address of the client, so the packet comes to the firewall, which would
pass it on.  ruleset.py marks what belongs to a socket of the proxy; the rule here leads what has
the mark to a routing table of the same number, which says that all addresses are local.

The number is made of the name, so a start finds what a killed parent left.
See also: ip-rule(8), ip-route(8), source-address(5).
"""

from __future__ import annotations

from zlib import crc32

BASE = 0x494D0000  # far from the numbers that people choose
PREFERENCE = 143  # before the main table (32766), behind the local one (0)


def mark_of(table: str) -> int:
    """The mark, and the number of the routing table."""
    return BASE | (crc32(table.encode("utf-8")) & 0xFFFF)


def install_commands(mark: int) -> str:
    """One route, and one rule that leads to it."""
    return f"route replace {_route(mark)}\nrule add {_rule(mark)}\n"


def remove_commands(mark: int) -> str:
    return f"rule del {_rule(mark)}\nroute del {_route(mark)}\n"


def _rule(mark: int) -> str:
    return f"pref {PREFERENCE} fwmark {mark:#x} lookup {mark}"


def _route(mark: int) -> str:
    return f"local default dev lo table {mark}"
