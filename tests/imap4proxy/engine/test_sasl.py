"""The user name in a SASL answer; and that nothing else of it is kept."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imap4proxy.engine.sasl import NAME_BOUND, user_name

SHOWN = [
    (b"PLAIN", 0, b"\0alice\0secret", b"alice"),
    (b"PLAIN", 0, b"admin\0alice\0secret", b"alice"),
    (b"LOGIN", 0, b"alice", b"alice"),
    (b"CRAM-MD5", 0, b"alice b913a602c7eda7a495b4e6e7334d3890", b"alice"),
    (b"SCRAM-SHA-256", 0, b"n,,n=a=2Cb=3Dc,r=nonce", b"a,b=c"),
    (b"XOAUTH2", 0, b"user=alice\1auth=Bearer token\1\1", b"alice"),
    (b"OAUTHBEARER", 0, b"n,a=alice,\1auth=Bearer token\1\1", b"alice"),
]
NOT_SHOWN = [
    (b"LOGIN", 1, b"secret"),
    (b"PLAIN", 1, b"\0alice\0secret"),
    (b"PLAIN", 0, b"alice"),
    (b"GSSAPI", 0, b"alice"),
    (b"SCRAM-SHA-1", 0, b"n,"),
    (b"PLAIN", 0, b"alice\0secret"),
    (b"PLAIN", 0, b"a\0b\0c\0d"),
    (b"CRAM-MD5", 0, b"b913a602c7eda7a495b4e6e7334d3890"),
    (b"SCRAM-SHA-1", 0, b"n,,p=secret"),
    (b"XOAUTH2", 0, b"auth=Bearer token\1\1"),
    (b"OAUTHBEARER", 0, b"n,\1auth=Bearer token\1\1"),
]


@pytest.mark.parametrize("mechanism, answer, message, name", SHOWN)
def test_shown(mechanism, answer, message, name):
    assert user_name(mechanism, answer, b64encode(message)) == name


@pytest.mark.parametrize("mechanism, answer, message", NOT_SHOWN)
def test_not_shown(mechanism, answer, message):
    assert user_name(mechanism, answer, b64encode(message)) is None


@pytest.mark.parametrize("line", [b"*", b"", b"====", b"no base64!", b"\xff\xfe"])
def test_what_is_no_base64_shows_no_name(line):
    assert not user_name(b"PLAIN", 0, line)


@given(st.sampled_from([row[0] for row in SHOWN]), st.binary(max_size=600))
def test_any_answer_is_read(mechanism, message):
    name = user_name(mechanism, 0, b64encode(message))
    assert name is None or len(name) <= NAME_BOUND
