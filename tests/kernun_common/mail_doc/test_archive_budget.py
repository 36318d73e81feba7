from __future__ import annotations

import pytest

from kernun_common.mail_doc.archive_budget import (
    HEADERS,
    INCOMPLETE,
    LONGEST_NAME,
    MEMBERS,
    RATIO,
    Allowance,
    Budget,
    TooMuch,
)


def spent(budget, octets):
    try:
        budget.spend(octets)
    except TooMuch:
        return "too much"
    return budget.allowance.octets


def test_a_document_pays_first_and_the_mail_lends_it_the_rest():
    budget = Budget(Allowance(100))
    assert list(budget.of([b"ab"])) == [b"ab"]
    assert spent(budget, 2 * RATIO) == 100
    assert spent(budget, 60) == 40
    assert spent(budget, 40) == 0
    assert spent(budget, 1) == "too much"


def test_what_was_lent_is_given_back_by_the_rest_of_the_document():
    budget = Budget(Allowance(100))
    chunks = budget.of([b"x" * (1 << 14)] * 2)
    next(chunks)
    assert spent(budget, RATIO * (1 << 14) + 70) == 30
    next(chunks)
    assert budget.allowance.octets == 100


def test_documents_share_what_is_lent_and_not_what_is_their_own():
    allowance = Allowance(100)
    first, second, third = (Budget(allowance) for _ in range(3))
    list(first.of([b"x" * 1000]))
    assert [spent(second, 60), spent(third, 60)] == [40, "too much"]
    assert spent(first, 1000 * RATIO) == allowance.octets < 0
    assert spent(first, 1) == "too much"


def test_small_chunks_are_joined():
    assert list(map(len, Budget(Allowance()).of([b"x" * 100] * 400))) == [16400, 16400, 7200]
    assert list(Budget(Allowance()).of([])) == []


def test_names():
    budget = Budget(Allowance())
    budget.add(b"a\\b/c.txt")
    budget.add("ž".encode())
    budget.add(b"\x80", is_utf8=False)
    budget.add_all([(b"x" * LONGEST_NAME, True), (b"", True), (b"c.txt", True)])
    long_name = "x" * LONGEST_NAME
    assert list(budget.names) == ["a\\b/c.txt", "c.txt", "ž", "Ç", long_name]
    budget.mark_incomplete()
    assert INCOMPLETE in budget.names


def test_a_name_that_is_too_long():
    budget = Budget(Allowance())
    budget.add(b"x" * (LONGEST_NAME + 1))
    assert list(budget.names) == ["x" * LONGEST_NAME, INCOMPLETE]


def test_a_name_with_a_nul():
    budget = Budget(Allowance())
    budget.add(b"a/b.exe\0/c.txt")
    assert list(budget.names) == ["a/b.exe\0/c.txt", "c.txt", "a/b.exe", "b.exe"]


def test_too_many_names():
    budget = Budget(Allowance())
    for number in range(MEMBERS):
        budget.add(b"%d" % number)
    with pytest.raises(TooMuch):
        budget.add(b"one more")


def test_too_many_headers():
    budget = Budget(Allowance())
    for _ in range(HEADERS):
        budget.add(b"a")
    with pytest.raises(TooMuch):
        budget.add(b"a")
