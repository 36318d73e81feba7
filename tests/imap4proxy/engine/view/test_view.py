"""Answers to FETCH: that they agree with one another, whatever the mail and however one asks."""

from __future__ import annotations

import mmap
import tempfile

import imap_codec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imap4proxy.engine.view.pieces import SHORT, Stream, chunks, size
from imap4proxy.engine.view.view import View
from imap4proxy.wire.body_section import Section
from imap4proxy.wire.fetch_items import Item
from kernun_common.mail_doc.mime import parse
from kernun_common.mail_doc.octets import Span

from ....support.fetch_values import items
from ....support.reading import Response, read
from ....support.shown_mails import SHOWN_MAILS, numbers

MAILS = [octets for _, octets in SHOWN_MAILS]
NAMES = [name for name, _ in SHOWN_MAILS]
PLAIN = ("ENVELOPE", "BODY", "BODYSTRUCTURE", "RFC822.SIZE", "RFC822", "RFC822.HEADER",
         "RFC822.TEXT")  # fmt: skip

WORDS = st.sampled_from(
    [b"--b\r\n", b"--b--\r\n", b"\r\n", b"Content-Type: multipart/mixed; boundary=b\r\n",
     b"Content-Type: message/rfc822\r\n", b"Content-Type: text/html; charset=x\r\n",
     b"Content-Type: ", b"From: a@b (c)\r\n", b"To: ", b"<a@b>", b'"', b"Subject: x\r\n y\r\n",
     b"Content-Transfer-Encoding: base64\r\n", b"YWJj\r\n", b"text\r\n", b";", b"\0", b"\xe9",
     b"\r", b"\n", b" ", b"Content-Disposition: attachment; filename=f\r\n"]
)  # fmt: skip
MADE_OF_WORDS = st.lists(WORDS, max_size=30).map(b"".join)


@st.composite
def mutations(draw):
    """A mail with some of its octets gone, others put in, or twice there."""
    octets = draw(st.sampled_from([mail for mail in MAILS if len(mail) < 10_000]))
    for _ in range(draw(st.integers(1, 4))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(octets))] * 2)))
        between = draw(WORDS | st.binary(max_size=4) | st.just(octets[start:end] * 2))
        octets = octets[:start] + between + octets[end:]
    return octets


ANY_MAIL = MADE_OF_WORDS | mutations()


def view(octets):
    return View(octets, parse(octets))


def answered(viewed, *asked):
    """The answer to these items in one piece."""
    answer = viewed.answer(asked)
    joined = b"".join(chunks(viewed.octets, answer.pieces))
    assert len(joined) == size(answer.pieces)
    return joined


def told(viewed, *asked):
    """Their values, by name."""
    return items(answered(viewed, *asked))


def body(viewed, part=(), text="", fields=(), partial=None):
    (value,) = told(viewed, Item("BODY.PEEK", Section(part, text, fields), partial)).values()
    return value


def everything(viewed):
    """Each plain item, and each section of each part, twice over."""
    parts = [(), *numbers(viewed.structure)]
    found = [Item(name) for name in PLAIN]
    for text in ("", "HEADER", "TEXT", "MIME"):
        found += [Item("BODY", Section(part, text)) for part in parts[text == "MIME" :]]
    found += [Item("BODY.PEEK", Section(part, "HEADER.FIELDS", (b"To", b"a b"))) for part in parts]
    found += [Item("BODY", item.section, (3, 10)) for item in found if item.section]
    found += [Item(name, Section(part)) for part in parts for name in ("BINARY", "BINARY.SIZE")]
    return found


# --- properties --------------------------------------------------------------------------------


