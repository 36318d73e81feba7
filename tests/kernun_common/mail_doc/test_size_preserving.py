from __future__ import annotations

import email

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse
from kernun_common.mail_doc.octets import Span
from kernun_common.mail_doc.pieces import chunks_of, size_of
from kernun_common.mail_doc.replacement import NewDocument
from kernun_common.mail_doc.rewrite import Rewriting
from kernun_common.mail_doc.size_preserving import preserved
from tests.support.mail_trees import leaf, mail, multipart, trees

RECEIVED = (
    b"Received: from a.example.org (a [192.0.2.1])\r\n\tby b.example.org; Mon, 1 Jan 2026 1:2:3\r\n"
    b"Received: from c.example.org (\"c\")\r\n by a.example.org\r\n id 1; Mon, 1 Jan 2026 1:2:2\r\n"
)


def kept(octets, act):
    """The mail after `act(rewriting, structure)` at its old size, and whether that was reached."""
    structure = parse(octets, Limits())
    rewriting = Rewriting(octets, structure)
    act(rewriting, structure)
    pieces = rewriting.pieces() or (Span(0, len(octets)),)
    pieces, exact = preserved(octets, structure.root, pieces, len(octets))
    return b"".join(chunks_of(octets, pieces)), exact


def drop_field(rewriting, structure):
    rewriting.header(structure.root).delete("x-drop")


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 77, 78, 79, 80, 81, 155, 156, 157, 300, 10000])
@pytest.mark.parametrize("octets", [
    mail(multipart("b", leaf(b"a"), leaf(b"b"))),
    mail(multipart("b", leaf(b"a"), leaf(b"b")))[:-2],
    mail(b"\r\ntext\r\n"),
    mail(b"\r\ntext"),
    mail(b"Content-Transfer-Encoding: base64\r\n\r\ndGV4dA==\r\n"),
])
def test_shorter_is_padded_by_white_space_at_the_end(octets, size):
    dropped = b"X-Drop: " + b"x" * size + b"\r\n"
    result, exact = kept(dropped + octets, drop_field)
    assert exact and len(result) == len(dropped + octets)
    assert result.startswith(octets) and not result[len(octets):].strip()
    assert max(map(len, result[len(octets):].split(b"\r\n"))) <= 78
    assert result.count(b"\n") == result.count(b"\r\n")
    before, after = (email.message_from_bytes(each) for each in (octets, result))
    parts = zip(before.walk(), after.walk(), strict=True)
    for old, new in parts:
        texts = [each.get_payload(decode=True) or b"" for each in (old, new)]
        assert texts[0].rstrip() == texts[1].rstrip()


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 100, 200001])
@pytest.mark.parametrize("whole", [False, True])
def test_a_replacement_takes_the_padding_unseen(size, whole):
    octets = mail(multipart("b", leaf(b"x" * (400 + size)), leaf(b"b")))

    def replace(rewriting, structure):
        part = structure.root if whole else structure.part((1,))
        rewriting.replace(part, NewDocument("text/plain", "It was removed."))

    result, exact = kept(octets, replace)
    assert exact and len(result) == len(octets)
    read = email.message_from_bytes(result)
    part = read if whole else read.get_payload(0)
    assert part.get_payload(decode=True).decode().strip() == "It was removed."
    assert parse(result, Limits()).root.content_type.name == read.get_content_type()


def longer(size):
    def act(rewriting, structure):
        rewriting.header(structure.root).add(b"X", b"x" * (size - 5))

    return act


TEXTS = [len(b"from a.example.org (a [192.0.2.1])\r\n\tby b.example.org"),
         len(b"from c.example.org (\"c\")\r\n by a.example.org\r\n id 1")]


@pytest.mark.parametrize("size", range(5, sum(TEXTS) + 1))
def test_longer_is_taken_out_of_the_trace(size):
    octets = mail(b"\r\ntext\r\n", RECEIVED)
    result, exact = kept(octets, longer(size))
    assert exact and len(result) == len(octets)
    header = result[: result.index(b"\r\n\r\n")]
    assert all(line.strip() for line in header.split(b"\r\n"))
    read = email.message_from_bytes(result)
    assert read["X"] == "x" * (size - 5)
    dates = [value.rpartition(";")[2] for value in read.get_all("Received")]
    assert dates == [" Mon, 1 Jan 2026 1:2:3", " Mon, 1 Jan 2026 1:2:2"]
    assert b"from a.example.org (a [192.0.2.1])" in result or size > TEXTS[1]


@pytest.mark.parametrize("fields", [b"", b"Received: no date\r\n", RECEIVED])
def test_what_does_not_suffice_is_left(fields):
    octets = mail(b"\r\ntext\r\n", fields)
    result, exact = kept(octets, longer(sum(TEXTS) + 1))
    assert not exact
    assert fields in result and len(result) == len(octets) + sum(TEXTS) + 1


@given(trees(), st.data())
def test_any_mail_keeps_its_size_and_the_parts_their_octets(octets, data):
    octets = RECEIVED + octets
    structure = parse(octets, Limits())
    leaves = list(structure.leaves())
    chosen = data.draw(st.lists(st.sampled_from(range(len(leaves))), unique=True))
    text = data.draw(st.sampled_from(["", "x", "long " * 100]))
    rewriting = Rewriting(octets, structure)
    for n in chosen:
        rewriting.replace(leaves[n], NewDocument("text/html", text))
    pieces = rewriting.pieces() or (Span(0, len(octets)),)
    after, exact = preserved(octets, structure.root, pieces, len(octets))
    result = b"".join(chunks_of(octets, after))
    assert size_of(after) == len(result)
    assert exact is (len(result) == len(octets))
    assert exact or size_of(pieces) > len(octets) and after == pieces
    last = structure.root
    for old, new in zip(leaves, parse(result, Limits()).leaves(), strict=True):
        if leaves.index(old) not in chosen:
            bodies = old.body.of(octets), new.body.of(result)
            assert bodies[0] == bodies[1] or (old is last and bodies[0] == bodies[1].rstrip())
