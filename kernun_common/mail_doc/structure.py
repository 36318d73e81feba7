"""structure - what a mail is made of, as offsets into it.

    structure.root                  the mail itself
    structure.part((2, 1))          the part that IMAP calls 2.1; None if there is none
    for part in structure.parts()   all, depth first, a mail before what is in it
    for part in structure.leaves()  those that hold a document

The spans of a part's header and body lie behind one another; children lie in the body.
The numbers are those of IMAP, RFC 3501 section 6.4.5: a mail inside a message/rfc822
has the number of the part that holds it, and `address` tells what the only part of a
mail that is no multipart is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Literal, Tuple

from .content_type import ContentType
from .header import Field
from .octets import Span

Number = Tuple[int, ...]
Status = Literal["valid", "corrected", "invalid"]


def address(number: Number, is_mail: bool, is_multipart: bool) -> Number:
    """What BODY[...] calls the body of a part: its number, with .1 for the one part of a mail."""
    return number + (1,) if is_mail and not is_multipart else number


@dataclass(frozen=True)
class Part:
    """A mail, or a part of a multipart.

    number        of IMAP; () for the mail itself
    is_mail       the mail itself, or one inside a message/rfc822
    header        with the blank line that ends it
    body          without the line end that belongs to the boundary behind it
    content_type  in force: of the first Content-Type, or text/plain (message/rfc822 in a digest)
    encoding      the transfer encoding in force, in lower case; 7bit where none is given
    boundary      of a multipart; None where it has none, and then it has no children
    children      of a multipart, its parts; of a message/rfc822, the mail in it, whatever
                  encoding is declared (RFC 2046 section 5.2.1 allows none)
    lines         LFs in the body
    """

    number: Number
    is_mail: bool
    header: Span
    body: Span
    fields: Tuple[Field, ...]
    content_type: ContentType
    encoding: str
    boundary: bytes | None
    children: Tuple[Part, ...]
    lines: int

    @property
    def span(self) -> Span:
        return Span(self.header.start, self.body.end)

    @property
    def is_multipart(self) -> bool:
        return self.content_type.type == "multipart"

    @property
    def is_leaf(self) -> bool:
        """Has it a document?  A multipart without parts has one, which IMAP cannot tell."""
        return not self.children

    @property
    def address(self) -> Number:
        return address(self.number, self.is_mail, self.is_multipart)


@dataclass(frozen=True)
class Ambiguity:
    """Something that can be read in two ways: the name of the check, where, and in words."""

    name: str
    span: Span
    words: str


@dataclass(frozen=True)
class Structure:
    """`exceeded`: the limit that the mail is over, "" if none; then only part of it was read."""

    root: Part
    status: Status = "valid"
    ambiguities: Tuple[Ambiguity, ...] = ()
    exceeded: str = ""

    def parts(self) -> Iterator[Part]:
        """Depth first."""
        left = [self.root]
        while left:
            part = left.pop()
            yield part
            left.extend(reversed(part.children))

    def leaves(self) -> Iterator[Part]:
        return (part for part in self.parts() if part.is_leaf)

    def part(self, number: Number) -> Part | None:
        """Of two that share a number or address, the outer one."""
        return next((part for part in self.parts() if number in (part.number, part.address)), None)
