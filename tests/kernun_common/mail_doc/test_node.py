"""Numbers and types of parts; what else a node knows is seen through reader.py."""

import pytest

from kernun_common.mail_doc.content_type import ContentType, parse
from kernun_common.mail_doc.node import Node

CASES = [
    # number, is it a mail, type, boundary -> number and type of the first child, is that a mail
    ((), True, "multipart/mixed", b"b", (1,), "text/plain", False),
    ((2,), False, "multipart/mixed", b"b", (2, 1), "text/plain", False),
    ((), True, "multipart/digest", b"b", (1,), "message/rfc822", False),
    ((), True, "message/rfc822", None, (1,), "text/plain", True),
    ((3,), False, "message/rfc822", None, (3,), "text/plain", True),
]


@pytest.mark.parametrize("number, is_mail, kind, boundary, child, default, holds", CASES)
def test_child(number, is_mail, kind, boundary, child, default, holds):
    node = Node(number, is_mail, parse(kind.encode()), 0, boundary=boundary)
    found = node.child(7)
    assert (found.number, found.content_type.name, found.is_mail) == (child, default, holds)
    assert found.start == 7


def test_part():
    node = Node((), True, ContentType(), 0, header_end=2, body_end=9)
    part = node.part({2: 1, 9: 4})
    assert (part.header, part.body, part.lines) == ((0, 2), (2, 9), 3)
    assert list(node.nodes()) == [node]
