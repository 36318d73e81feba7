"""http_message: requests at every cut, and octets that are none."""

from http import HTTPStatus

import pytest

from kernun_common.monitoring.http_message import (
    HTML,
    MOST_OCTETS,
    Request,
    Response,
    parse,
)

GOOD = [
    # octets, what is asked for
    (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", Request("GET", "/", "")),
    (b"GET / HTTP/1.0\r\n\r\n", Request("GET", "/", "")),
    (b"HEAD /healthz HTTP/1.1\r\n\r\n", Request("HEAD", "/healthz", "")),
    (b"GET /?s=in&c=a%20b HTTP/1.1\r\nA: b\r\n\r\nrest", Request("GET", "/", "s=in&c=a%20b")),
    (b"GET /?a?b HTTP/1.1\n\n", Request("GET", "/", "a?b")),
    (b"GET /metrics HTTP/1.1\r\nX: \xff\x00\r\n\r\n", Request("GET", "/metrics", "")),
]


@pytest.mark.parametrize("octets, request_", GOOD)
def test_requests_at_every_cut(octets, request_):
    complete = octets.find(b"\n\r\n") + 3 if b"\r\n\r\n" in octets else octets.find(b"\n\n") + 2
    for length in range(len(octets) + 1):
        assert parse(octets[:length]) == (None if length < complete else request_)


BAD = [
    # octets, the status
    (b"\r\n\r\n", HTTPStatus.BAD_REQUEST),
    (b"a1 LOGIN alice secret\r\n\r\n", HTTPStatus.BAD_REQUEST),
    (b"GET /\r\n\r\n", HTTPStatus.BAD_REQUEST),
    (b"GET  / HTTP/1.1\r\n\r\n", HTTPStatus.BAD_REQUEST),
    (b"GET / HTTP/1.1 \r\n\r\n", HTTPStatus.BAD_REQUEST),
    (b"GET / HTTP/2.0\r\n\r\n", HTTPStatus.BAD_REQUEST),
    (b"GET http://x/ HTTP/1.1\r\n\r\n", HTTPStatus.BAD_REQUEST),
    (b"GET /\xc5\xbe HTTP/1.1\r\n\r\n", HTTPStatus.BAD_REQUEST),
    (b"GET /a b HTTP/1.1\r\n\r\n", HTTPStatus.BAD_REQUEST),
    (b"GET /" + b"a" * 2001 + b" HTTP/1.1\r\n\r\n", HTTPStatus.BAD_REQUEST),
    (b"\x16\x03\x01\x02\x00\x01\n\n", HTTPStatus.BAD_REQUEST),
    (b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody", HTTPStatus.METHOD_NOT_ALLOWED),
    (b"DELETE / HTTP/1.1\r\n\r\n", HTTPStatus.METHOD_NOT_ALLOWED),
    (b"GET / HTTP/1.1\r\n" + b"a" * MOST_OCTETS, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
    (b"a" * (MOST_OCTETS + 1), HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
]


@pytest.mark.parametrize("octets, status", BAD)
def test_what_is_no_request(octets, status):
    response = parse(octets)
    assert isinstance(response, Response) and response.status is status
    assert (b"\r\nAllow: GET, HEAD\r\n" in response.write(None)) is (
        status is HTTPStatus.METHOD_NOT_ALLOWED
    )


def test_a_response():
    response = Response(HTTPStatus.OK, HTML, "ž", "X-Test: 1\r\n")
    head, _, body = response.write(Request("GET", "/", "")).partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "HTTP/1.1 200 OK" and body == "ž".encode()
    assert {"Content-Length: 2", f"Content-Type: {HTML}", "X-Test: 1"} < set(lines)
    assert {"Connection: close", "Cache-Control: no-store"} < set(lines)
    assert response.write(Request("HEAD", "/", "")) == head + b"\r\n\r\n"


def test_a_response_without_words():
    assert Response(HTTPStatus.NOT_FOUND).write(None).endswith(b"\r\n\r\nNot Found\n")


def test_target():
    assert Request("GET", "/a", "b=c").target == "/a?b=c"
    assert Request("GET", "/a", "").target == "/a"
