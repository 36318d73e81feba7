"""addresses - the addresses in From, To and the like, as an ENVELOPE shows them.

    addresses(b'"Doe, John" <john@example.org>, friends: ann@example.org;')
        -> [Address(b"Doe, John", None, b"john", b"example.org"),
            Address(None, None, b"friends", None),                    a group begins
            Address(None, None, b"ann", b"example.org"),
            Address(None, None, None, None)]                          ... and ends

Nothing is left out that a mail program could take for an address.  What is missing in
one is named so (MISSING_MAILBOX, MISSING_DOMAIN), as is one that has no end
(SYNTAX_ERROR): Dovecot's words.  Reading ends where no comma leads on.

Linear in the length of the value.
Sources: RFC 3501 section 7.4.2 (ENVELOPE), RFC 5322 section 3.4 and 4.4.
"""

from __future__ import annotations

import re
from typing import Callable, List, NamedTuple

from .lexer import ATEXT, Broken, Lexer

MISSING_MAILBOX = b"MISSING_MAILBOX"
MISSING_DOMAIN = b"MISSING_DOMAIN"
SYNTAX_ERROR = b"SYNTAX_ERROR"
INVALID_ROUTE = b"INVALID_ROUTE"


_DOT_ATOM = b"([%b]++(?:[.][%b]++)*+)" % (ATEXT, ATEXT)
_ADDR_SPEC = _DOT_ATOM + b"@" + _DOT_ATOM
_NAME = rb'(?:"([^"\\\r\n\0]*+)"|([%b][.%b]*+(?: [.%b]++)*+))?[ \t]*+' % (ATEXT, ATEXT, ATEXT)
_USUAL = re.compile(
    b"(?:" + _NAME + b"<" + _ADDR_SPEC + b">|" + _ADDR_SPEC + rb")[ \t\r\n]*+(?=,|\Z)"
)


class Address(NamedTuple):
    """The four parts of `address` in RFC 3501; octets as they stand in the mail."""

    name: bytes | None = None
    route: bytes | None = None
    mailbox: bytes | None = None
    domain: bytes | None = None


GROUP_END = Address()


def addresses(value: bytes) -> List[Address]:
    """All of `value`, a header field's value with lines ended by LF."""
    return _List(value).found


