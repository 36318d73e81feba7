r"""mdoc - plain text in the language of manual pages, mdoc(7).

    prose("See netio(5). `x` is a word.")  ->  ["See", ".Xr netio 5 .", ".Ql x", "is a word."]

Every sentence begins a line, as mandoc(1) wants it; a page of the manual becomes .Xr, words in
back quotes become .Ql; everything else is shown as it is.
"""

from __future__ import annotations

import re
from textwrap import wrap
from typing import Iterable, Iterator, List

MARK = r'.\" Made of rows by imap4proxy.manual; a change belongs into the rows.'

WIDTH = 78  # columns of a source line; mandoc complains above 80

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`0-9\[])")
_SPECIAL = re.compile(r"`([^`]+)`|\b([a-z][a-z0-9.-]*[a-z0-9])\((\d[a-z]*)\)")
_PAGE = re.compile(r"(.+)\((\d[a-z]*)\)")
_CLOSING = re.compile(r"[.,:;)]*")
_CALLABLE = re.compile(r"%[A-Z]|[A-Z][a-z]{1,2}|[][().,:;?!|]+")  # could be taken for mdoc's own


def head(name: str, number: int, title: str, date: str) -> List[str]:
    """The first lines of a page `name`(`number`)."""
    return [
        MARK,
        macro("Dd", date),
        macro("Dt", argument(name.upper()), str(number)),
        ".Os",
        ".Sh NAME",
        macro("Nm", argument(name)),
        macro("Nd", title),
    ]


def see_also(pages: Iterable[str]) -> List[str]:
    """The section that refers to `pages`, each such as "netio(7)"."""
    listed = sorted({_PAGE.sub(r"\2 \1", page) for page in pages})
    lines = [macro("Xr", *reversed(page.split(" ")), ",") for page in listed]
    return [".Sh SEE ALSO", *lines[:-1], lines[-1][: -len(" ,")]]


def paragraphs(text: str) -> List[str]:
    """The source lines of paragraphs that empty lines keep apart."""
    lines = [[".Pp", *prose(part)] for part in re.split(r"\n\s*\n", text) if part.strip()]
    return sum(lines, [])[1:]


def prose(text: str) -> List[str]:
    """The source lines of one paragraph."""
    flat = " ".join(text.split())
    return [line for sentence in _SENTENCE.split(flat) for line in _sentence(sentence)]


def _sentence(text: str) -> Iterator[str]:
    at = 0
    for match in _SPECIAL.finditer(text):
        yield from _plain(text[at:match.start()])
        closing = _CLOSING.match(text, match.end())
        punctuation = closing[0] if closing else ""
        at = match.end() + len(punctuation)
        words = ["Ql", argument(match[1])] if match[1] else ["Xr", match[2], match[3]]
        yield macro(*words, *punctuation)
    yield from _plain(text[at:])


def _plain(text: str) -> Iterator[str]:
    for line in wrap(text.strip(), WIDTH, break_long_words=False, break_on_hyphens=False):
        yield guarded(escaped(line))


def macro(*words: str) -> str:
    """A macro line of words that are ready to stand there."""
    return "." + " ".join(words)


def argument(text: str) -> str:
    """`text` as one argument of a macro."""
    plain = escaped(text).replace('"', r"\(dq")
    if _CALLABLE.fullmatch(plain):
        plain = r"\&" + plain
    return f'"{plain}"' if " " in plain or not plain else plain


def escaped(text: str) -> str:
    """`text` without anything that roff would read as more than a character."""
    return text.replace("\\", r"\e")


def guarded(line: str) -> str:
    """A text line that is not taken for a macro line."""
    return r"\&" + line if line[:1] in (".", "'") else line


def literal(text: str) -> List[str]:
    """The lines of a display that keeps its lines."""
    lines = [guarded(escaped(line)) for line in text.rstrip("\n").split("\n")]
    return [".Bd -literal -offset indent", *lines, ".Ed"]
