"""checking - engines without a program around them: how to ask one, and where it is."""

from __future__ import annotations

from ipaddress import ip_address

from kernun_common.configuration.types import Host, Sock
from kernun_common.netio.waiting import Waiter
from kernun_common.steps import alone

from .ports import HOST


def at(port: int) -> Sock:
    return Sock(Host(address=ip_address(HOST)), port)


def result(steps):
    """Of steps that have nothing beside them."""
    return alone(steps, Waiter().until)
