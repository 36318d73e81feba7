"""Documents that can be read in two ways, and what is encoded in them."""

import base64
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kernun_common.mail_doc import octets as places
from kernun_common.mail_doc.ambiguous_body import LONGEST_ARMOUR, MOST_RUNS, body_checks, runs
from kernun_common.mail_doc.mime import parse
from tests.corpus.two_readings import FILE, UUENCODE, lines
from tests.fuzz.growth import Unit, steep

LINES = lines(base64.encodebytes(bytes(57 * 3) + b"\xff" * 57))
ARMOUR = b"-----BEGIN X-----\r\n" + LINES + b"-----END X-----\r\n"

YENC = b"=ybegin line=128 size=1 name=a\r\nk\r\n=yend size=1\r\n"
BINHEX = b"(This file must be converted with BinHex 4.0)\r\n\r\n:#3jM!'Jr!!!:\r\n"


def mail(encoding, body, kind=b"text/plain"):
    fields = b"Content-Type: %s\r\nContent-Transfer-Encoding: %s\r\n\r\n"
    return fields % (kind, encoding) + body


CASES = [
    # encoding, body, names
    (b"base64", b"", []),
    (b"base64", b"QUI=", []),
    (b"base64", b"QU\r\nI=\r\n", []),
    (b"base64", b"QUJD\r\n \t\r\nQQ==\r\n\r\n", []),
    (b"base64", b"QUI", ["base64-padding"]),
    (b"base64", b"QUI==", ["base64-padding"]),
    (b"base64", b"QUJDR", ["base64-padding"]),
    (b"base64", b"QUJD=", ["base64-padding"]),
    (b"base64", b"=QUJD", ["base64-inner-padding"]),
    (b"base64", b"QUI=QUI=", ["base64-inner-padding"]),
    (b"base64", b"QU.JD", ["base64-junk"]),
    (b"base64", b"QUI=\r\n-- \r\n", ["base64-junk", "base64-inner-padding"]),
    (b"7bit", b"begin 644 a\r\n", ["uuencode-in-text"]),
    (b"7bit", b"begin\t644\ta\r\n", ["uuencode-in-text"]),
    (b"7bit", UUENCODE.replace(b"644 ", b"100644\t"), ["uuencode-in-text"]),
    (b"7bit", b"begin 10 a\r\n", []),
    (b"x-uuencode", UUENCODE.replace(b" 644 ", b"\t644\t"), []),
    (b"x-uuencode", UUENCODE.replace(b"644", b""), ["encoded-outside"]),
    (b"7bit", b"we begin 644 a\r\n", []),
    (b"7bit", b"begin the day\r\n", []),
    (b"8bit", b"\r\n=ybegin line=1 size=1 name=a\r\n", ["yenc-in-text"]),
    (b"7bit", b"text\r\n" + LINES, ["base64-in-text"]),
    (b"7bit", LINES + b"\r\n" + LINES, ["base64-in-text"]),
    (b"7bit", LINES.replace(b"\r\n", b"\r\n ", 2), []),
    (b"7bit", ARMOUR, []),
    (b"7bit", ARMOUR + LINES, ["base64-in-text"]),
    (b"7bit", ARMOUR + ARMOUR, []),
    (b"7bit", b"-----BEGIN X-----\r\n" + LINES, ["base64-in-text"]),
    (b"7bit", b"-----BEGIN X\r\n" + LINES + b"-----END X-----\r\n", ["base64-in-text"]),
    (b"7bit", ARMOUR.replace(b"END X", b"END Y"), ["base64-in-text"]),
    (b"7bit", b"-----BEGIN X-----\r\n" + LINES + ARMOUR, ["base64-in-text"]),
    (b"7bit", ARMOUR.replace(b"\r\n-----END", b"\r\n-----BEGIN Y-----\r\n-----END"),
     ["base64-in-text"]),
    (b"7bit", b"-----BEGIN X-----\r\n" + UUENCODE + LINES + b"-----END X-----\r\n",
     ["uuencode-in-text"]),
    (b"7bit", b"begin" + b" " * 900 + b"644 a\r\n", ["uuencode-in-text"]),
    (b"quoted-printable", b"=62egin 644 a\r\n", ["uuencode-in-text"]),
    (b"base64", lines(base64.encodebytes(UUENCODE)), ["uuencode-in-text"]),
    (b"7bit", UUENCODE.replace(b" 644", b" -6"), ["uuencode-in-text"]),
    (b"7bit", UUENCODE.replace(b" 644", b"-encoded +6"), ["uuencode-in-text"]),
    (b"7bit", b"begin a\r\n#86)C\r\n`", ["uuencode-in-text"]),
    (b"7bit", b"begin : BLOCK\r\nA <= B;\r\nend\r\n", []),
    (b"7bit", b"begin of\r\nbegin 6 a\r\n#86)C\r\nend\r\n", ["uuencode-in-text"]),
    (b"x-uuencode", UUENCODE.replace(b"!", b"a"), ["uuencode-junk"]),
    (b"x-uuencode", b"begin 644 a\r\n#86)Cx\r\nend\r\n", []),
    (b"x-uuencode", b"begin-base64 644 a\r\nYWJj\r\n====\r\n", []),
    (b"x-uuencode", UUENCODE, []),
    (b"x-uuencode", b"\r\n" + UUENCODE + b" \r\n" + UUENCODE, []),
    (b"x-uuencode", b"", []),
    (b"x-uuencode", b"text", ["encoded-outside"]),
    (b"uuencode", b"text\r\n" + UUENCODE, ["encoded-outside"]),
    (b"x-uue", UUENCODE + b"text", ["encoded-outside"]),
    (b"x-yenc", YENC, []),
    (b"x-yenc", b"\r\n" + YENC + b"\r\n", []),
    (b"x-yenc", b"text\r\n" + YENC, ["encoded-outside"]),
    (b"x-yenc", YENC + b"text", ["encoded-outside"]),
    (b"x-binhex", BINHEX, []),
    (b"x-binhex", BINHEX + b"\r\ntext\r\n", ["encoded-outside"]),
    (b"x-binhex", b"text", ["encoded-outside"]),
]


