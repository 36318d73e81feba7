"""Whatever is hidden in a mail that can be read in two ways is among the documents."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kernun_common.errors import Unavailable
from kernun_common.mail_doc.ambiguous_body import MOST_RUNS
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse
from kernun_common.mail_doc.readings import readings
from tests.corpus.odd_mails import ODD_MAILS, PLAIN
from tests.corpus.odd_mails import mail as mail_of
from tests.corpus.odd_mails import multipart, part
from tests.corpus.two_readings import FILE, TWO_READINGS, UUENCODE, lines, typed

IDS = [f"{number} {name}" for number, (name, _, _) in enumerate(TWO_READINGS)]


@pytest.mark.parametrize("name, mail, hidden", TWO_READINGS, ids=IDS)
def test_what_is_hidden_is_found(name, mail, hidden):
    found = [b"".join(content.pieces()) for content in readings(mail, parse(mail))]
    assert hidden in found


def test_nothing_of_a_clear_mail():
    for mail in ODD_MAILS.values():
        structure = parse(mail)
        assert structure.ambiguities or not list(readings(mail, structure))


def test_a_document_comes_once():
    mail = next(mail for name, mail, _ in TWO_READINGS if name == "repeated-disposition")
    found = [b"".join(content.pieces()) for content in readings(mail, parse(mail))]
    assert found.count(FILE) == 3  # base64 is read in three ways


def test_what_has_to_be_stored_goes_to_the_store():
    mail = next(mail for name, mail, _ in TWO_READINGS if name == "encoded-multipart")
    stored = []

    def store(pieces):
        stored.append(b"".join(pieces))
        return stored[-1]

    assert list(readings(mail, parse(mail), store=store))
    assert stored[0].startswith(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n")


def missing(octets, limits=Limits()):
    """Why something of it could not be read, each time."""
    found = []
    for content in readings(octets, parse(octets, limits), limits):
        try:
            assert all(content.pieces())
        except Unavailable as failure:
            found.append(failure.what)
    return found


FEW = Limits(parts=4)
INNER = multipart(*[PLAIN] * 5, boundary=b"i")


def encoded(octets):
    """A message that is encoded."""
    return part(b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n",
                lines(base64.encodebytes(octets)))  # fmt: skip


def in_one_another(depth):
    octets = PLAIN
    for _ in range(depth):
        octets = encoded(octets)
    return octets


def test_encoded_data_that_are_too_many():
    octets = mail_of(b"", UUENCODE * MOST_RUNS)
    assert missing(octets) == []
    assert missing(octets + UUENCODE) == [
        "part 1, the usual way: more than 50 pieces of encoded data"
    ]


def test_a_limit_of_an_encoded_mail():
    found = missing(encoded(INNER), FEW)
    assert "decoded: the usual way: it exceeds the limit of parts" in found[0]
    assert missing(encoded(INNER)) == []


def test_a_limit_in_another_way():
    octets = typed(b"multipart/mixed; boundary=x; boundary=b", b"--b\r\n\r\n" * 5 + b"--b--")
    assert parse(octets, FEW).exceeded == ""
    assert "the last field counts: it exceeds the limit of parts" in missing(octets, FEW)
    assert missing(octets) == []


def test_a_limit_of_a_mail_with_line_ends_mended():
    octets = typed(b"multipart/mixed; boundary=b", b"--b\r\rx\r" * 5 + b"--b--")
    assert parse(octets, FEW).exceeded == ""
    assert "with line ends mended, the usual way: it exceeds the limit of parts" in missing(
        octets, FEW
    )


def test_mails_encoded_in_one_another():
    assert missing(in_one_another(5)) == []
    assert "more than 5 mails encoded in one another" in missing(in_one_another(6))[0]


MAILS = some.sampled_from([mail for _, mail, _ in TWO_READINGS])


@given(some.lists(MAILS, max_size=3), some.data())
def test_any_octets_have_readings(mails, data):
    octets = b"".join(mails)[:3000]
    at = data.draw(some.integers(0, len(octets)))
    octets = octets[:at] + data.draw(some.binary(max_size=5)) + octets[at + 3 :]
    limits = Limits(parts=20, depth=5, headers=2000)
    assert all("exceeds the limit" in each for each in missing(octets, limits))
