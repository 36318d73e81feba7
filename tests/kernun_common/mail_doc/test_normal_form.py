from __future__ import annotations

import base64
import email

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc.decode import decoded
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse
from kernun_common.mail_doc.normal_form import encode_anew, is_ascii, normalize
from kernun_common.mail_doc.octets import Span, chunks
from kernun_common.mail_doc.pieces import chunks_of
from kernun_common.mail_doc.rewrite import Rewriting
from tests.support.mail_trees import leaf, mail, multipart, nested, trees


def normalized(octets, *numbers, act=normalize):
    """The mail with these parts, or all, in normal form."""
    structure = parse(octets, Limits())
    rewriting = Rewriting(octets, structure)
    parts = [structure.part(number) for number in numbers] or list(structure.parts())
    for part in parts:
        act(rewriting, octets, part)
    return b"".join(chunks_of(octets, rewriting.pieces()))


def read(octets):
    """What Python's email sees: type, name and document of each part that has one."""
    return [
        (part.get_content_type(), part.get_filename(), part.get_payload(decode=True))
        for part in email.message_from_bytes(octets).walk()
        if not part.is_multipart()
    ]


A_B = b"Content-Type: a/b\r\n"
CTE = b"Content-Transfer-Encoding:"
BASE64 = CTE + b" base64\r\n"
ATTACHED = b"Content-Disposition: attachment; filename=a.bin\r\n"
DATA = base64.b64encode(b"data")

CASES = [
    # part, what is read then
    (b"Content-Type: a/b\r\n" + BASE64 + b"\r\n" + DATA, ("a/b", None, b"data")),
    (A_B + b"Content-Type: c/d\r\n" + BASE64 + b"\r\n" + DATA, ("a/b", None, b"data")),
    (A_B + CTE + b' "base64"\r\n\r\n' + DATA, ("a/b", None, b"data")),
    (A_B + CTE + b" x (base64)\r\n\r\n" + DATA, ("a/b", None, b"data")),
    (b"Content-Type: a/b\r\n" + BASE64 + b"\r\n!" + DATA + b"?", ("a/b", None, b"data")),
    (b"Content-Type: a/b\r\n" + BASE64 + b"\r\n" + DATA[:-2], ("a/b", None, b"data")),
    (b"Content-Type: a/b\r\n" + ATTACHED + BASE64 + b"\r\n" + DATA, ("a/b", "a.bin", b"data")),
    (b"Content-Type: a/b; name=b.bin\r\n" + ATTACHED + b"\r\nx", ("a/b", "a.bin", b"x")),
    (b"Content-Type: a/b; name=b.bin\r\n\r\nx", ("a/b", "b.bin", b"x")),
    (b"Content-Type: junk\r\n\r\nx", ("text/plain", None, b"x")),
    (b"Content-Type: multipart/mixed\r\n\r\nx", ("text/plain", None, b"x")),
    (b"Content-Type: text/html; charset=utf-8\r\n\r\n\xc4\x8d", ("text/html", None, "č".encode())),
    (b"Content-Type: text/x\r\n\r\n=", ("text/x", None, b"=")),
    (b"\r\nbegin 644 a.exe\r\n", ("text/plain", None, b" begin 644 a.exe\r\n")),
    (b"\r\nx\r\n=ybegin line=128\r\n", ("text/plain", None, b"x\r\n =ybegin line=128\r\n")),
    (b"\r\nbegin -6 a\r\n#86)C\r\n`\r\n", ("text/plain", None, b" begin -6 a\r\n#86)C\r\n`\r\n")),
    (b"\r\nBegin 644 a\r\n", ("text/plain", None, b" Begin 644 a\r\n")),
    (b"\r\nbegin the day\r\n", ("text/plain", None, b"begin the day\r\n")),
]


@pytest.mark.parametrize("part, seen", CASES)
def test_a_document(part, seen):
    octets = mail(multipart("x", part, leaf(b"b")))
    then = normalized(octets, (1,))
    assert read(then) == [seen, ("text/plain", None, b"b")]


@pytest.mark.parametrize("size", [1, 7, 20, 100])
def test_what_is_set_off_wherever_the_text_is_cut(size, monkeypatch):
    files = b"begin 6 a\r\n#86)C\r\n`\r\nend\r\n", b"begin x\r\n#86)C\r\n#86)C\r\nend\r\n"
    texts = b"begin the day\r\n", b"text\r\n" * 9
    octets = mail(multipart("x", b"\r\n" + b"".join([*files, *texts, *files, *texts[:1]])))
    monkeypatch.setattr(chunks, "__defaults__", (size,))
    ((_, _, text),) = read(normalized(octets, (1,)))
    set_off = [b" " + file for file in files]
    assert text == b"".join([*set_off, *texts, *set_off, *texts[:1]])


