"""order - the methods in the order of the configuration, until one answers.

    Identification(section, answers).type_of(subject, "download")  ->  "text/html", or ""

`answers` are the methods by their names, each from a subject to a type or "".  See also: load.py.
"""

from __future__ import annotations

from typing import Callable, Mapping, NamedTuple, Sequence

from .section import DoctypeIdentification


class Subject(NamedTuple):
    """A document of a mail.

    declared  type and subtype of its Content-Type, "" where there is none
    filename  the name of its file, None where there is none
    octets    its first octets, decoded; at least as many as `magic` is to see, or all
    """

    declared: str = ""
    filename: str | None = None
    octets: bytes = b""


Answer = Callable[[Subject], str]


class Identification:
    """What one section says of documents."""

    def __init__(self, section: DoctypeIdentification, answers: Mapping[str, Answer]) -> None:
        self._section = section
        self._answers = answers

    def type_of(
        self, subject: Subject, direction: str, order: Sequence[str] | None = None
    ) -> str:
        """The type of the document, lower case; "" where no method answers.

        `order` is that of a doc-acl and wins over the section's.
        """
        methods = self._section.methods(direction) if order is None else order
        return next(filter(None, (self._answers[method](subject) for method in methods)), "")

    @property
    def octets(self) -> int:
        """How many octets of a document `magic` is to see."""
        return self._section.magic.octets
