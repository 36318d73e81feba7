from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imap4proxy.section.mail_filter import MailFilter
from kernun_common.mail_doc.correction import correct
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse
from kernun_common.mail_doc.octets import Span
from kernun_common.mail_doc.pieces import chunks_of
from kernun_common.mail_doc.structure import Ambiguity
from tests.support.mail_sections import mail_filter
from tests.support.mail_trees import leaf, mail, multipart, trees

TEXT = b"Content-Type: text/plain\r\n"
CZECH = b"\xc4\x8d"


def corrected(octets, items, ambiguous=(), name="repeated-type"):
    """Then: the mail, the item that denies, whether it is invalid, the items that corrected it."""
    structure = parse(octets, Limits())
    places = tuple(Ambiguity(name, Span(at, at + 1), "") for at in ambiguous)
    structure = replace(structure, ambiguities=(*structure.ambiguities, *places))
    rules = mail_filter(items) if items else MailFilter()
    correction = correct(octets, structure, rules)
    pieces = correction.pieces
    then = octets if pieces is None else b"".join(chunks_of(octets, pieces))
    return then, correction.denied, correction.invalid, correction.corrected


PLAIN = mail(multipart("x", leaf(b"a"), leaf(b"b")))
NUL = PLAIN.replace(b"\r\n\r\na", b"\r\n\r\na\0")
JUNK = b"junk\r\n" + PLAIN
HIGH = mail(leaf(CZECH + b"\r\n"))
SUBJECT = b"Subject: " + CZECH + b"\r\n\r\nx\r\n"
LONG = b"X: " + b"x" * 1500 + b"\r\n\r\nx\r\n"
NAME = b"Content-Type: a/b; name=a b\r\n\r\nx\r\n"


def signed(part):
    return mail(multipart("s", part, leaf(b"sig"), subtype="signed"))


def binary(text):
    return TEXT + b"Content-Transfer-Encoding: binary\r\n\r\n" + text


DKIM = b"DKIM-Signature: a; d=" + CZECH + b"\r\n"

CASES = [
    # mail, items, mail then (None: as it is), denied, invalid, corrected
    (PLAIN, "", None, "", False, ()),
    (NUL, "", PLAIN, "", False, ("bad-chars",)),
    (NUL, "bad-chars pass;", None, "", False, ()),
    (NUL, "bad-chars deny;", None, "bad-chars", False, ()),
    (PLAIN.replace(b"\r\n", b"\n"), "", PLAIN, "", False, ("bad-chars",)),
    (mail(binary(b"a\0\n")), "", None, "", False, ()),
    (mail(binary(b"a\0\n")), "bad-chars deny;", None, "", False, ()),
    (signed(leaf(b"a\0")), "", None, "", True, ()),
    (signed(leaf(b"a\0")), "bad-chars pass;", None, "", False, ()),
    (signed(leaf(b"a\0")), "bad-chars deny;", None, "bad-chars", False, ()),
    (b"X: \0\r\n" + signed(leaf(b"a\0")), "", b"X: \r\n" + signed(leaf(b"a\0")), "", True,
     ("bad-chars",)),
    (JUNK, "", PLAIN, "", False, ("invalid-header",)),
    (JUNK, "invalid-header pass;", None, "", False, ()),
    (JUNK, "invalid-header deny;", None, "invalid-header", False, ()),
    (signed(b"junk\r\n" + leaf(b"a")), "", None, "", True, ()),
    (SUBJECT, "", None, "", False, ()),
    (SUBJECT, "header-8bit-chars encode;", b"Subject: =?utf-8?b?xI0=?=\r\n\r\nx\r\n", "", False,
     ("header-8bit-chars",)),
    (SUBJECT, "header-8bit-chars deny;", None, "header-8bit-chars", False, ()),
    (b"From: <" + CZECH + b"@x>\r\n\r\nx\r\n", "header-8bit-chars encode;", None, "", True, ()),
    (DKIM + PLAIN, "header-8bit-chars encode;", None, "", True, ()),
    (b"ARC-Seal: \0\r\n" + PLAIN, "", None, "", True, ()),
    (LONG, "", None, "", False, ()),
    (LONG, "max-header-line 998 cut;", b"X: " + b"x" * 995 + b"\r\n\r\nx\r\n", "", False,
     ("max-header-line",)),
    (LONG, "max-header-line 998 deny;", None, "max-header-line", False, ()),
    (NAME, "", b'Content-Type: a/b; name="a b"\r\n\r\nx\r\n', "", False, ("correct-quoting",)),
    (NAME, "correct-quoting no; ambiguous-mime pass;", None, "", True, ()),
    (HIGH, "", None, "", False, ()),
    (HIGH, "body-8bit-chars correct;", HIGH[: -len(CZECH) - 4]
     + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=C4=8D\r\n\r\n", "", False,
     ("body-8bit-chars",)),
    (HIGH, "body-8bit-chars deny;", None, "body-8bit-chars", False, ()),
    (signed(leaf(CZECH)), "body-8bit-chars correct;", None, "", True, ()),
    (mail(binary(CZECH)), "body-8bit-chars deny;", None, "", False, ()),
    (b"junk\r\n" + LONG, "max-header-line 998 deny;", b"" + LONG, "max-header-line", False,
     ("invalid-header",)),
]


