"""data_matching - does a text belong to a str-set, a certificate to a match?  data-matching(7).

    matches(texts, members, case)      is one of `texts` in it; under `!`: is none of them
    certificate_matches(match, cert)   does every part that the match gives match

`case` is for facts that their standard holds without regard to case (host names,
capabilities, MIME types): it rules whatever the member's form.  Globs and
regexes run on google-re2, in time linear in the text.

See also: host_matching.py, ../configuration/types.py, ../tls/certificate.py.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import Any, Callable, Iterable, Mapping, NamedTuple, Protocol

import re2

from kernun_common.configuration.types import Exact, Glob, Regex, StrMember, StrSet

from .facts import Certificate

# Octets of a text, in UTF-8, that a regex searches; spec 1.1, str-set.
SEARCHED = 4096

# Compiled members that are kept: more than a configuration has, but not those
# of every configuration that was ever loaded.
_KEPT = 4096

_SHA256 = re.compile(r"[0-9a-f]{64}")

Test = Callable[[str], bool]


class Case(Enum):
    """How the standard of a fact holds its letters."""

    KEPT = "with regard to case"
    IGNORED = "without regard to case"
    DOMAIN_IGNORED = "a mail address: its domain without regard to case"
    HEXADECIMAL = "digits without regard to case, colons between them do not count"


def matches(texts: Iterable[str], members: StrSet, case: Case = Case.KEPT) -> bool:
    """Does one of `texts` belong to `members`; if these are negated, does none."""
    return _listed(texts, members, case) != members.negated


def word_in(members: StrSet, words: Iterable[str]) -> bool:
    """As `matches`, for words of a protocol: capabilities, commands."""
    return matches(words, members, Case.IGNORED)


def names(members: StrSet, word: str) -> bool:
    """Does the set call this word by its name: not by a pattern, not by leaving it out?"""
    return not members.negated and any(
        isinstance(member, Exact) and member_test(member, Case.IGNORED)(word)
        for member in members.members
    )


def _listed(texts: Iterable[str], members: StrSet, case: Case) -> bool:
    """Is one of `texts` listed?  Without any text nothing is, not even under `*`."""
    if members.everything:
        return any(True for _ in texts)
    tests = [member_test(member, case) for member in members.members]
    return any(test(text) for text in texts for test in tests)


@lru_cache(_KEPT)
def member_test(member: StrMember, case: Case = Case.KEPT) -> Test:
    """What tells whether a text is one that `member` means."""
    if isinstance(member, Exact):
        return _equal(member.text, _FOLD[case])
    if isinstance(member, Glob):
        return _whole(_glob(_FOLD[case](member.pattern)))
    ignored = member.ignore_case or case is not Case.KEPT
    return _found(Regex(member.pattern, ignored).compiled)


def _fold_domain(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return local + at + domain.casefold() if at else address


def _fold_hexadecimal(digits: str) -> str:
    return digits.replace(":", "").lower()


_FOLD: Mapping[Case, Callable[[str], str]] = {
    Case.KEPT: str,
    Case.IGNORED: str.casefold,
    Case.DOMAIN_IGNORED: _fold_domain,
    Case.HEXADECIMAL: _fold_hexadecimal,
}


def _equal(wanted: str, fold: Callable[[str], str]) -> Test:
    folded = fold(wanted)
    return lambda text: fold(text) == folded


def _glob(pattern: str) -> Any:
    wild = {"*": ".*", "?": "."}
    return re2.compile("(?is)" + "".join(wild.get(c) or re2.escape(c) for c in pattern))


def _whole(pattern: Any) -> Test:
    return lambda text: pattern.fullmatch(_octets(text)) is not None


def _found(pattern: Any) -> Test:
    return lambda text: pattern.search(_octets(text)[:SEARCHED]) is not None


def _octets(text: str) -> bytes:
    """In UTF-8, whatever stands in it: what a peer says must not raise here."""
    return text.encode("utf-8", "surrogatepass")


class CertificateMatch(NamedTuple):
    """The elements of `client-cert-match` and `server-cert-match`."""

    subject: StrSet | None = None
    issuer: StrSet | None = None
    san: StrSet | None = None
    fingerprint: StrSet | None = None


class Match(Protocol):
    """What has the parts of a CertificateMatch."""

    @property
    def subject(self) -> StrSet | None: ...

    @property
    def issuer(self) -> StrSet | None: ...

    @property
    def san(self) -> StrSet | None: ...

    @property
    def fingerprint(self) -> StrSet | None: ...


def certificate_matches(match: Match, certificate: Certificate | None) -> bool:
    """Are all the parts as wanted?  No certificate matches nothing.

    It was verified elsewhere and before: this says whose it is, not whether that is true.
    """
    return certificate is not None and all(
        members is None or test(certificate, members)
        for members, test in (
            (match.subject, _subject),
            (match.issuer, _issuer),
            (match.san, _san),
            (match.fingerprint, _fingerprint),
        )
    )


def _subject(certificate: Certificate, members: StrSet) -> bool:
    return matches(certificate.subjects, members)


def _issuer(certificate: Certificate, members: StrSet) -> bool:
    return matches(certificate.issuers, members)


def _san(certificate: Certificate, members: StrSet) -> bool:
    hosts = {*certificate.dns_names, *certificate.addresses}
    others = [name for name in certificate.sans if name not in hosts]
    listed = (
        _listed(hosts, members, Case.IGNORED)
        or _listed([name for name in others if "@" in name], members, Case.DOMAIN_IGNORED)
        or _listed([name for name in others if "@" not in name], members, Case.KEPT)
    )
    return listed != members.negated


def _fingerprint(certificate: Certificate, members: StrSet) -> bool:
    return matches((certificate.fingerprint,), members, Case.HEXADECIMAL)


def fingerprint_complaint(match: Match) -> str | None:
    """What is wrong with a fingerprint that no certificate can have, or None."""
    for member in match.fingerprint.members if match.fingerprint else ():
        if isinstance(member, Exact) and not _SHA256.fullmatch(_fold_hexadecimal(member.text)):
            return f"{member.text!r} is not a SHA-256 fingerprint: 64 hexadecimal digits"
    return None
