"""radius - a backend: RADIUS servers; RFC 2865, by pyrad.

    backend = RadiusClient(section)
    backend.check("alice", Secret(b"..."), resolution)      User, Denied, Challenge; Unavailable
    backend.respond("alice", Secret(b"..."), state, resolution)

The servers are asked in their order, each address of each as often as its tries say, until
one answers.  A password goes out as the protocol hides it, by MD5 with the shared secret,
so the way to the server should be a network of its own.  Requests bear a
Message-Authenticator (RFC 3579), and so must answers unless the section says otherwise:
without one, who stands between can forge an acceptance (CVE-2024-3596).

The user is called as the acceptance says (User-Name, RFC 2865 section 5.1), and as is written
where it says nothing.
"""

from __future__ import annotations

import io
from typing import Iterator, List, Optional, Tuple

from pyrad import packet
from pyrad.client import Client, Timeout
from pyrad.dictionary import Dictionary

from kernun_common.acl.facts import Resolution

from ..errors import Unavailable
from ..netio.connect import addresses_of
from ..secret import Secret
from .section import REQUIRED, RadiusSection, RadiusServer
from .user import Challenge, Denied, User, Verdict

MOST_PASSWORD = 128  # octets; RFC 2865 section 5.2
MOST_NAME = 253  # octets; RFC 2865 section 5

# Of RFC 2865 what is sent, and what may name groups.
_DICTIONARY = """\
ATTRIBUTE User-Name 1 string
ATTRIBUTE User-Password 2 octets
ATTRIBUTE Filter-Id 11 octets
ATTRIBUTE Reply-Message 18 octets
ATTRIBUTE State 24 octets
ATTRIBUTE Class 25 octets
ATTRIBUTE NAS-Identifier 32 string
ATTRIBUTE Login-LAT-Group 36 octets
ATTRIBUTE Framed-Pool 88 octets
"""


class RadiusClient:
    """See the file's first lines."""

    def __init__(self, section: RadiusSection) -> None:
        self._section = section
        self._dictionary = Dictionary(io.StringIO(_DICTIONARY))

    def check(self, name: str, password: Secret, resolution: Resolution) -> Verdict:
        return self._ask(name, password, None, resolution)

    def respond(
        self, name: str, answer: Secret, state: bytes, resolution: Resolution
    ) -> Verdict:
        return self._ask(name, answer, state, resolution)

    def _ask(
        self, name: str, password: Secret, state: Optional[bytes], resolution: Resolution
    ) -> Verdict:
        if not 0 < len(password.reveal()) <= MOST_PASSWORD:
            return Denied("a password that RADIUS cannot carry")
        if not 0 < len(name.encode()) <= MOST_NAME:
            return Denied("a name that RADIUS cannot carry")
        failures: List[str] = []
        for server, address in self._places(resolution):
            try:
                return self._verdict(name, self._exchange(server, address, name, password, state))
            except (Timeout, OSError, packet.PacketError) as failure:
                reason = "no valid answer" if isinstance(failure, Timeout) else str(failure)
                failures.append(f"[{address}]:{server.port}: {reason}")
        raise Unavailable("; ".join(failures) or "no address of a server is known")

    def _places(self, resolution: Resolution) -> Iterator[Tuple[RadiusServer, str]]:
        for server in self._section.server:
            for address in addresses_of(server.sock, resolution):
                yield server, str(address)

    def _exchange(
        self,
        server: RadiusServer,
        address: str,
        name: str,
        password: Secret,
        state: Optional[bytes],
    ) -> packet.Packet:
        client = Client(
            address,
            authport=server.sock.port,
            secret=server.secret.reveal(),
            dict=self._dictionary,
            retries=server.retries,
            timeout=server.seconds,
            enforce_ma=self._section.message_authenticator == REQUIRED,
        )
        request = client.CreateAuthPacket()
        request["User-Name"] = name
        request["NAS-Identifier"] = self._section.nas
        request["User-Password"] = request.PwCrypt(password.reveal())
        if state is not None:
            request["State"] = state
        return client.SendPacket(request)

    def _verdict(self, name: str, reply: packet.Packet) -> Verdict:
        if reply.code == packet.AccessAccept:
            return User(_name(reply) or name, self._groups(reply))
        if reply.code == packet.AccessReject:
            return Denied("Access-Reject")
        if reply.code == packet.AccessChallenge:
            return Challenge(_message(reply), b"".join(reply.get("State", [])))
        raise Unavailable(f"an answer of code {reply.code}")

    def _groups(self, reply: packet.Packet) -> Tuple[str, ...]:
        """An attribute names one group, or several with commas between them."""
        attribute = self._section.groups
        values = reply.get(attribute, []) if attribute is not None else []
        words = (word for value in values for word in _text(value).split(","))
        return tuple(dict.fromkeys(word for word in words if word))


def _name(reply: packet.Packet) -> Optional[str]:
    """Octets that are not UTF-8 are left as they are, and name nobody."""
    return next((name for name in reply.get("User-Name", []) if isinstance(name, str)), None)


def _message(reply: packet.Packet) -> str:
    return " ".join(map(_text, reply.get("Reply-Message", [])))


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "replace")
