"""dns_server - a name server under a test's own hand, on loopback, over UDP and TCP.

    with DnsServer() as server:
        server.add("imap.example.org", "192.0.2.7", "2001:db8::7", ttl=60)
        server.add_reverse("127.0.0.1", "pc.example.org")
        server.alias("mail.example.org", "imap.example.org")
        server.port
        server.asked                        [("imap.example.org", "A"), ...]

A name that was not added does not exist.  What is wrong with the server is a
function of the message that it would send, which returns the octets to send, one
packet each; `server.behave(silent)` for all names or `server.behave(cut, name)`.
Names are in lower case.
"""

from __future__ import annotations

import socket
import struct
import threading
from ipaddress import ip_address
from typing import Callable, Dict, List, Optional, Tuple

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.reversename
import dns.rrset

from .ports import HOST

Packets = List[bytes]
Behaviour = Callable[[dns.message.Message], Packets]

NEGATIVE_TTL = 30  # seconds, in the SOA
_SOA = "example.org. 3600 IN SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 30"


def honest(response: dns.message.Message) -> Packets:
    return [response.to_wire()]


def silent(response: dns.message.Message) -> Packets:
    return []


def failing(response: dns.message.Message) -> Packets:
    response.answer.clear()
    response.set_rcode(dns.rcode.SERVFAIL)
    return honest(response)


def cut(response: dns.message.Message) -> Packets:
    """The beginning only, as of an answer that a packet does not hold."""
    response.answer.clear()
    response.flags |= dns.flags.TC
    return honest(response)


def forged(response: dns.message.Message) -> Packets:
    """Others answer first: with a wrong number, to another question, with octets that are none."""
    right = response.to_wire()
    wrong_number = bytes([right[0] ^ 0xFF]) + right[1:]
    other = dns.message.make_response(dns.message.make_query("other.example.org", "A"))
    other.id = response.id
    return [wrong_number, other.to_wire(), right[:2], right[:-1], b"", right]


class DnsServer:
    """See the file's head."""

    def __init__(self) -> None:
        self._zone: Dict[Tuple[str, str], dns.rrset.RRset] = {}
        self._behaviours: Dict[Optional[str], Behaviour] = {}
        self._over_tcp: Behaviour = honest
        self.asked: List[Tuple[str, str]] = []
        self.asked_over_tcp: List[Tuple[str, str]] = []
        self._tcp = socket.create_server((HOST, 0))
        self.port: int = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind((HOST, self.port))

    def __enter__(self) -> DnsServer:
        for serve in (self._serve_udp, self._serve_tcp):
            threading.Thread(target=serve, daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        for sock in (self._udp, self._tcp):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # a UDP socket is not connected; it wakes all the same
            sock.close()

    # --- the zone ----------------------------------------------------------------------------

    def add(self, name: str, *addresses: str, ttl: int = 60) -> None:
        """These are all the addresses of the name from now on; none: it has no address."""
        for version, kind in ((4, "A"), (6, "AAAA")):
            texts = [text for text in addresses if ip_address(text).version == version]
            self._put(name, kind, texts, ttl)

    def add_reverse(self, address: str, *names: str, ttl: int = 60) -> None:
        reverse = dns.reversename.from_address(address).to_text(omit_final_dot=True)
        self._put(reverse, "PTR", [f"{name}." for name in names], ttl)

    def alias(self, name: str, target: str, ttl: int = 60) -> None:
        self._put(name, "CNAME", [f"{target}."], ttl)

    def remove(self, name: str) -> None:
        for key in [key for key in self._zone if key[0] == name]:
            del self._zone[key]

    def _put(self, name: str, kind: str, texts: List[str], ttl: int) -> None:
        self._zone[name, kind] = dns.rrset.from_text_list(f"{name}.", ttl, "IN", kind, texts)

    def behave(
        self, behaviour: Behaviour, name: Optional[str] = None, over_tcp: Behaviour = honest
    ) -> None:
        """To queries for this name, or for every name that has no behaviour of its own."""
        self._behaviours[name] = behaviour
        self._over_tcp = over_tcp

    def refuse_tcp(self) -> None:
        """Nobody listens on the TCP port any more."""
        self._tcp.shutdown(socket.SHUT_RDWR)

    # --- serving -----------------------------------------------------------------------------

    def _serve_udp(self) -> None:
        while True:
            try:
                octets, client = self._udp.recvfrom(65535)
            except OSError:
                return
            if not client:
                return
            response, name, kind = self._response(octets)
            self.asked.append((name, kind))
            behaviour = self._behaviours.get(name) or self._behaviours.get(None, honest)
            for packet in behaviour(response):
                self._udp.sendto(packet, client)

    def _serve_tcp(self) -> None:
        while True:
            try:
                sock, _ = self._tcp.accept()
            except OSError:
                return
            with sock:
                (length,) = struct.unpack("!H", sock.recv(2, socket.MSG_WAITALL))
                octets = sock.recv(length, socket.MSG_WAITALL)
                response, name, kind = self._response(octets)
                self.asked_over_tcp.append((name, kind))
                for packet in self._over_tcp(response):
                    sock.sendall(struct.pack("!H", len(packet)) + packet)

    def _response(self, octets: bytes) -> Tuple[dns.message.Message, str, str]:
        query = dns.message.from_wire(octets)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        response = dns.message.make_response(query, recursion_available=True)
        response.answer = self._answer(name, kind)
        if not self._exists(name):
            response.set_rcode(dns.rcode.NXDOMAIN)
        if not response.answer or response.answer[-1].rdtype == dns.rdatatype.CNAME:
            response.authority = [dns.rrset.from_text(*_SOA.split(" ", 4))]
        return response, name, kind

    def _exists(self, name: str) -> bool:
        return any(known == name for known, _ in self._zone)

    def _answer(self, name: str, kind: str) -> List[dns.rrset.RRset]:
        """The chain of aliases, and what stands at its end."""
        found = []
        while alias := self._zone.get((name, "CNAME")):
            found.append(alias)
            name = alias[0].target.to_text(omit_final_dot=True).lower()
        rrset = self._zone.get((name, kind))
        return [*found, rrset] if rrset else found  # an empty one is false
