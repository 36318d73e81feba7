from __future__ import annotations

import email

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse
from kernun_common.mail_doc.octets import Span
from kernun_common.mail_doc.pieces import chunks_of
from kernun_common.mail_doc.replacement import NewDocument
from kernun_common.mail_doc.rewrite import Rewriting
from tests.support.mail_trees import TOP, leaf, mail, multipart, nested, trees

NOTE = NewDocument("text/plain", "It was removed.")
WRITTEN = (
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    b"Content-Disposition: inline\r\n"
)


def rewritten(octets, act):
    """The mail after `act(rewriting, structure)`; itself where nothing changes."""
    structure = parse(octets, Limits())
    rewriting = Rewriting(octets, structure)
    act(rewriting, structure)
    pieces = rewriting.pieces()
    return octets if pieces is None else b"".join(chunks_of(octets, pieces))


def at(*number):
    return lambda structure: structure.part(number)


def replace(where):
    return lambda rewriting, structure: rewriting.replace(where(structure), NOTE)


def remove(*wheres):
    def act(rewriting, structure):
        for where in wheres:
            rewriting.remove(where(structure))

    return act


A, B, C = leaf(b"a"), leaf(b"b"), leaf(b"c")
EMPTY = WRITTEN + b"\r\n"
NEW = WRITTEN + b"\r\nIt was removed."

CASES = [
    # mail, act, mail then
    (mail(multipart("x", A, B)), replace(at(1)), mail(multipart("x", NEW, B))),
    (mail(multipart("x", A, B)), replace(at(2)), mail(multipart("x", A, NEW))),
    (mail(multipart("x", A, B, C)), remove(at(1)), mail(multipart("x", B, C))),
    (mail(multipart("x", A, B, C)), remove(at(2)), mail(multipart("x", A, C))),
    (mail(multipart("x", A, B, C)), remove(at(3)), mail(multipart("x", A, B))),
    (mail(multipart("x", A, B, C)), remove(at(1), at(2)), mail(multipart("x", C))),
    (mail(multipart("x", A, B, C)), remove(at(2), at(3)), mail(multipart("x", A))),
    (mail(multipart("x", A, B, C)), remove(at(1), at(3)), mail(multipart("x", B))),
    (mail(multipart("x", A, B)), remove(at(1), at(2)), mail(multipart("x", EMPTY))),
    (
        mail(multipart("x", multipart("y", A, B), C)),
        remove(at(1, 2)),
        mail(multipart("x", multipart("y", A), C)),
    ),
    (
        mail(multipart("x", multipart("y", A), C)),
        remove(at(1, 1), at(2)),
        mail(multipart("x", multipart("y", EMPTY))),
    ),
    (mail(b"\r\ntext\r\n"), replace(at()), TOP + WRITTEN + b"\r\nIt was removed.\r\n"),
    (mail(b"\r\ntext\r\n"), remove(at()), TOP + WRITTEN + b"\r\n\r\n"),
    (mail(multipart("x", A, B)), replace(at()), TOP + WRITTEN + b"\r\nIt was removed.\r\n"),
    (
        b"Subject: x\r\n\r\ntext",
        replace(at()),
        b"Subject: x\r\n" + WRITTEN + b"MIME-Version: 1.0\r\n\r\nIt was removed.\r\n",
    ),
    (
        mail(multipart("x", b"X: 1\r\nContent-Type: a/b\r\nContent-ID: <i>\r\nY: 2\r\n\r\nz", B)),
        replace(at(1)),
        mail(multipart("x", b"X: 1\r\n" + WRITTEN.partition(b"\n")[0] + b"\n"
                       b"Content-ID: <i>\r\nY: 2\r\n" + WRITTEN.partition(b"\n")[2]
                       + b"\r\nIt was removed.", B)),
    ),
    (mail(multipart("x", A, B)), lambda rewriting, structure: None, mail(multipart("x", A, B))),
]


@pytest.mark.parametrize("octets, act, then", CASES)
def test_parts(octets, act, then):
    assert rewritten(octets, act) == then


def subject(text, suffix=False):
    return lambda rewriting, structure: rewriting.add_subject_text(text, suffix)


def status(*values):
    return lambda rewriting, structure: rewriting.set_status_headers(*values)


