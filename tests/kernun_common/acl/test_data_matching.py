from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernun_common.acl.data_matching import (
    SEARCHED,
    Case,
    CertificateMatch,
    certificate_matches,
    fingerprint_complaint,
    matches,
    names,
    word_in,
)
from kernun_common.configuration.types import Exact, Glob, Regex, StrSet
from kernun_common.tls.certificate import Certificate

EVERYTHING = StrSet(everything=True)
NOTHING = StrSet()


def of(*members, negated=False):
    return StrSet(members, negated)


K, I, D, H = Case.KEPT, Case.IGNORED, Case.DOMAIN_IGNORED, Case.HEXADECIMAL

MEMBERS = [
    # member, case, texts that match, texts that do not
    (Exact("Abc"), K, ["Abc"], ["abc", "Ab", "Abcd", ""]),
    (Exact("*.exe"), K, ["*.exe"], ["a.exe"]),
    (Exact("Abc"), I, ["abc", "ABC"], ["abcd"]),
    (Exact("stra\u00dfe"), I, ["STRASSE"], ["strase"]),
    (Glob("*.exe"), K, ["a.exe", "A.EXE", ".exe", "a\nb.exe"], ["a.exe.txt", "aexe"]),
    (Glob("a?c"), K, ["abc", "A\u010dC"], ["ac", "abbc"]),
    (Glob("image/*"), K, ["image/png", "IMAGE/"], ["video/image/x", "image"]),
    (Glob("a.+(["), K, ["a.+(["], ["ab+(["]),
    (Regex("b+"), K, ["abba"], ["ABBA", ""]),
    (Regex("^b"), K, ["ba"], ["ab"]),
    (Regex("b", ignore_case=True), K, ["ABBA"], ["x"]),
    (Regex("b"), I, ["ABBA"], ["x"]),
    (Regex("^.$"), K, ["\u010d"], ["\u010d\u010d"]),
    (Exact("Joe@Example.ORG"), D, ["Joe@example.org"], ["joe@example.org", "Joe"]),
    (Regex("@Example.ORG$"), D, ["Joe@example.org"], ["Joe@example.net"]),
    (Exact("Ab:cD"), H, ["abcd", "AB:CD", "a:b:c:d"], ["abc"]),
    (Glob("AB:*"), H, ["abcd"], ["bacd"]),
    (Regex("^AB"), H, ["abcd"], ["bacd"]),
]


@pytest.mark.parametrize("member, case, good, bad", MEMBERS)
def test_member(member, case, good, bad):
    for text in good:
        assert matches([text], of(member), case), text
        assert not matches([text], of(member, negated=True), case), text
    for text in bad:
        assert not matches([text], of(member), case), text
        assert matches([text], of(member, negated=True), case), text


SETS = [
    # set, texts, belongs
    (EVERYTHING, ["x"], True),
    (EVERYTHING, [], False),
    (NOTHING, ["x"], False),
    (of(Exact("a"), Exact("b")), ["b"], True),
    (of(Exact("a"), Glob("b*")), ["x", "bx"], True),
    (of(Exact("a")), ["x", "y"], False),
    (of(Exact("a")), [], False),
]


@pytest.mark.parametrize("members, texts, belongs", SETS)
def test_set(members, texts, belongs):
    assert matches(texts, members) is belongs
    assert matches(texts, replace(members, negated=True)) is not belongs


