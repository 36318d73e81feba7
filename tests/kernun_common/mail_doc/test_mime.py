"""Structures of mails: what is a part, where it begins and ends."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse

MIXED = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"


def tree(octets, part):
    if part.is_leaf:
        return (part.content_type.name, part.body.of(octets))
    return (part.content_type.name, [tree(octets, child) for child in part.children])


T = "text/plain"
M = "multipart/mixed"
CASES = [
    # mail, its tree
    (b"", (T, b"")),
    (b"\r\n", (T, b"")),
    (b"\r\nx", (T, b"x")),
    (b"\nx", (T, b"x")),
    (b"a: b", (T, b"")),
    (b"a: b\r\n\r\nx", (T, b"x")),
    (b"Content-Type: Text/HTML\r\nContent-Type: a/b\r\n\r\nx", ("text/html", b"x")),
    (MIXED + b"--b\r\n\r\nx\r\n--b--\r\n", (M, [(T, b"x")])),
    (MIXED + b"pre\r\n--b\r\n\r\nx\r\n--b\n\ny\n--b--\r\npost", (M, [(T, b"x"), (T, b"y")])),
    (MIXED + b"--b\r\n\r\nx\r\n", (M, [(T, b"x\r\n")])),
    (MIXED + b"--b\r\n\r\n--b\r\n\r\n\r\n--b--", (M, [(T, b""), (T, b"")])),
    (MIXED + b"--b\r\n--b\r\nx: y\r\n--b--", (M, [(T, b""), (T, b"")])),
    (MIXED + b"no parts", (M, b"no parts")),
    (MIXED + b"--b--\r\n--b\r\n\r\nx", (M, b"--b--\r\n--b\r\n\r\nx")),
    (MIXED + b"--better\r\n\r\nx\r\n--b--\r\n", (M, [(T, b"x")])),
    (MIXED + b" --b\r\n\r\nx\r\n--b--", (M, b" --b\r\n\r\nx\r\n--b--")),
    (b"Content-Type: multipart/mixed\r\n\r\n--b\r\n", (M, b"--b\r\n")),
    (b"Content-Type: text/plain; boundary=b\r\n\r\n--b\r\n", (T, b"--b\r\n")),
    (
        b"Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\na: b\r\n\r\nx\r\n--b--",
        ("multipart/digest", [("message/rfc822", [(T, b"x")])]),
    ),
    (
        MIXED + b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--b\r\n"
        b"\r\ny\r\n--c\r\n\r\nz\r\n--b--",
        (M, [(M, [(T, b"x")]), (T, b"y\r\n--c\r\n\r\nz")]),
    ),
    (
        MIXED + b"--b\r\nContent-Type: multipart/mixed; boundary=bc\r\n\r\n--bc\r\n\r\nx\r\n--bc--"
        b"\r\n--b--",
        (M, [(M, [(T, b"x")])]),
    ),
    (
        b"Content-Type: message/rfc822\r\n\r\nContent-Type: a/b\r\n\r\nx",
        ("message/rfc822", [("a/b", b"x")]),
    ),
]


@pytest.mark.parametrize("mail, expected", CASES)
def test_tree(mail, expected):
    structure = parse(mail)
    assert tree(mail, structure.root) == expected
    assert structure.status == "valid"


def nested(levels):
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=%d.\r\n\r\n--%d.\r\n" % (n, n)
        for n in range(levels)
    )
    return head + b"\r\nx"


@pytest.mark.parametrize(
    "mail, limits, exceeded",
    [
        (MIXED + b"--b\r\n\r\n" * 3, Limits(parts=4), ""),
        (MIXED + b"--b\r\n\r\n" * 4, Limits(parts=4), "parts"),
        (MIXED + b"--b\r\n\r\n" * 100000, Limits(), "parts"),
        (nested(5), Limits(depth=5), ""),
        (nested(6), Limits(depth=5), "depth"),
        (nested(300), Limits(), "depth"),
        (b"Content-Type: message/rfc822\r\n\r\n" * 300, Limits(), "depth"),
        (b"a: 34567\r\n\r\nx", Limits(headers=12), ""),
        (b"a: 345678\r\n\r\nx", Limits(headers=12), "headers"),
        (b"To: " + b"a@example.org,\r\n " * 500000, Limits(), "headers"),
        (MIXED + b"--b\r\na: " + b"x" * 300000, Limits(), "headers"),
    ],
    ids=range(11),
)
def test_limits(mail, limits, exceeded):
    structure = parse(mail, limits)
    assert structure.exceeded == exceeded
    assert structure.status == ("invalid" if exceeded else "valid")
    assert len(list(structure.parts())) <= limits.parts
    assert structure.root.body.end == len(mail)


def test_lines():
    structure = parse(MIXED + b"--b\r\n\r\n1\r\n2\r\n--b\r\n\r\n\r\n--b--\r\n")
    assert [part.lines for part in structure.parts()] == [8, 1, 0]


PIECES = [MIXED, b"--b", b"--b--", b"--", b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"x: y", b"\0", b" "]
PIECES += [b"Content-Type: message/rfc822\r\n\r\n", b"multipart/mixed; boundary=", b"bc", b'"c']


def check(octets, part):
    """The spans of a part lie behind one another, its children in its body in their order."""
    assert part.header.end == part.body.start <= part.body.end <= len(octets)
    at = part.body.start
    for child in part.children:
        assert at <= child.header.start and child.body.end <= part.body.end
        at = child.body.end
        check(octets, child)
    assert part.lines == part.body.of(octets).count(b"\n")


@given(some.binary() | some.lists(some.sampled_from(PIECES), max_size=60).map(b"".join))
@example(MIXED + b"--b")
def test_any_octets_have_a_structure(octets):
    structure = parse(octets, Limits(parts=20, depth=5, headers=200))
    assert structure.root.header.start == 0 and structure.root.body.end == len(octets)
    assert structure.status in ("valid", "invalid")
    check(octets, structure.root)
