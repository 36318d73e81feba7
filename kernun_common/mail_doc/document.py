"""document - what a doc-acl compares of one part of a mail; ../acl/facts.py, Document.

    document = PartDocument(octets, part, identify)
    document.size, document.types, document.names, document.members

    identify(Subject(declared, filename, octets)) -> "text/html", or ""    doctype-identification(7)

Each is found when it is asked for, and kept.  `declared` are the types that the part declares, as
far as mail programs may disagree.  Names and members of an archive: file_name.py, archive.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Callable, Iterator, Tuple

from kernun_common.doctype_identification.order import Subject

from . import content_type
from .archive import members
from .archive_budget import Allowance
from .decode import decoded
from .file_name import file_names
from .octets import Octets
from .structure import Part

Identify = Callable[[Subject], str]

SEEN = 1 << 16  # octets of a document that are identified; doctype-identification(7), magic
_MOST_TYPES = 10  # types or names that are tried with one another


@dataclass(frozen=True)
class PartDocument:
    """The document in a part that has no parts."""

    octets: Octets
    part: Part
    identify: Identify
    seen: int = SEEN
    allowance: Allowance = field(default_factory=Allowance)  # of all documents of the mail

    def chunks(self) -> Iterator[bytes]:
        """Its octets, decoded."""
        return decoded(self.octets, self.part.body, self.part.encoding)

    @cached_property
    def size(self) -> int:
        return sum(map(len, self.chunks()))

    @cached_property
    def names(self) -> Tuple[str, ...]:
        return file_names(self.octets, self.part)

    @cached_property
    def members(self) -> Tuple[str, ...]:
        return members(self.chunks(), self.allowance)

    @cached_property
    def declared(self) -> Tuple[str, ...]:
        """The type in force and, where there are more fields, theirs."""
        fields = [field for field in self.part.fields if field.key == "content-type"]
        others = [content_type.parse(field.value.of(self.octets)).name for field in fields[1:]]
        return tuple(dict.fromkeys([self.part.content_type.name, *others]))

    @cached_property
    def types(self) -> Tuple[str, ...]:
        return self.identified(self.identify)

    def identified(self, identify: Identify) -> Tuple[str, ...]:
        """The types by another order of methods."""
        names: Tuple[str | None, ...] = self.names[:_MOST_TYPES] or (None,)
        return tuple(
            dict.fromkeys(
                identify(Subject(declared, name, self._start))
                for declared in self.declared[:_MOST_TYPES]
                for name in names
            )
        )

    @cached_property
    def _start(self) -> bytes:
        return self.start(self.seen)

    def start(self, size: int) -> bytes:
        """Its first octets, as many or fewer."""
        start = b""
        for chunk in self.chunks():
            start += chunk
            if len(start) >= size:
                break
        return start[:size]