@pytest.mark.parametrize("text, encoding", [(b"X: a\r\n", b"7bit"), (b"X: \xc4\x8d\r\n", b"8bit")])
def test_a_report_is_not_encoded(text, encoding):
    part = b"Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    octets = mail(multipart("x", part + base64.b64encode(text)))
    written = b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n" + text
    assert written in normalized(octets, (1,))


def test_parameters_are_kept_once():
    part = b"Content-Type: text/plain; charset=utf-8; charset=x; format=flowed\r\n\r\nx"
    then = normalized(mail(multipart("x", part)), (1,))
    assert b"Content-Type: text/plain; charset=utf-8; format=flowed\r\n" in then


def test_a_line_of_blanks_is_dropped():
    octets = mail(multipart("x", b"X: a\r\n  \r\n b\r\nDKIM-X: a\r\n \r\n b\r\n\r\nx"))
    assert b"X: a\r\n b\r\nDKIM-X: a\r\n \r\n b\r\nContent-Type" in normalized(octets, (1,))


MULTIPARTS = [
    mail(multipart("x", leaf(b"a"), leaf(b"b"))),
    mail(multipart("x", leaf(b"a"), leaf(b"b"))).replace(b"\r\n--x\r\n", b"\r\n--x junk\r\n"),
    mail(multipart("x", leaf(b"a"), leaf(b"b")))[: -len(b"\r\n--x--\r\n")],
    mail(multipart("x", leaf(b"a"), leaf(b"b"), epilogue=b"--x\r\n\r\nmore")),
    mail(multipart("x", leaf(b"a"), leaf(b"b"))).replace(b"\r\n\r\n--x", b"\r\n\r\nbefore\r\n--x"),
]


@pytest.mark.parametrize("octets", MULTIPARTS)
def test_a_multipart(octets):
    then = normalized(octets, ())
    assert read(then) == [("text/plain", None, b"a"), ("text/plain", None, b"b")]
    message = email.message_from_bytes(then)
    assert (message.preamble, message.epilogue, message.defects) == (None, "", [])


@pytest.mark.parametrize("numbers", [(), ((1,),), ((1, 2),), ((1,), (1, 2)), ((),)])
def test_a_part_without_octets_before_the_boundary_of_another(numbers):
    inner = b"Content-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\na\r\n--y"
    then = normalized(mail(multipart("x", inner, leaf(b"c"))), *numbers)
    assert [text for _, _, text in read(then) if text] == [b"a", b"c"]


def test_a_mail_in_an_encoding_is_decoded():
    inner = mail(multipart("y", leaf(b"a")))
    part = b"Content-Type: message/rfc822\r\n" + BASE64 + b"\r\n" + base64.b64encode(inner)
    then = normalized(mail(multipart("x", part)), (1,))
    assert read(then) == [("text/plain", None, b"a")]


def test_a_mail_in_a_mail():
    inner = mail(leaf(b"a", b"Content-Type: a/b\r\nContent-Type: c/d\r\n"))
    octets = mail(multipart("x", nested(inner)))
    assert read(normalized(octets, (1, 1))) == [("a/b", None, b"a")]


def test_encode_anew():
    part = b"Content-Type: text/plain; charset=utf-8\r\nX: y\r\n\r\n\xc4\x8d"
    then = normalized(mail(multipart("x", part)), (1,), act=encode_anew)
    assert b"X: y\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C4=8D" in then


@pytest.mark.parametrize("octets, ascii", [(b"", True), (b"a\0", True), (b"a\x80", False)])
def test_is_ascii(octets, ascii):
    assert is_ascii(octets, Span(0, len(octets))) is ascii


def documents(octets):
    structure = parse(octets, Limits())
    return [
        (part.content_type.name, b"".join(decoded(octets, part.body, part.encoding)).rstrip())
        for part in structure.leaves()
    ]


@given(trees(), st.booleans())
def test_of_any_mail_all_read_the_same_documents(octets, all_parts):
    then = normalized(octets) if all_parts else normalized(octets, ())
    assert documents(then) == documents(octets)
    if all_parts:
        seen = [(kind, document.rstrip()) for kind, _, document in read(then)]
        assert seen == documents(then)
