"""file_name - the names that a mail program may give to the file of a part; RFC 2183, RFC 2231.

    file_names(octets, part)  ->  ("invoice.pdf",)

More than one where programs may disagree: Content-Disposition and Content-Type with different
names, fields or parameters that are there twice, RFC 2231 beside RFC 2047, and what is left of a
name when a program cuts it at a NUL or Windows takes away its last dots and blanks.
"""

from __future__ import annotations

import re
from typing import Dict, Iterator, Tuple

from . import content_type, encoded_word
from .content_type import Parameter
from .octets import Octets
from .parameter import characters
from .structure import Part

_FIELDS = ("content-disposition", "content-type")
_PARAMETER = re.compile(r"(?:file)?name(?:\*[0-9]*\*?)?")
_MOST = 100  # names; a part that brings more is cut off there
_LONGEST = 1024  # octets of a name


def file_names(octets: Octets, part: Part) -> Tuple[str, ...]:
    """The names, each once, that of Content-Disposition first."""
    found: Dict[str, None] = {}
    for key in _FIELDS:
        for field in part.fields:
            if field.key == key and len(found) < _MOST:
                found.update(dict.fromkeys(_names(key, field.value.of(octets))))
    found.pop("", None)
    return tuple(found)[:_MOST]


def _names(key: str, value: bytes) -> Iterator[str]:
    read = content_type.disposition if key == "content-disposition" else content_type.parse
    parsed = read(value)
    for parameter in dict.fromkeys((*parsed.joined, *parsed.parameters)):
        if _PARAMETER.fullmatch(parameter[0]):
            for name in _readings(parameter):
                yield from _variants(name)


def _readings(parameter: Parameter) -> Iterator[str]:
    name, value = parameter[0], parameter[1][:_LONGEST]
    if name.endswith("*"):
        yield characters(name, value)
    elif b"=?" in value:
        yield encoded_word.decode(value)
    yield encoded_word.characters(value, "utf-8")


def _variants(name: str) -> Iterator[str]:
    """What becomes of it when a file is made; the end of a path counts, too."""
    bare = name.strip()
    yield bare
    cut = bare.partition("\0")[0].rstrip(". ")
    if cut != bare:
        yield cut
    last = re.split(r"[/\\]", cut)[-1]
    if last != cut:
        yield last
