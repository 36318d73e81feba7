"""Ambiguities of whole mails; none in those that all programs read alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kernun_common.mail_doc.mime import parse
from tests.corpus.clear_mails import CLEAR_MAILS
from tests.corpus.two_readings import TWO_READINGS

IDS = [f"{number} {name}" for number, (name, _, _) in enumerate(TWO_READINGS)]


@pytest.mark.parametrize("name, mail, hidden", TWO_READINGS, ids=IDS)
def test_it_is_found(name, mail, hidden):
    found = parse(mail).ambiguities
    assert name in [each.name for each in found]
    assert all(0 <= each.span.start < each.span.end <= len(mail) for each in found)


@pytest.mark.parametrize("name", CLEAR_MAILS)
def test_a_clear_mail_has_none(name):
    structure = parse(CLEAR_MAILS[name])
    assert (structure.status, structure.ambiguities) == ("valid", ())


@given(some.binary() | some.text("-bB:=\r\n \0").map(str.encode), some.sampled_from(TWO_READINGS))
def test_they_lie_in_the_mail_in_order(octets, row):
    octets = row[1][:300] + octets
    found = parse(octets).ambiguities
    assert [each.span for each in found] == sorted(each.span for each in found)
    assert all(0 <= each.span.start <= each.span.end <= len(octets) for each in found)
    assert len(set(found)) == len(found)
