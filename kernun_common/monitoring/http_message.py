"""http_message - requests and responses of HTTP/1.1, as far as a page and a scraper go.  [P]

    request = parse(octets)             Request, a Response that says what is wrong, or None: more
    octets = response.write(request)    with its head; without a body for HEAD

RFC 9110, RFC 9112.  A request is its first line and what stands before the first empty
line; bodies are not read, and after a response the connection ends, so nothing behind
the head is ever taken for another request.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple, Optional, Union

MOST_OCTETS = 8192  # of a head; browsers send one, with cookies of others three kilobytes

PLAIN = "text/plain; charset=utf-8"
HTML = "text/html; charset=utf-8"

_METHODS = ("GET", "HEAD")

# request-line = method SP request-target SP HTTP-version; RFC 9112 section 3
_LINE = re.compile(
    rb"(?P<method>[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}) (?P<path>/[!-~]{0,2000}) HTTP/1\.[01]"
)
_END = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(rb"\r?\n")


class Request(NamedTuple):
    """What is asked for; the query without its question mark."""

    method: str
    path: str
    query: str

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True)
class Response:
    """What is answered."""

    status: HTTPStatus
    kind: str = PLAIN
    body: str = ""
    headers: str = ""  # more of them, each with its line end

    def write(self, request: Optional[Request]) -> bytes:
        body = (self.body or f"{self.status.phrase}\n").encode("utf-8", "replace")
        head = (
            f"HTTP/1.1 {self.status.value} {self.status.phrase}\r\n"
            f"Content-Type: {self.kind}\r\n"
            f"Content-Length: {len(body)}\r\n"
            "Cache-Control: no-store\r\n"
            "Connection: close\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            f"{self.headers}\r\n"
        ).encode("ascii")
        return head if request is not None and request.method == "HEAD" else head + body


def parse(octets: bytes) -> Union[Request, Response, None]:
    """The request that `octets` begin with, what is wrong with it, or None: it is not complete."""
    if _END.search(octets) is None:
        if len(octets) > MOST_OCTETS:
            return Response(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        return None
    line = _LINE.fullmatch(_LINE_END.split(octets, 1)[0])
    if line is None:
        return Response(HTTPStatus.BAD_REQUEST)
    method = line["method"].decode("ascii")
    if method not in _METHODS:
        allow = f"Allow: {', '.join(_METHODS)}\r\n"
        return Response(HTTPStatus.METHOD_NOT_ALLOWED, headers=allow)
    path, _, query = line["path"].decode("ascii").partition("?")
    return Request(method, path, query)
