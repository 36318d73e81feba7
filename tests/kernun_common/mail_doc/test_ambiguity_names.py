"""Each name has a sample in tests/corpus."""

from kernun_common.mail_doc.ambiguity_names import LASTING, NAMES, ambiguity
from kernun_common.mail_doc.octets import Span
from kernun_common.mail_doc.structure import Ambiguity
from tests.corpus.two_readings import TWO_READINGS


def test_each_has_a_sample():
    assert {name for name, _, _ in TWO_READINGS} == set(NAMES)


def test_those_that_last_are_some_of_them():
    assert LASTING < set(NAMES)


def test_ambiguity():
    assert ambiguity("nul", Span(1, 2)) == Ambiguity("nul", Span(1, 2), "there is a NUL")
