"""Whatever is hidden in a mail that can be read in two ways is among the documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse
from kernun_common.mail_doc.readings import readings
from tests.corpus.odd_mails import ODD_MAILS
from tests.corpus.two_readings import FILE, TWO_READINGS

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


MAILS = some.sampled_from([mail for _, mail, _ in TWO_READINGS])


@given(some.lists(MAILS, max_size=3), some.data())
def test_any_octets_have_readings(mails, data):
    octets = b"".join(mails)[:3000]
    at = data.draw(some.integers(0, len(octets)))
    octets = octets[:at] + data.draw(some.binary(max_size=5)) + octets[at + 3 :]
    limits = Limits(parts=20, depth=5, headers=2000)
    for content in readings(octets, parse(octets, limits), limits):
        assert all(content.pieces())
