"""Each bound, by octets that just keep to it and octets that are just over it."""

import pytest

from imap4proxy.wire.response_limits import ResponseLimits
from tests.support.reading import Failed, read

BEFORE = {"authenticated": False}


def listed(octets):
    """So many octets of words of 63."""
    return ((b"x" * 63 + b" ") * (octets // 64 + 1))[: octets - 1] + b"x"


CASES = [
    # limit, octets by its value, other settings
    ("line_before_login", lambda n: b"* OK " + b"x" * (n - 7) + b"\r\n", BEFORE),
    ("line_before_login", lambda n: b"* CAPABILITY " + listed(n - 15) + b"\r\n", BEFORE),
    ("line_before_login", lambda n: b'* ID ("a" "' + b"x" * (n - 15) + b'")\r\n', BEFORE),
    ("literal_before_login", lambda n: b'* ID ("a" {%d}\r\n' % n + b"x" * n + b")\r\n", BEFORE),
    ("status", lambda n: b"k1 OK " + b"x" * (n - 8) + b"\r\n", {}),
    ("status", lambda n: b"+ " + b"x" * (n - 4) + b"\r\n", {}),
    ("status", lambda n: b"k1 NO [X {100}\r\n" + b"x" * 100 + b"] x"
                         + b"x" * (n - 121) + b"\r\n", {}),
    ("code_literals", lambda n: b"k1 NO [X" + b" {1}\r\na" * n + b"] x\r\n", {}),
    ("capabilities", lambda n: b"* CAPABILITY" + b" a" * n + b"\r\n", {}),
    ("capabilities", lambda n: b"k1 OK [CAPABILITY" + b" a" * n + b"] x\r\n", {}),
    ("capability", lambda n: b"* CAPABILITY a " + b"a" * n + b"\r\n", {}),
    ("tag", lambda n: b"k" * n + b" OK x\r\n", {}),
    ("token", lambda n: b'* LSUB () "/" "' + b"x" * (n - 2) + b'"\r\n', {}),
    ("token", lambda n: b"* X " + b"x" * n + b"\r\n", {}),
    ("response", lambda n: b"* SEARCH" + b" 1" * ((n - 10) // 2) + b"\r\n", {"response": 40000}),
    ("nesting", lambda n: b"* 1 FETCH (BODY " + b"(" * n + b"x" + b")" * n + b")\r\n", {}),
    ("nesting", lambda n: b"* X " + b"(" * n + b")" * n + b"\r\n", {}),
]  # fmt: skip


@pytest.mark.parametrize("name, octets, settings", CASES)
def test_bound(name, octets, settings):
    settings = dict(settings)
    bound = settings.get(name, getattr(ResponseLimits(), name))
    for whole_line in (16 * 1024, 1):
        for size in (61, 4096, 1 << 20):
            fits, over = octets(bound), octets(bound + (2 if name == "response" else 1))
            assert read(cut(over, size), whole_line=whole_line, **settings)[-1] == Failed
            assert read(cut(fits, size), whole_line=whole_line, **settings)[-1] != Failed


def cut(octets, size):
    return [octets[at:at + size] for at in range(0, len(octets), size)]


def test_every_bound_has_a_case():
    names = set(ResponseLimits.__dataclass_fields__) - {"whole_line"}
    assert {name for name, _, _ in CASES} == names


def test_a_response_without_end_is_cut_off_between_its_literals():
    octets = b"* 1 FETCH (" + b"BODY[1] {0}\r\n " * 1000
    assert read(cut(octets, 61), response=len(octets))[-1] != Failed
    assert read(cut(octets, 61), response=len(octets) - 1000)[-1] == Failed