def check_agreement(octets):
    viewed = view(octets)
    whole = octets.replace(b"\0", b"\x80")
    values = told(viewed, *map(Item, PLAIN))
    assert values[b"RFC822"] == body(viewed) == whole
    assert values[b"RFC822.SIZE"] == b"%d" % len(octets)
    assert values[b"RFC822.HEADER"] == body(viewed, text="HEADER")
    assert values[b"RFC822.TEXT"] == body(viewed, text="TEXT")
    assert values[b"RFC822.HEADER"] + values[b"RFC822.TEXT"] == whole
    header = values[b"RFC822.HEADER"].replace(b"\x80", b"\0")
    if b"\x80" not in octets:
        assert values[b"ENVELOPE"] == told(view(header), Item("ENVELOPE"))[b"ENVELOPE"]
    check_structure(viewed, (), values[b"BODYSTRUCTURE"], whole)


def check_structure(viewed, number, shown, inside):
    """Sizes and lines are those of BODY[n]; BODY[n] and its header are slices of what is around."""
    if isinstance(shown[0], list):
        parts = [part for part in shown if isinstance(part, list)][: shown.index(shown_type(shown))]
        for at, part in enumerate(parts, 1):
            check_part(viewed, (*number, at), part, inside)
    else:
        check_part(viewed, (*number, 1), shown, inside)


def shown_type(shown):
    """The subtype of a multipart: its first value that is no list."""
    return next(value for value in shown if not isinstance(value, list))


def check_part(viewed, number, shown, around):
    text, mime = body(viewed, number), body(viewed, number, "MIME")
    assert text in around
    assert mime in around or len(number) == 1
    if isinstance(shown[0], list):
        check_structure(viewed, number, shown, text)
        return
    assert shown[6] == b"%d" % len(text)
    if shown[0].lower() == b"text":
        assert shown[7] == b"%d" % text.count(b"\n")
    if (shown[0], shown[1]) == (b"message", b"rfc822"):
        assert shown[9] == b"%d" % text.count(b"\n")
        header, inner = body(viewed, number, "HEADER"), body(viewed, number, "TEXT")
        assert text in (header + inner, header + inner + b"\r\n")  # if a boundary ends the header
        check_structure(viewed, number, shown[8], text)


@pytest.mark.parametrize("octets", MAILS, ids=NAMES)
def test_answers_agree(octets):
    check_agreement(octets)


@given(ANY_MAIL)
def test_answers_agree_of_any_mail(octets):
    check_agreement(octets)


@given(st.sampled_from(MAILS) | ANY_MAIL, st.integers(1, 200), st.data())
def test_partials_reassemble(octets, length, data):
    viewed = view(octets)
    part, text = data.draw(st.sampled_from([(), *numbers(viewed.structure)])), ""
    whole = body(viewed, part, text)
    parts = [body(viewed, part, text, (), (at, length)) for at in range(0, len(whole), length)]
    assert b"".join(parts) == whole
    assert body(viewed, part, text, (), (len(whole), length)) == b""


@given(st.sampled_from(MAILS) | ANY_MAIL, st.sets(st.sampled_from([b"to", b"FROM", b"x", b""])))
def test_fields_and_the_others_are_the_header(octets, names):
    viewed = view(octets)
    names = tuple(names) or (b"subject",)
    header = body(viewed, text="HEADER")
    these = body(viewed, text="HEADER.FIELDS", fields=names)
    others = body(viewed, text="HEADER.FIELDS.NOT", fields=names)
    blank_line = len(these) + len(others) - len(header)
    assert blank_line in (1, 2)
    assert sorted(these[:-blank_line] + others) == sorted(header)


# --- the form of the answers -------------------------------------------------------------------


def response(octets):
    viewed = view(octets)
    return b"* 1 FETCH (" + answered(viewed, *everything(viewed)) + b")\r\n"


@pytest.mark.parametrize("octets", MAILS, ids=NAMES)
def test_our_own_reader_takes_them(octets):
    assert read([response(octets)], response=1 << 30) == [Response("FETCH", response(octets))]


@given(ANY_MAIL)
def test_our_own_reader_takes_those_of_any_mail(octets):
    assert read([response(octets)], response=1 << 30) == [Response("FETCH", response(octets))]


@pytest.mark.parametrize("octets", MAILS, ids=NAMES)
def test_imap_codec_takes_them(octets):
    rest, _ = imap_codec.ResponseCodec.decode(response(octets))
    assert rest == b""


