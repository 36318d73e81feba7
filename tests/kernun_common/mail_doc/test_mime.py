"""Structures of mails: what is a part, where it begins and ends."""

import mmap
from email import message_from_bytes

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from kernun_common.mail_doc.decode import decoded
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse
from tests.corpus.clear_mails import CLEAR_MAILS
from tests.corpus.odd_mails import ODD_MAILS
from tests.support.visited import Visited, count_patterns

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
        (b"a:\n" * 20_001 + b"\n", Limits(), "headers"),
        (b"a:\n" * 19_999 + b"\n", Limits(), ""),
        (MIXED + (b"--b\n" + b"a:\n" * 1000 + b"\n") * 30, Limits(), "headers"),
        (MIXED + b"--b\r\na: " + b"x" * 300000, Limits(), "headers"),
    ],
    ids=range(14),
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


@pytest.mark.parametrize("name", [*CLEAR_MAILS, *ODD_MAILS])
def test_a_mapped_file_is_read_like_octets(name):
    octets = CLEAR_MAILS.get(name) or ODD_MAILS[name]
    mapped = mmap.mmap(-1, len(octets))
    mapped.write(octets)
    assert parse(mapped) == parse(octets)


def documents_of_email(message):
    """Types and documents of the leaves, by Python's own package."""
    if message.get_content_maintype() == "multipart" or message.get_content_type() == FORWARD:
        return [one for part in message.get_payload() for one in documents_of_email(part)]
    if message.is_multipart():  # message/delivery-status: email looks into it
        octets = b"".join(part.as_bytes() for part in message.get_payload())
    else:
        octets = message.get_payload(decode=True)
    return [(message.get_content_type(), octets.replace(b"\r\n", b"\n").rstrip(b"\n"))]


FORWARD = "message/rfc822"


@pytest.mark.parametrize("name", sorted(set(CLEAR_MAILS) - {"binary"}))
def test_a_clear_mail_is_read_as_by_email(name):
    mail = CLEAR_MAILS[name]
    ours = [
        (part.content_type.name, b"".join(decoded(mail, part.body, part.encoding)))
        for part in parse(mail).leaves()
    ]
    unix = [(kind, octets.replace(b"\r\n", b"\n").rstrip(b"\n")) for kind, octets in ours]
    assert unix == documents_of_email(message_from_bytes(mail))


ATTACHMENT = b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"QUJD" * 19 + b"\r\n"
LARGE = [
    # what stands in front, and what is repeated; the whole is of a size
    (b"\r\n", b"x"),
    (b"\r\n", b"text of a line\r\n"),
    (b"\r\n", b"\n"),
    (b"\r\n", b"\r"),
    (b"\r\n", b"\0"),
    (b"\r\n", b"begin 644 a\r\n"),
    (b"\r\n", b"A" * 76 + b"\r\n"),
    (b"To: ", b"a@example.org,\r\n "),
    (b"", b"To: a@example.org\r\n"),
    (b"", b"Content-Type: text/plain; a=b\r\n"),
    (b"Content-Type: a/b", b"; n*0=x"),
    (b"a", b" "),
    (b"a: b\r\n", b" "),
    (b"a: b\r\n", b" \r\n"),
    (b"Content-Type: a/b; boundary", b" "),
    (b'Content-Type: a/b; name="', b"=?"),
    (b"Content-Disposition: a; filename*=", b"'%"),
    (MIXED, b"--b\r\n"),
    (MIXED, b"\n--"),
    (MIXED, b"--b\r\nx: y\r\n\r\n"),
    (MIXED, b"--b\r\n" + MIXED),
    (MIXED, ATTACHMENT),
    (MIXED + b"--b--", b"\r\n--b--"),
    (nested(15) + b"\r\n", b"\n--14\r\n--1"),
    (nested(15), b"Content-Type: message/rfc822\r\n"),
    (b"", b"Content-Type: message/rfc822\r\n\r\n"),
]


@pytest.mark.parametrize("start, more", LARGE, ids=range(len(LARGE)))
def test_the_work_grows_with_the_size(start, more, monkeypatch):
    """Twice the octets, twice the work; counted, not timed."""
    count_patterns(monkeypatch)
    work = []
    for size in (100_000, 200_000, 400_000):
        octets = Visited(start + more * (size // len(more)))
        parse(octets, Limits(parts=500, depth=20))
        work.append(octets.visited)
    assert work[1] <= 2.3 * work[0] and work[2] <= 2.3 * work[1]
    assert work[2] <= 400_000 * 30


@pytest.mark.parametrize("start, more", LARGE, ids=range(len(LARGE)))
def test_a_mail_of_ten_megabytes(start, more):
    """Were the time the square of the size, this would not end before the test is ended."""
    octets = start + more * (10_000_000 // len(more))
    structure = parse(octets)
    assert structure.root.body.end == len(octets)
    assert len(list(structure.parts())) <= 1000
