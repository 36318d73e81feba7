"""proxy_header - what a PROXY header says, by which a balancer tells whose connection it is.

    size = length(octets)           of the whole header; None: it takes more octets to tell
    header = decode(octets[:size])  Header(client, to), or LOCAL

ValueError, with the reason, where the octets are no header.  Nothing behind the header is looked
at.  In the binary form the TLVs, whatever they hold, are part of the header and are passed over.
LOCAL stands for the command LOCAL and for the families UNKNOWN and UNSPEC: the connection is the
balancer's own.  Datagrams and unix sockets are refused: no client of ours comes by them.

Source: the PROXY protocol, versions 1 and 2, sections 2.1 and 2.2.
See also: proxy_protocol.py, which writes headers; proxied.py, which reads them.
"""

from __future__ import annotations

import re
import struct
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple, Optional

from kernun_common.sockaddr import Sockaddr, address

from .proxy_protocol import V2_SIGNATURE

V1_LONGEST = 107  # octets with CRLF, section 2.1
V2_HEAD = 16  # octets: signature, version and command, family and transport, length

_V1_START = b"PROXY "
_NUMBER = rb"(0|[1-9][0-9]{0,4})"
_V1 = re.compile(rb"PROXY (TCP[46]) ([0-9A-Fa-f.:]+) ([0-9A-Fa-f.:]+) %b %b" % (_NUMBER, _NUMBER))
_V1_UNKNOWN = re.compile(rb"PROXY UNKNOWN(?: [^\r\n]*)?")
_V1_VERSIONS = {b"TCP4": 4, b"TCP6": 6}

_VERSION_2 = 2
_LOCAL, _PROXY = 0, 1  # commands
_UNSPEC = 0x00
_STREAMS = {0x11: IPv4Address, 0x21: IPv6Address}  # AF_INET and AF_INET6 with SOCK_STREAM
_OCTETS = {IPv4Address: 4, IPv6Address: 16}


class Header(NamedTuple):
    """The ends of the client's own connection; both None where there is no client."""

    client: Optional[Sockaddr] = None
    to: Optional[Sockaddr] = None


LOCAL = Header()


def length(octets: bytes) -> Optional[int]:
    """The octets of the header that these octets begin with; ValueError if they cannot be one."""
    if V2_SIGNATURE.startswith(octets[: len(V2_SIGNATURE)]):
        if len(octets) < V2_HEAD:
            return None
        return V2_HEAD + int(struct.unpack_from("!H", octets, V2_HEAD - 2)[0])
    if _V1_START.startswith(octets[: len(_V1_START)]):
        end = octets.find(b"\r\n", 0, V1_LONGEST)
        if end >= 0:
            return end + 2
        if len(octets) < V1_LONGEST:
            return None
        raise ValueError("the line is too long")
    raise ValueError("there is no header")


def decode(octets: bytes) -> Header:
    """What the whole header says; ValueError where it says nothing that can be true."""
    if octets.startswith(V2_SIGNATURE):
        return _decode_v2(octets)
    line = octets[:-2]
    if _V1_UNKNOWN.fullmatch(line):
        return LOCAL
    found = _V1.fullmatch(line)
    if found is None:
        raise ValueError("the line is malformed")
    version = _V1_VERSIONS[found[1]]
    return Header(_v1_end(found[2], found[4], version), _v1_end(found[3], found[5], version))


def _v1_end(host: bytes, port: bytes, version: int) -> Sockaddr:
    try:
        one = ip_address(host.decode("ascii"))
    except ValueError:
        raise ValueError("an address is malformed") from None
    if one.version != version or int(port) > 0xFFFF:
        raise ValueError("an address or a port is out of range")
    return Sockaddr(address(str(one)), int(port))


def _decode_v2(octets: bytes) -> Header:
    version_command, family = octets[len(V2_SIGNATURE)], octets[len(V2_SIGNATURE) + 1]
    version, command = divmod(version_command, 16)
    if version != _VERSION_2 or command not in (_LOCAL, _PROXY):
        raise ValueError("the version or the command is not known")
    if command == _LOCAL or family == _UNSPEC:
        return LOCAL
    if family not in _STREAMS:
        raise ValueError("the family or the transport is not one of TCP")
    kind = _STREAMS[family]
    size = _OCTETS[kind]
    if len(octets) < V2_HEAD + 2 * size + 4:
        raise ValueError("it is too short for its addresses")
    source, destination = octets[V2_HEAD : V2_HEAD + size], octets[V2_HEAD + size :][:size]
    ports = struct.unpack_from("!HH", octets, V2_HEAD + 2 * size)
    return Header(
        Sockaddr(address(str(kind(source))), ports[0]),
        Sockaddr(address(str(kind(destination))), ports[1]),
    )
