"""node - a part of a mail while it is read.

    child = node.child(start)     the next part of a multipart, or the mail of a message/rfc822
    node.nodes()                  the node and all below it, depth first
    node.part(lines)              Part, when all is known

See also: reader.py, structure.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, FrozenSet, Iterator, List, Tuple

from . import transfer_encoding
from .content_type import ContentType
from .header import Field
from .octets import Span
from .structure import Number, Part, address

_MESSAGE = ContentType("message", "rfc822", (), (b"message", b"rfc822"))


@dataclass(eq=False)
class Node:
    """A part while it is read."""

    number: Number
    is_mail: bool
    content_type: ContentType  # at first what it is without a Content-Type
    start: int
    header_end: int = 0
    body_end: int = -1  # not known yet
    fields: Tuple[Field, ...] = ()
    encoding: str = transfer_encoding.DEFAULT
    boundary: bytes | None = None
    epilogue: int = -1  # behind the last boundary, where there is one
    children: List[Node] = field(default_factory=list)

    @property
    def body(self) -> Span:
        return Span(self.header_end, self.body_end)

    @property
    def keys(self) -> FrozenSet[str]:
        return frozenset(field.key for field in self.fields)

    @property
    def holds_mail(self) -> bool:
        return self.content_type.name == "message/rfc822"

    def child(self, start: int) -> Node:
        """The next part of a multipart, or the mail of a message/rfc822."""
        if self.boundary is None:
            number = address(self.number, self.is_mail, False)
            return Node(number, True, ContentType(), start)
        default = _MESSAGE if self.content_type.subtype == "digest" else ContentType()
        return Node(self.number + (len(self.children) + 1,), False, default, start)

    def nodes(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.nodes()

    def part(self, lines: Dict[int, int]) -> Part:
        return Part(
            number=self.number,
            is_mail=self.is_mail,
            header=Span(self.start, self.header_end),
            body=self.body,
            fields=self.fields,
            content_type=self.content_type,
            encoding=self.encoding,
            boundary=self.boundary,
            children=tuple(child.part(lines) for child in self.children),
            lines=lines[self.body_end] - lines[self.header_end],
        )