class _List(Lexer):
    """address-list = address *("," address)"""

    def __init__(self, value: bytes) -> None:
        super().__init__(value)
        self.found: List[Address] = []
        try:
            more = self.cfws()
        except Broken:
            return
        while more:
            more = self._address() and self._comma()

    def _address(self) -> bool:
        """address = mailbox / group; whether something follows"""
        if not self._usual():
            start = self.at
            out: List[bytes] = []
            if self._tried(self.phrase, out) and self.is_at(b":"):
                return self._group(b"".join(out))
            self.at = start
            self._mailbox()
        return self.more

    def _usual(self) -> bool:
        """An address as nearly all are, at once; read step by step it would be the same."""
        found = _USUAL.match(self.text, self.at)
        if found is None:
            return False
        quoted, words, local, domain, *bare = found.groups()
        name = quoted or words or None
        self.found.append(Address(name, None, local or bare[0], domain or bare[1]))
        self.at = found.end()
        return True

    def _comma(self) -> bool:
        """Does an address follow?"""
        if not self.is_at(b","):
            return False
        self.at += 1
        try:
            return self.cfws()
        except Broken:
            self._add(Address())
            return False

    def _tried(self, element: Callable[[List[bytes]], bool], out: List[bytes]) -> bool:
        """`element`; False where nothing follows, and where it is broken"""
        try:
            return element(out)
        except Broken:
            return False

    def _add(self, address: Address) -> None:
        """A mailbox, with what is missing of it."""
        if address.mailbox is None:
            address = address._replace(mailbox=MISSING_MAILBOX)
        if not address.domain:
            address = address._replace(domain=MISSING_DOMAIN)
        self.found.append(address)

    # --- group ---------------------------------------------------------------------------------

    def _group(self, name: bytes) -> bool:
        """group = display-name ":" [mailbox-list] ";", behind its name; does something follow?"""
        self.found.append(Address(mailbox=name))
        self.at += 1
        try:
            more = self._members()
        except Broken:
            more = self.more
        self.found.append(GROUP_END)
        return more

    def _members(self) -> bool:
        another = self.cfws() and not self.is_at(b";")
        while another:
            self._mailbox()
            another = self.is_at(b",")
            if another:
                self.at += 1
                self._want(self.cfws())
        if not self.is_at(b";"):
            raise Broken("end of a group expected")
        self.at += 1
        return self.cfws()

    # --- mailbox -------------------------------------------------------------------------------

    def _mailbox(self) -> None:
        """mailbox = name-addr / addr-spec"""
        start = self.at
        out: List[bytes] = []
        if self._tried(self.phrase, out) and self.is_at(b"<"):
            self._add(self._name_addr(b"".join(out) or None))
            return
        self.at = start
        self._add(self._addr_spec())

    def _name_addr(self, name: bytes | None) -> Address:
        """angle-addr = "<" [route ":"] addr-spec ">" """
        self._angle = Address(name)
        try:
            self._angle_addr()
        except Broken:
            return self._angle._replace(domain=SYNTAX_ERROR)
        return self._angle

    def _angle_addr(self) -> None:
        self.at += 1
        self._want(self.cfws())
        if self.is_at(b"@"):
            self._route()
            self._want(self.cfws())
        if not self.is_at(b">"):
            self._in_angles()
        if not self.is_at(b">"):
            raise Broken("end of the address expected")
        self.at += 1
        self.cfws()

    def _in_angles(self) -> None:
        local: List[bytes] = []
        more = self._local_part(local)
        self._angle = self._angle._replace(mailbox=b"".join(local))
        self._want(more)
        if self.is_at(b"@"):
            domain: List[bytes] = []
            more = self.domain(domain)
            self._angle = self._angle._replace(domain=b"".join(domain))
            self._want(more)

    def _want(self, more: bool) -> None:
        if not more:
            raise Broken("more expected")

    def _route(self) -> None:
        """route = "@" domain *("," "@" domain) ":" """
        out: List[bytes] = []
        whole = self._tried(self._domains, out)
        if whole and self.is_at(b":"):
            self.at += 1
            self._angle = self._angle._replace(route=b"".join(out))
            return
        self._angle = self._angle._replace(route=INVALID_ROUTE)
        self._want(self.more)

    def _domains(self, out: List[bytes]) -> bool:
        while self.is_at(b"@"):
            out.append(b",@" if out else b"@")
            if not self.domain(out):
                return False
            while self._tried(self._blanks, out) and self.is_at(b","):
                self.at += 1
        return self.more

    def _blanks(self, out: List[bytes]) -> bool:
        return self.cfws()

    def _addr_spec(self) -> Address:
        """addr-spec = local-part "@" domain; or what stands where one should be"""
        self.comment = b""
        quoted = self.is_at(b'"')
        local: List[bytes] = []
        mailbox: bytes | None = None
        at_end = False
        try:
            at_end = not self._local_part(local)
            mailbox = b"".join(local)
        except Broken:
            pass
        if not at_end and self.is_at(b"@"):
            domain: List[bytes] = []
            whole = True
            try:
                self.domain(domain)
            except Broken:
                whole = False
            return self._named(mailbox, b"".join(domain) if whole else None)
        if self.comment:
            return self._named(mailbox, None)
        return self._words(local, mailbox, quoted)

    def _named(self, mailbox: bytes | None, domain: bytes | None) -> Address:
        """Behind an address without angles a comment is the name."""
        return Address(self.comment or None, None, mailbox, domain)

    def _words(self, local: List[bytes], mailbox: bytes | None, quoted: bool) -> Address:
        """A single word is a mailbox without its domain; several are a name, as is a quoted one."""
        words: List[bytes] = []
        self._tried(self.phrase, words)
        if any(words):
            return Address(b"".join((*local, b" ", *words)))
        return Address(mailbox) if quoted else Address(mailbox=mailbox, domain=b"")

    def _local_part(self, out: List[bytes]) -> bool:
        """local-part = dot-atom / quoted-string, with dots wherever they stand"""
        if self.is_at(b'"'):
            return self.quoted_string(out)
        begun = False
        while True:
            while self.is_at(b"."):
                out.append(b".")
                self.at += 1
                begun = True
            if not self.more:
                return False
            if self.is_at(b"@") and begun:
                return True
            if not self.atom(out):
                return False
            if not self.is_at(b"."):
                return True
