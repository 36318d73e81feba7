"""namespaces - three machines in a row, each a network namespace: client, firewall, server.

    with Network() as network:
        with network.server.entered():
            server = FakeServer(script, network.server.hosts[4], 143)
        with network.firewall.entered():
            ...                             whatever is started or opened here is there
        network.firewall.run("nft", "list", "ruleset")

Sockets and processes stay in the namespace in which they were made.  The machines reach each
other by IPv4 and IPv6, through the firewall.  A namespace lives as long as the process that holds
it, which ends with the test, however that ends, so nothing is left on the machine.  Needs root.
See also: network_namespaces(7), capture.py.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
from contextlib import ExitStack, contextmanager
from ipaddress import ip_interface
from pathlib import Path
from typing import Iterator, Mapping, Self

from .process import Process
from .waiting import wait_until

CLONE_NEWNET = 0x40000000  # sched.h
_LIBRARY = ctypes.CDLL(None, use_errno=True)


class Machine:
    """One namespace; `devices` are addresses with prefixes by device and version of IP."""

    def __init__(self, devices: Mapping[str, Mapping[int, str]]) -> None:
        self.devices = devices
        first = next(iter(devices.values()))
        self.hosts = {version: str(ip_interface(text).ip) for version, text in first.items()}

    def start(self) -> Process:
        """Make the namespace: the process that holds it."""
        holder = Process(["unshare", "--net", "sleep", "infinity"], Path(os.devnull))
        self.pid = holder.pid
        own = os.readlink("/proc/self/ns/net")
        wait_until(lambda: os.readlink(f"/proc/{self.pid}/ns/net") != own, "the namespace")
        return holder

    @contextmanager
    def entered(self) -> Iterator[None]:
        """This thread is there; what it makes stays there."""
        before = os.open("/proc/self/ns/net", os.O_RDONLY)
        there = os.open(f"/proc/{self.pid}/ns/net", os.O_RDONLY)
        try:
            _set_namespace(there)
            yield
        finally:
            _set_namespace(before)
            os.close(before)
            os.close(there)

    def run(self, *command: str, text: str = "") -> str:
        """What a program prints there; subprocess.CalledProcessError."""
        with self.entered():
            done = subprocess.run(
                command, input=text, capture_output=True, text=True, check=True
            )
        return done.stdout

    def set_up(self) -> None:
        self.run("ip", "link", "set", "lo", "up")
        for device, addresses in self.devices.items():
            for version, address in addresses.items():
                nodad = ["nodad"] if version == 6 else []
                self.run("ip", "address", "add", address, "dev", device, *nodad)
            self.run("ip", "link", "set", device, "up")


def _set_namespace(fd: int) -> None:
    if _LIBRARY.setns(fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


class Network:
    """client c0 - f0 firewall f1 - s0 server"""

    def __init__(self) -> None:
        self.client = Machine({"c0": {4: "10.77.1.2/24", 6: "fd77:1::2/64"}})
        self.firewall = Machine(
            {
                "f0": {4: "10.77.1.1/24", 6: "fd77:1::1/64"},
                "f1": {4: "10.77.2.1/24", 6: "fd77:2::1/64"},
            }
        )
        self.server = Machine({"s0": {4: "10.77.2.2/24", 6: "fd77:2::2/64"}})
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for machine in (self.client, self.firewall, self.server):
                stack.enter_context(machine.start())
            self._connect(self.client, "c0", "f0")
            self._connect(self.server, "s0", "f1")
            for machine in (self.client, self.firewall, self.server):
                machine.set_up()
            self._route(self.client, "f0")
            self._route(self.server, "f1")
            for name in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
                self.firewall.run("tee", f"/proc/sys/net/{name}", text="1")
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *args: object) -> None:
        self._stack.close()

    def _connect(self, machine: Machine, device: str, other: str) -> None:
        peer = ["peer", "name", other, "netns", str(self.firewall.pid)]
        machine.run("ip", "link", "add", "dev", device, "type", "veth", *peer)

    def _route(self, machine: Machine, device: str) -> None:
        for version, text in self.firewall.devices[device].items():
            gateway = str(ip_interface(text).ip)
            machine.run("ip", f"-{version}", "route", "add", "default", "via", gateway)
