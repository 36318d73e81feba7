"""content - what the Content- fields of a part say, as BODYSTRUCTURE shows it.

    content = Content.of(octets, part)
    content.media         Media(b"text", b"HTML", parameters); None: there is no Content-Type
    content.text("id")    Content-ID as it is shown, None if there is none
    content.shape         MULTIPART, MESSAGE or LEAF

The first field of a name counts; one that cannot be read counts for nothing.  In a mail
that has neither Content-Type nor MIME-Version, none of them does.

A multipart without a boundary is a MULTIPART still, with no parts.
Sources: RFC 2045, RFC 2183, RFC 3282, RFC 2557 (location), RFC 1864 (MD5).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Dict, List, Tuple

from kernun_common.mail_doc.octets import Octets
from kernun_common.mail_doc.structure import Part

from . import parameters
from .fields import unfolded, value
from .parameters import Disposition, Media

_PREFIX = "content-"
_OF_MIME = frozenset({"mime-version", "content-type"})


class Shape(Enum):
    MULTIPART = auto()
    MESSAGE = auto()  # a message/rfc822 with the mail in it
    LEAF = auto()


@dataclass(frozen=True)
class Content:
    """`values`: by name in lower case, without its Content-; in the order of the fields."""

    part: Part
    values: Dict[str, List[bytes]]

    @classmethod
    def of(cls, octets: Octets, part: Part) -> Content:
        values: Dict[str, List[bytes]] = {}
        if not part.is_mail or any(field.key in _OF_MIME for field in part.fields):
            for field in part.fields:
                if field.key.startswith(_PREFIX):
                    name = field.key.removeprefix(_PREFIX)
                    values.setdefault(name, []).append(value(octets, field))
        return cls(part, values)

    def text(self, name: str) -> bytes | None:
        found = self.values.get(name)
        return None if found is None else unfolded(found[0])

    @property
    def media(self) -> Media | None:
        found = self.values.get("type")
        return None if found is None else parameters.content_type(found[0])

    @property
    def encoding(self) -> bytes | None:
        found = map(parameters.encoding, self.values.get("transfer-encoding", ()))
        return next((encoding for encoding in found if encoding is not None), None)

    @property
    def disposition(self) -> Disposition | None:
        """The first that has parameters; else the last."""
        found = None
        for text in self.values.get("disposition", ()):
            found = parameters.disposition(text) or found
            if found is not None and found.parameters:
                break
        return found

    @property
    def languages(self) -> Tuple[bytes, ...]:
        found = map(parameters.languages, self.values.get("language", ()))
        return next(filter(None, found), ())

    @property
    def shape(self) -> Shape:
        if self.part.boundary is not None:
            return Shape.MULTIPART
        if self.part.children:
            return Shape.MESSAGE
        media = self.media
        without_boundary = media is not None and media.is_a(b"multipart") and media.subtype
        return Shape.MULTIPART if without_boundary else Shape.LEAF