@pytest.mark.parametrize("octets, items, then, denied, invalid, items_then", CASES)
def test_correct(octets, items, then, denied, invalid, items_then):
    found = corrected(octets, items)
    assert found == (octets if then is None else then, denied, invalid, items_then)


def test_several_checks_of_one_field():
    octets = b"Content-Type: a/b; name=" + CZECH + b" b\r\n\r\nx\r\n"
    then, _, invalid, items = corrected(octets, "header-8bit-chars encode;")
    assert then == b"Content-Type: a/b; name*=utf-8''%C4%8D%20b\r\n\r\nx\r\n"
    assert (invalid, items) == (False, ("correct-quoting", "header-8bit-chars"))


AT = PLAIN.index(b"\r\n\r\nb")  # in the header of the second part
AMBIGUOUS = [
    ("", ("ambiguous-mime/repeated-type",), "", False),
    ("ambiguous-mime normalize;", ("ambiguous-mime/repeated-type",), "", False),
    ("ambiguous-mime pass;", (), "", True),
    ("ambiguous-mime deny;", (), "ambiguous-mime", False),
]


@pytest.mark.parametrize("items, corrected_by, denied, invalid", AMBIGUOUS)
def test_ambiguity(items, corrected_by, denied, invalid):
    then, *rest = corrected(PLAIN, items, [AT])
    assert rest == [denied, invalid, corrected_by]
    if corrected_by:
        kept = PLAIN.index(b"--x\r\n", PLAIN.index(b"--x\r\n") + 1)
        assert then[:kept] == PLAIN[:kept] and then != PLAIN
    else:
        assert then == PLAIN


@pytest.mark.parametrize("name", ["tnef", "message-partial", "base64-in-text", "nul", "bare-cr"])
@pytest.mark.parametrize("items", ["", "ambiguous-mime pass;"])
def test_what_cannot_be_written_in_another_way_is_left(name, items):
    assert corrected(PLAIN, items, [AT], name) == (PLAIN, "", False, ())


def test_even_that_can_be_denied():
    assert corrected(PLAIN, "ambiguous-mime deny;", [AT], "tnef")[1] == "ambiguous-mime"


def test_a_signed_part_is_not_normalized():
    octets = signed(leaf(b"a"))
    assert corrected(octets, "", [octets.index(b"\r\n\r\na")]) == (octets, "", True, ())


def test_a_mail_over_a_limit_is_invalid():
    structure = parse(PLAIN, Limits(parts=2))
    assert structure.exceeded
    assert correct(PLAIN, structure, MailFilter()).invalid


STRICT = (
    "header-8bit-chars encode; body-8bit-chars correct; max-header-line 998 cut;"
)


@given(trees(), st.lists(st.tuples(st.floats(0, 1), st.sampled_from([b"\0", b"\r", b"\n", CZECH]))))
def test_what_was_corrected_needs_it_no_more(octets, inserted):
    for place, odd in inserted:
        at = int(place * len(octets))
        octets = octets[:at] + odd + octets[at:]
    for _ in range(4):
        then, denied, invalid, items = corrected(octets, STRICT)
        if not items:
            break
        octets = then
    assert then == octets and not items and not denied
    assert not invalid or CZECH in octets  # there are no encoded words for addresses
