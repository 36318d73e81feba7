"""capability - what the server offers, and what of it the client may see.

    policy = Policy.of(command_acl, tls_ended)     once a configuration, cached
    offer.learn(words); policy.filter(words)

Filtered everywhere the words stand (spec 2.2): untagged CAPABILITY, the code in
greeting and OK, the answer to ENABLE.  Away go what `capabilities` does not
permit and, whatever it says, what the proxy cannot follow:

    STARTTLS                       the proxy offers its own
    COMPRESS=*                     the octets behind it are not IMAP
    *-REFERRALS                    lead the client past the proxy
    AUTH=*-PLUS, AUTH=EXTERNAL     bind to a TLS connection that ends here
    AUTH=GSSAPI, ...               can install a security layer; unless named
    whatever the proxy does not    where mails are scanned: it could bring their content past
    know, even if it is named      the proxy (CATENATE, URLAUTH, CONVERT, PREVIEW, REPLACE)

LOGINDISABLED always passes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import FrozenSet, Iterable, Tuple

from kernun_common.acl.data_matching import names, word_in
from kernun_common.configuration.types import StrSet

from ..wire.names import UNKNOWN, implied, known
from ..wire.status import Code

ALWAYS = frozenset({b"LOGINDISABLED"})
NEVER = frozenset({b"STARTTLS", b"LOGIN-REFERRALS", b"MAILBOX-REFERRALS"})
PROGRESS = b"INPROGRESS"  # the proxy's own where mails are scanned; RFC 9585
SECURITY_LAYERS = (b"AUTH=GSSAPI", b"AUTH=GS2-", b"AUTH=KERBEROS_V4", b"AUTH=DIGEST-MD5")
Words = Tuple[bytes, ...]


def words_of(code: Code | None) -> Words | None:
    """The words of a CAPABILITY response code, as they are spelled; None if it is another."""
    if code is None or code.name != b"CAPABILITY":
        return None
    return tuple(code.argument.split(b" "))


@lru_cache(maxsize=1024)
def permits(capabilities: StrSet | None, tls_ended: bool, word: bytes) -> bool:
    """May the client see `word`?  `tls_ended`: the proxy ends TLS on either side."""
    word = word.upper()
    if word in ALWAYS:
        return True
    if word in NEVER or word.startswith(b"COMPRESS="):
        return False
    if tls_ended and word.startswith(b"AUTH=") and word.endswith((b"=EXTERNAL", b"-PLUS")):
        return False
    text = word.decode("ascii", "replace")
    if word.startswith(SECURITY_LAYERS):
        return capabilities is not None and names(capabilities, text)
    if capabilities is None:
        return known(word)
    return word_in(capabilities, (text,) if known(word) else (text, UNKNOWN))


class Offer:
    """The capabilities of one session; everything is refused while they are not known."""

    def __init__(self) -> None:
        self._capabilities: StrSet | None = None
        self._tls_ended = False
        self._scans = False
        self._server: FrozenSet[bytes] = frozenset()
        self._client: FrozenSet[bytes] = frozenset()
        self.client_words: Words = ()  # what the client may see, in the server's order

    def restrict(
        self, capabilities: StrSet | None, tls_ended: bool, scans: bool = False
    ) -> None:
        """From now on by the command-acl's `capabilities` (None: all that the proxy knows).

        `scans`: are mails scanned?
        """
        self._capabilities, self._tls_ended, self._scans = capabilities, tls_ended, scans

    def filter(self, words: Iterable[bytes]) -> Words:
        """Those of `words` that the client may see, in their order."""
        return _filter(self._capabilities, self._tls_ended, self._scans, tuple(words))

    def learn(self, words: Words) -> Words:
        """The server's current list; gives what the client may see of it."""
        self.client_words = self.filter(words)
        if self._scans and self.client_words and PROGRESS not in self.client_words:
            self.client_words += self.filter((PROGRESS,))
        self._server, self._client = _with_implied(words), _with_implied(self.client_words)
        return self.client_words

    def forget(self) -> None:
        """The list may have changed (RFC 3501 section 6.1.1: after TLS and login)."""
        self._server = self._client = frozenset()
        self.client_words = ()

    def server_has(self, word: bytes) -> bool:
        """Does the server offer it to the proxy?"""
        return word in self._server

    def has(self, word: bytes) -> bool:
        """Is it offered to the client?"""
        return word in self._client

    def covers(self, needs: Iterable[FrozenSet[bytes]]) -> bool:
        """Is of each set in `needs` at least one word offered to the client?"""
        return all(not self._client.isdisjoint(words) for words in needs)


@lru_cache(maxsize=64)
def _filter(
    capabilities: StrSet | None, tls_ended: bool, scans: bool, words: Words
) -> Words:
    return tuple(
        word
        for word in words
        if permits(capabilities, tls_ended, word) and (known(word) or not scans)
    )


@lru_cache(maxsize=64)
def _with_implied(words: Words) -> FrozenSet[bytes]:
    upper = frozenset(word.upper() for word in words)
    return upper.union(*(implied(word) for word in upper))