# --- pieces, and what is refused ---------------------------------------------------------------

LARGE = b"Subject: s\r\n\r\n" + b"x" * 100_000


def test_large_parts_are_not_copied():
    answer = view(LARGE).answer([Item("BODY", Section()), Item("RFC822.SIZE"), Item("FLAGS")])
    whole = len(LARGE)
    assert answer.pieces == (
        b"BODY[] {%d}\r\n" % whole, Span(0, whole), b" RFC822.SIZE %d" % whole
    )  # fmt: skip


def test_short_ones_are_one_piece():
    asked = [Item("BODY", Section((), "HEADER")), Item("ENVELOPE"), Item("BODY", Section((9,)))]
    (piece,) = view(LARGE).answer(asked).pieces
    assert piece.startswith(b"BODY[HEADER] {14}\r\nSubject: s\r\n\r\n ENVELOPE (")
    assert piece.endswith(b" BODY[9] {0}\r\n")


def test_each_item_once():
    asked = [Item("RFC822.SIZE"), Item("BODY", Section((3,))), Item("BODY.PEEK", Section((3,)))]
    assert answered(view(b"x"), *asked, *asked) == b"RFC822.SIZE 1 BODY[3] {0}\r\n"


def test_items_of_the_server_are_passed_over():
    assert view(b"x").answer([Item("FLAGS"), Item("UID")]).pieces == ()


def test_nul_in_a_large_part():
    octets = LARGE + b"\0" + b"y" * SHORT * 2
    answer = view(octets).answer([Item("BODY", Section((), "TEXT"), (99_990, 5000))])
    begin, text = answer.pieces
    assert begin == b"BODY[TEXT]<99990> {5000}\r\n"
    assert isinstance(text, Stream)
    assert b"".join(text) == b"x" * 10 + b"\x80" + b"y" * 4989


BINARY = b"Content-Transfer-Encoding: base64\r\n\r\n"
BINARIES = [
    # mail, item, answer, refusals
    (BINARY + b"AGE=", Item("BINARY", Section((1,))), b"BINARY[1] ~{2}\r\n\0a", ()),
    (BINARY + b"AGE=", Item("BINARY.PEEK", Section((1,)), (1, 9)), b"BINARY[1]<1> ~{1}\r\na", ()),
    (BINARY + b"AGE=", Item("BINARY.SIZE", Section((1,))), b"BINARY.SIZE[1] 2", ()),
    (BINARY + b"AGE=", Item("BINARY", Section((2,))), b"BINARY[2] {0}\r\n", ()),
    (BINARY + b"AG", Item("BINARY", Section((1,))), b"", ("PARSE",)),
    (BINARY.replace(b"base64", b"x"), Item("BINARY.SIZE", Section((1,))), b"", ("UNKNOWN-CTE",)),
    (b"\r\na", Item("BINARY", Section((1,))), b"BINARY[1] {1}\r\na", ()),
    (b"\r\na\0", Item("BINARY", Section((1,))), b"BINARY[1] ~{2}\r\na\0", ()),
    (b"\r\na\0", Item("BODY", Section((1,))), b"BODY[1] {2}\r\na\x80", ()),
]


@pytest.mark.parametrize("octets, item, expected, refusals", BINARIES)
def test_binary(octets, item, expected, refusals):
    viewed = view(octets)
    assert answered(viewed, item) == expected
    assert viewed.answer([item]).refusals == refusals


def test_what_is_refused_leaves_the_rest():
    answer = view(BINARY + b"!").answer([Item("BINARY", Section((1,))), Item("RFC822.SIZE")])
    assert answer.pieces == (b"RFC822.SIZE %d" % (len(BINARY) + 1),)
    assert answer.refusals == ("PARSE",)


def test_a_mapped_mail_is_answered_like_one_in_memory():
    octets = LARGE + b"\r\n" + MAILS[-1]
    with tempfile.TemporaryFile() as file:
        file.write(octets)
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            viewed = View(mapped, parse(mapped))
            assert answered(viewed, *everything(viewed)) == answered(
                view(octets), *everything(viewed)
            )
