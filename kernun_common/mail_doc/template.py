"""template - a text with places for values, which replaces a document; mod-mail-doc(5).

    template = Template.of(octets)                     ValueError where it is none
    template.fill({"virus-name": "Eicar"}, "text/html")

    %(virus-name)s  %(mime-type)s  %(filename)s  %(spam-score)s  %(acl)s  %(date)s  %(msgid)s  %%

A value is one line, of at most `LIMIT` characters, since a peer may have chosen it: what cannot
be printed in it stands as a question mark, and in HTML it is escaped.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Iterator, Mapping, Tuple

NAMES = ("virus-name", "mime-type", "filename", "spam-score", "acl", "date", "msgid")
LIMIT = 200

_PLACE = re.compile(r"%(?:\(([^()\r\n]{1,40})\)s|(%)|)")
_HTML = frozenset({"text/html", "application/xhtml+xml"})


def type_of(path: str) -> str:
    """The MIME type of a template by the name of its file."""
    return "text/html" if path.lower().endswith((".html", ".htm")) else "text/plain"


@dataclass(frozen=True)
class Template:
    """Texts, and between two of them the name of a value."""

    texts: Tuple[str, ...]
    names: Tuple[str, ...]

    @classmethod
    def of(cls, octets: bytes) -> Template:
        """The template that the octets of a file are, in UTF-8; ValueError where they are none."""
        try:
            text = octets.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValueError(f"octet {error.start} is not UTF-8") from None
        texts, names, end = [""], [], 0
        for place in _PLACE.finditer(text):
            texts[-1] += text[end : place.start()]
            end = place.end()
            if place[2]:
                texts[-1] += "%"
            else:
                names.append(_known(place, text))
                texts.append("")
        texts[-1] += text[end:]
        return cls(tuple(texts), tuple(names))

    def fill(self, values: Mapping[str, str], type: str) -> str:
        """The text with the values for a document of that MIME type; one that is missing is ""."""
        return "".join(self._filled(values, type))

    def _filled(self, values: Mapping[str, str], type: str) -> Iterator[str]:
        yield self.texts[0]
        for name, text in zip(self.names, self.texts[1:]):
            line = one_line(values.get(name, ""))
            yield html.escape(line) if type in _HTML else line
            yield text


def _known(place: re.Match[str], text: str) -> str:
    name = place[1]
    if name in NAMES:
        return name
    line = text.count("\n", 0, place.start()) + 1
    known = ", ".join(f"%({each})s" for each in NAMES)
    told = f"there is no %({name})s" if name else "a single %"
    raise ValueError(f"line {line}: {told}; known: {known}, %%")


def one_line(value: str) -> str:
    """At most LIMIT characters, all of which are printed."""
    cut = value if len(value) <= LIMIT else value[: LIMIT - 3] + "..."
    return "".join(character if character.isprintable() else "?" for character in cut)