@pytest.mark.parametrize("chunk", [places.CHUNK, 1, 7, 100])
@pytest.mark.parametrize("encoding, body, names", CASES)
def test_names(encoding, body, names, chunk, monkeypatch):
    octets = mail(encoding, body)
    part = parse(octets).root
    monkeypatch.setattr(places.chunks, "__defaults__", (chunk,))
    assert [name for name, _ in body_checks(octets, part)] == names


def test_runs():
    body = b"one\r\n" + UUENCODE + b"two\r\n" + LINES + b"and three\r\n" + LINES + UUENCODE
    octets = mail(b"7bit", body)
    part = parse(octets).root
    found, more = runs(octets, part)
    assert [run.name for run in found] == ["uuencode", "base64", "base64", "uuencode"]
    assert not more
    files = [b"".join(run.octets(octets, part)) for run in found]
    zeros = bytes(57 * 3) + b"\xff" * 57
    assert files == [FILE, zeros, zeros, FILE]


def test_a_run_with_characters_that_only_some_take():
    octets = mail(b"7bit", UUENCODE.replace(b"!", b"a"))
    part = parse(octets).root
    (run,) = runs(octets, part).found
    usual, other = [b"".join(run.octets(octets, part, way)) for way in range(run.ways)]
    assert other == FILE and len(usual) < len(FILE)


def test_a_document_that_is_no_text_is_not_searched_when_decoded():
    octets = mail(b"base64", lines(base64.encodebytes(UUENCODE)), b"application/x-y")
    assert not list(body_checks(octets, parse(octets).root))


END = b"-----END X-----\r\n"


def armour(size):
    """So many octets of base64 behind the beginning, or a line less."""
    return b"-----BEGIN X-----\r\n" + LINES[:78] * (size // 78)


@pytest.mark.parametrize("body, names", [
    (armour(LONGEST_ARMOUR - 78) + END, []),
    (armour(LONGEST_ARMOUR + 78) + END, ["base64-in-text"]),
    (armour(LONGEST_ARMOUR + 78) + b"begin 644 a\r\n" + END,
     ["base64-in-text", "uuencode-in-text"]),
])  # fmt: skip
def test_armour_is_not_longer_than_that(body, names):
    octets = mail(b"7bit", body)
    assert [name for name, _ in body_checks(octets, parse(octets).root)] == names


def test_a_mark_in_the_data_of_another_run():
    """Lines of capitals are base64, too."""
    capitals = UUENCODE.replace(b"`\r\nend", b"M" * 61 + b"\r\n" + b"end")
    inside = UUENCODE.replace(b"`\r\n", (b"M" * 61 + b"\r\n") * 5 + b"`\r\n")
    octets = mail(b"7bit", inside + capitals)
    part = parse(octets).root
    found = runs(octets, part).found
    assert [run.name for run in found] == ["uuencode", "base64", "uuencode"]
    whole = b"".join(found[0].octets(octets, part))
    assert whole.startswith(FILE) and len(whole) == len(FILE) + 5 * 45


@pytest.mark.parametrize("count, more", [(MOST_RUNS, False), (MOST_RUNS + 1, True), (9999, True)])
def test_many_runs(count, more):
    octets = mail(b"7bit", UUENCODE * count)
    part = parse(octets).root
    found, there_are_more = runs(octets, part)
    assert (len(found), there_are_more) == (MOST_RUNS, more)
    assert [b"".join(run.octets(octets, part)) for run in found[-2:]] == [FILE, FILE]


ROWS = [
    *(b"begin x", b"begin 6 a", b"#86)C", b"#a_)~", b"T" + b"e" * 71, b"M" * 61),
    *(b"`", b"end", b""),
]


@given(some.lists(some.sampled_from(ROWS)), some.integers(1, 200))
def test_how_a_document_is_cut_does_not_count(rows, size):
    """That is, for where runs begin."""
    octets = mail(b"7bit", b"\r\n".join(rows))
    part = parse(octets).root
    whole = runs(octets, part)
    with patch.object(places.chunks, "__defaults__", (size,)):
        assert runs(octets, part) == whole


@pytest.mark.parametrize("row", ROWS)
def test_linear(row):
    units = (b"begin x\r\n" + row + b"\r\n", b"begin " + row, row + b"\r\n")
    work = [Unit(b"\r\n", unit, b"") for unit in units]

    def checks(octets):
        return list(body_checks(octets, parse(octets).root))

    assert steep(checks, work, 300_000) is None
