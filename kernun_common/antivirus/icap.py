"""icap - what is said to an ICAP server, RFC 3507; scripts without I/O.

    service = Service(host, port, name)
    options(service)                            -> Options: what the service can do
    respmod(service, known, pieces, kind)       -> Verdict

A mail is sent as the response of a web server, with a preview where the service
wants one; `pieces()` yields it from the start, each time it is called.

    204                 free
    200, with a virus   found, icap_head.py
    200, unchanged      free, icap_body.py
    200, changed        unknown: why, nobody has said
    anything else       Unavailable
"""

from __future__ import annotations

import re
from typing import Callable, Iterator, List, NamedTuple, Optional
from urllib.parse import quote

from kernun_common.configuration.types import Host

from ..errors import Unavailable
from ..netio.script import Arrived, Script, more_in
from . import icap_head
from .icap_body import Body
from .icap_head import Head
from .status import FREE, Status, Verdict

Pieces = Callable[[], Iterator[bytes]]

MOST_PREVIEW = 1 << 16  # octets; a service that wants more gets that much

_SAFE = "/?&=+:@!$'()*,;-._~"  # of a service's name; RFC 3986, path and query
_PREVIEW = re.compile(rb"[0-9]{1,9}")
_ISTAG = re.compile(rb'"?([!#-~]{1,256})"?')
_LAST, _LAST_OF_ALL = b"0\r\n\r\n", b"0; ieof\r\n\r\n"


class Service(NamedTuple):
    """Where it is, and its name there."""

    host: Host
    port: int
    name: str

    @property
    def authority(self) -> str:
        address = self.host.address
        if address is None:
            return f"{self.host.name}:{self.port}"
        return f"[{address}]:{self.port}" if address.version == 6 else f"{address}:{self.port}"

    @property
    def uri(self) -> str:
        return f"icap://{self.authority}/{quote(self.name, safe=_SAFE)}"


class Options(NamedTuple):
    """`preview` in octets, None: it wants none; `istag` tells the state of its database."""

    preview: Optional[int]
    istag: Optional[bytes]


def options(service: Service) -> Script[Options]:
    """OPTIONS; Unavailable where the service has no RESPMOD."""
    buffer = bytearray((yield _request("OPTIONS", service, ["Encapsulated: null-body=0"])) or b"")
    while (head := icap_head.read(buffer)) is None:
        yield from more_in(buffer, icap_head.LONGEST)
    if head.status != 200:
        raise _refused(head)
    if b"RESPMOD" not in head.fields.get(b"methods", b"").upper():
        raise Unavailable("the service knows no RESPMOD")
    preview = _PREVIEW.fullmatch(head.fields.get(b"preview", b""))
    istag = _ISTAG.fullmatch(head.fields.get(b"istag", b""))
    return Options(
        min(int(preview[0]), MOST_PREVIEW) if preview is not None else None,
        istag[1] if istag is not None else None,
    )


def respmod(service: Service, known: Options, pieces: Pieces, kind: str) -> Script[Verdict]:
    """RESPMOD; `kind` is the media type of what is sent."""
    reply = _Reply(pieces)
    reply.hear((yield _start(service, known, kind)))
    source = pieces()
    if known.preview is not None:
        first, rest, is_whole = _split(source, known.preview)
        reply.hear((yield _chunk(first) + (_LAST_OF_ALL if is_whole else _LAST)))
        while reply.verdict is None and not reply.goes_on:
            reply.hear((yield b""), True)
        if reply.goes_on and is_whole:
            raise Unavailable("it wants more of a mail than there is")
        source = _both(rest, source)
    if known.preview is None or reply.goes_on:
        for piece in source:
            if reply.verdict is not None:
                break
            reply.hear((yield _chunk(piece)))
        else:
            reply.hear((yield _LAST))
    while reply.verdict is None:
        reply.hear((yield b""), True)
    return reply.verdict


class _Reply:
    """What has been heard of the answer to RESPMOD."""

    def __init__(self, pieces: Pieces) -> None:
        self.verdict: Optional[Verdict] = None
        self.goes_on = False  # 100 has come
        self._pieces = pieces
        self._buffer = bytearray()
        self._body: Optional[Body] = None

    def hear(self, arrived: Arrived, waited: bool = False) -> None:
        if arrived is None and waited:
            raise Unavailable("it closed the connection before it had answered")
        if self.verdict is not None:
            return
        self._buffer += arrived or b""
        while self._body is None and self.verdict is None:
            head = icap_head.read(self._buffer)
            if head is None:
                return
            self._judge(head)
        self._hear_body()

    def _judge(self, head: Head) -> None:
        virus = head.virus if head.status in (200, 204) else None
        if head.status == 100 and not self.goes_on:
            self.goes_on = True
        elif virus is not None:
            self.verdict = Verdict(Status.FOUND, virus.name)
        elif head.status == 204:
            self.verdict = FREE
        elif head.status == 200:
            self._body = Body(head.fields, self._pieces())
        else:
            raise _refused(head)

    def _hear_body(self) -> None:
        body = self._body
        if body is None:
            return
        body.feed(bytes(self._buffer))
        self._buffer.clear()
        if body.unchanged is not None:
            self.verdict = FREE if body.unchanged else _CHANGED


_CHANGED = Verdict(Status.UNKNOWN, reason="the engine changed the mail, and told of no virus")


def _refused(head: Head) -> Unavailable:
    return Unavailable(f"it answered {head.line[:200]!r}")


def _request(method: str, service: Service, fields: List[str]) -> bytes:
    lines = [
        f"{method} {service.uri} ICAP/1.0",
        f"Host: {service.authority}",
        "User-Agent: imap4-proxy",
        "Connection: close",
        *fields,
    ]
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii")


def _start(service: Service, known: Options, kind: str) -> bytes:
    """All that stands before the mail."""
    request = b"GET http://imap4-proxy/mail HTTP/1.1\r\nHost: imap4-proxy\r\n\r\n"
    response = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode("ascii")
    parts = f"req-hdr=0, res-hdr={len(request)}, res-body={len(request) + len(response)}"
    fields = ["Allow: 204"]
    if known.preview is not None:
        fields.append(f"Preview: {known.preview}")
    head = _request("RESPMOD", service, [*fields, f"Encapsulated: {parts}"])
    return head + request + response


def _chunk(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b""


def _split(source: Iterator[bytes], count: int) -> tuple[bytes, bytes, bool]:
    """The first octets, those that were read beyond them, and whether there are no others."""
    read = bytearray()
    for piece in source:
        read += piece
        if len(read) > count:
            return bytes(read[:count]), bytes(read[count:]), False
    return bytes(read), b"", True


def _both(rest: bytes, source: Iterator[bytes]) -> Iterator[bytes]:
    if rest:
        yield rest
    yield from source