HEADERS = [
    # header, act, header then
    (b"Subject: a\r\nX: b\r\n", subject("[S] "), b"Subject: [S] a\r\nX: b\r\n"),
    (b"Subject: a\r\n", subject(" (s)", True), b"Subject: a (s)\r\n"),
    (b"X: b\r\n", subject("[S] "), b"X: b\r\nSubject: [S]\r\n"),
    (b"Subject: [S] a\r\n", subject("[S] "), b"Subject: [S] a\r\n"),
    (b"Subject: a\r\nSUBJECT: b\r\n", subject("[S] "), b"Subject: [S] a\r\n"),
    (b"Subject: [S] a\r\nsubject: b\r\n", subject("[S] "), b"Subject: [S] a\r\n"),
    (
        b"X-Kernun-Virus-Status: free\r\nX: b\r\nx-kernun-virus-name: none\r\n",
        status("found", "Eicar", 5200),
        b"X: b\r\nX-Kernun-Spam-Score: 5.2\r\nX-Kernun-Virus-Status: found\r\n"
        b"X-Kernun-Virus-Name: Eicar\r\n",
    ),
]


@pytest.mark.parametrize("header, act, then", HEADERS)
def test_header(header, act, then):
    assert rewritten(header + b"\r\nbody\r\n", act) == then + b"\r\nbody\r\n"
    assert rewritten(then + b"\r\nbody\r\n", act) == then + b"\r\nbody\r\n"


INNER_HEAD = b"Content-Type: multipart/mixed; boundary=y\r\n\r\n"
UNCLOSED = mail(multipart("x", INNER_HEAD + b"--y\r\n\r\na\r\n--y", C))


@pytest.mark.parametrize("act, inner, shape_then", [
    (remove(at(1, 2)), b"--y\r\n\r\na", ("text/plain",)),
    (remove(at(1, 1)), b"--y", ("text/plain",)),
    (replace(at(1, 2)), b"--y\r\n\r\na\r\n--y\r\n" + NEW, ("text/plain", "text/plain")),
])
def test_a_part_without_octets_before_the_boundary_of_another(act, inner, shape_then):
    result = rewritten(UNCLOSED, act)
    assert result == mail(multipart("x", INNER_HEAD + inner, C))
    root = parse(result, Limits()).root
    assert [part.content_type.name for part in root.children[0].children] == list(shape_then)
    assert root.children[1].body.of(result) == b"c"


def test_a_mail_in_a_mail():
    octets = mail(multipart("x", A, nested(mail(multipart("y", B, C)))))
    then = mail(multipart("x", A, nested(mail(multipart("y", NEW, C)))))
    assert rewritten(octets, replace(at(2, 1))) == then


def shape(part):
    return (part.content_type.name, tuple(shape(child) for child in part.children))


def python_shape(part):
    kind = part.get_content_type()
    children = part.get_payload() if part.is_multipart() else ()
    return (kind, tuple(python_shape(child) for child in children))


@given(trees(), st.data())
def test_a_replaced_part_keeps_its_place_and_others_their_octets(octets, data):
    structure = parse(octets, Limits())
    leaves = list(structure.leaves())
    chosen = data.draw(st.lists(st.sampled_from(range(len(leaves))), unique=True))

    def act(rewriting, _):
        for n in chosen:
            rewriting.replace(leaves[n], NOTE)

    result = rewritten(octets, act)
    after = list(parse(result, Limits()).leaves())
    assert len(after) == len(leaves)
    for n, (before, now) in enumerate(zip(leaves, after)):
        if n in chosen:
            assert now.content_type.name == "text/plain"
            assert now.body.of(result).rstrip() == b"It was removed."
        else:
            assert now.body.of(result) == before.body.of(octets)
            if not now.is_mail:
                assert now.header.of(result) == before.header.of(octets)
    assert shape(parse(result, Limits()).root) == python_shape(email.message_from_bytes(result))


@given(trees(), st.data())
def test_removed_parts_are_gone_and_others_keep_their_octets(octets, data):
    structure = parse(octets, Limits())
    leaves = list(structure.leaves())
    chosen = set(data.draw(st.lists(st.sampled_from(range(len(leaves))))))
    result = rewritten(octets, lambda rewriting, _: [rewriting.remove(leaves[n]) for n in chosen])
    kept = [leaf.body.of(octets) for n, leaf in enumerate(leaves) if n not in chosen]
    after = [leaf.body.of(result) for leaf in parse(result, Limits()).leaves()]
    assert [body for body in after if body.strip()] == [body for body in kept if body.strip()]
    assert shape(parse(result, Limits()).root) == python_shape(email.message_from_bytes(result))


def test_untouched_parts_are_spans_of_the_original():
    octets = mail(multipart("x", A, leaf(b"large" * 1000), B))
    structure = parse(octets, Limits())
    rewriting = Rewriting(octets, structure)
    rewriting.replace(structure.part((1,)), NOTE)
    spans = [piece for piece in rewriting.pieces() if isinstance(piece, Span)]
    assert any(span.start < octets.index(b"large") and span.end == len(octets) for span in spans)
