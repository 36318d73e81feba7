"""server: what --server takes, and how the proxy then speaks to it."""

import pytest

from imap4proxy.demo.server import Server

GOOD = [
    # text, host, port, TLS, as configuration
    ("imap.example.org:993", "imap.example.org", 993, "session", "imap.example.org : 993"),
    ("imap.example.org:143", "imap.example.org", 143, "command", "imap.example.org : 143"),
    ("192.0.2.7:143", "192.0.2.7", 143, "command", "[192.0.2.7] : 143"),
    ("[2001:db8::1]:993", "2001:db8::1", 993, "session", "[2001:db8::1] : 993"),
    ("127.0.0.1:10143", "127.0.0.1", 10143, "", "[127.0.0.1] : 10143"),
    ("[::1]:143", "::1", 143, "", "[::1] : 143"),
    ("localhost:143", "localhost", 143, "", "localhost : 143"),
    ("localhost:993", "localhost", 993, "session", "localhost : 993"),
]


@pytest.mark.parametrize("text, host, port, security, sock", GOOD)
def test_parse(text, host, port, security, sock):
    server = Server.parse(text)
    assert server == (host, port)
    assert (server.security, server.sock) == (security, sock)


BAD = [
    "",
    "imap.example.org",
    "imap.example.org:",
    ":143",
    "imap.example.org:0",
    "imap.example.org:65536",
    "imap.example.org:imap",
    "a; accept:143",
    "-a:143",
    "a\n:143",
]


@pytest.mark.parametrize("text", BAD)
def test_parse_fails(text):
    with pytest.raises(ValueError):
        Server.parse(text)
