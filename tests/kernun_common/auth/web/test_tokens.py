"""tokens: who may send a form."""

import pytest

from kernun_common.auth.web.tokens import Tokens

KEY, CLIENT = b"k" * 32, "192.0.2.7"
OURS = Tokens(KEY)
COOKIE = OURS.cookie(None)
TOKEN = OURS.token(COOKIE, CLIENT)


@pytest.mark.parametrize(
    "tokens, token, cookie, address, fits",
    [
        (OURS, TOKEN, COOKIE, CLIENT, True),
        (OURS, TOKEN, None, CLIENT, False),
        (OURS, TOKEN, OURS.cookie(None), CLIENT, False),
        (OURS, TOKEN, COOKIE, "192.0.2.8", False),
        (OURS, "", COOKIE, CLIENT, False),
        (OURS, "é", COOKIE, CLIENT, False),
        (OURS, OURS.token("", CLIENT), "", CLIENT, False),
        (Tokens(b"o" * 32), TOKEN, COOKIE, CLIENT, False),
    ],
)
def test_fits(tokens, token, cookie, address, fits):
    assert tokens.fits(token, cookie, address) is fits


def test_cookies():
    assert OURS.cookie(COOKIE) == COOKIE
    assert OURS.cookie(None) != COOKIE
    for other in ("", "short", COOKIE + "x", "ž" * 32):
        assert len(OURS.cookie(other)) == 32 and OURS.cookie(other) != other