def test_regex_sees_the_first_octets_only():
    assert matches(["\u010d" * (SEARCHED // 2 - 1) + "xy"], of(Regex("xy$")))
    assert not matches(["\u010d" * (SEARCHED // 2) + "x"], of(Regex("x")))
    assert matches(["a" * 2 * SEARCHED + ".exe"], of(Glob("*.exe")))


@settings(deadline=None)
@given(st.text(st.characters()), st.sampled_from(list(Case)))
def test_no_text_raises(text, case):
    for member in (Exact("a"), Glob("*a*"), Regex("a")):
        matches([text], of(member), case)


@settings(deadline=None)
@given(st.text(alphabet="ab*?", max_size=6), st.text(alphabet="abAB*?", max_size=8))
def test_glob_against_its_definition(pattern, text):
    def fits(p, t):
        if not p:
            return not t
        if p[0] == "*":
            return any(fits(p[1:], t[i:]) for i in range(len(t) + 1))
        return bool(t) and p[0] in ("?", t[0]) and fits(p[1:], t[1:])

    assert matches([text], of(Glob(pattern))) is fits(pattern, text.lower())


@pytest.mark.parametrize(
    "members, words, in_",
    [
        (of(Exact("IDLE"), Glob("AUTH=*")), ["idle"], True),
        (of(Exact("IDLE"), Glob("AUTH=*")), ["auth=plain"], True),
        (of(Exact("IDLE")), ["X-NEW", "UNKNOWN"], False),
        (of(Exact("UNKNOWN")), ["X-NEW", "UNKNOWN"], True),
        (of(Exact("UNKNOWN"), negated=True), ["X-NEW", "UNKNOWN"], False),
        (of(Exact("IDLE"), negated=True), ["X-NEW", "UNKNOWN"], True),
    ],
)
def test_word_in(members, words, in_):
    assert word_in(members, words) is in_


@pytest.mark.parametrize(
    "members, named",
    [
        (of(Exact("auth=gssapi")), True),
        (of(Glob("AUTH=*")), False),
        (of(Exact("IDLE"), negated=True), False),
        (of(Exact("AUTH=GSSAPI"), negated=True), False),
        (EVERYTHING, False),
    ],
)
def test_names(members, named):
    assert names(members, "AUTH=GSSAPI") is named


CERTIFICATE = Certificate(
    subjects=("CN=Alice,OU=admins", "CN=Alice", "OU=admins"),
    issuers=("CN=Office CA",),
    sans=("Mail.example.org", "192.0.2.7", "Joe@Example.org", "https://x/Y"),
    fingerprint="ab" * 32,
    dns_names=("Mail.example.org",),
    addresses=("192.0.2.7",),
)

CERTIFICATES = [
    # the parts of a match, does it
    ({}, True),
    ({"subject": of(Exact("OU=admins"))}, True),
    ({"subject": of(Exact("CN=Alice,OU=admins"))}, True),
    ({"subject": of(Exact("ou=admins"))}, False),
    ({"subject": of(Exact("OU=admins"), negated=True)}, False),
    ({"subject": of(Exact("OU=users"), negated=True)}, True),
    ({"subject": of(Glob("CN=A*"))}, True),
    ({"issuer": of(Exact("CN=Office CA"))}, True),
    ({"issuer": of(Exact("CN=Other"))}, False),
    ({"subject": of(Exact("OU=admins")), "issuer": of(Exact("CN=Other"))}, False),
    ({"san": of(Exact("mail.EXAMPLE.org"))}, True),
    ({"san": of(Exact("192.0.2.7"))}, True),
    ({"san": of(Exact("Joe@example.ORG"))}, True),
    ({"san": of(Exact("joe@example.org"))}, False),
    ({"san": of(Exact("https://x/Y"))}, True),
    ({"san": of(Exact("https://x/y"))}, False),
    ({"san": of(Exact("other"), negated=True)}, True),
    ({"san": of(Regex("^MAIL\\."))}, True),
    ({"san": EVERYTHING}, True),
    ({"fingerprint": of(Exact("AB" * 32))}, True),
    ({"fingerprint": of(Exact(":".join(["Ab"] * 32)))}, True),
    ({"fingerprint": of(Exact("cd" * 32))}, False),
]


@pytest.mark.parametrize("parts, does", CERTIFICATES)
def test_certificate(parts, does):
    assert certificate_matches(CertificateMatch(**parts), CERTIFICATE) is does
    assert not certificate_matches(CertificateMatch(**parts), None)


def test_certificate_without_alternative_names():
    bare = replace(CERTIFICATE, sans=(), dns_names=(), addresses=())
    assert not certificate_matches(CertificateMatch(san=EVERYTHING), bare)
    assert certificate_matches(CertificateMatch(san=of(Exact("x"), negated=True)), bare)


@pytest.mark.parametrize(
    "member, complains",
    [
        (Exact("ab" * 32), False),
        (Exact(":".join(["AB"] * 32)), False),
        (Glob("ab*"), False),
        (Exact("ab" * 20), True),
        (Exact("xy" * 32), True),
    ],
)
def test_fingerprint_complaint(member, complains):
    complaint = fingerprint_complaint(CertificateMatch(fingerprint=of(member)))
    assert (complaint is not None) is complains
