"""tokens - forms that nobody else can have sent: a cookie, and a token that belongs to it.

    tokens = Tokens(key)
    cookie = tokens.cookie(found)           the one the browser has sent, or a new one
    token = tokens.token(cookie, address)   stands in the form
    tokens.fits(token, cookie, address)

Another site can make a browser send a form, but knows neither the cookie nor the key.  The
token holds for this address, for this cookie, and as long as the key, which several pages
may share (../notes.py).
"""

from __future__ import annotations

import hmac
import re
import secrets
from typing import Optional

_COOKIE = re.compile(r"[A-Za-z0-9_-]{32}")


class Tokens:
    """See the file's first lines."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @staticmethod
    def cookie(found: Optional[str]) -> str:
        known = found is not None and _COOKIE.fullmatch(found)
        return found if found is not None and known else secrets.token_urlsafe(24)

    def token(self, cookie: str, address: str) -> str:
        return hmac.new(self._key, f"{cookie} {address}".encode(), "sha256").hexdigest()

    def fits(self, token: str, cookie: Optional[str], address: str) -> bool:
        if cookie is None or _COOKIE.fullmatch(cookie) is None:
            return False
        return hmac.compare_digest(token.encode(), self.token(cookie, address).encode())
