"""manpage - section 5 of the manual out of the rows; mdoc(7).

    pages = (Page("netio", "...", sections=(SockOpt,)), ...)
    render(pages[0], pages, date="November 22, 2026")  ->  the source of netio.5

Every row becomes an entry with its elements, its sentence, its constraint and its default.  A
section that is derived from one on some page refers to it and shows only what differs.  Which
section stands on which page is a table of the application's, imap4proxy/manual.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterator, List, Sequence, Tuple, Type

from kernun_common.configuration import mdoc, notation
from kernun_common.configuration.kind import Kind
from kernun_common.configuration.kinds import BUILT_IN
from kernun_common.configuration.notation import Keyword, Maybe, Node, Pattern, Value
from kernun_common.configuration.scalars import Enumeration
from kernun_common.configuration.schema import ItemRow, PartRow, Row, Section
from kernun_common.configuration.sets import ListKind, OpenMember, RangeMember, SetKind
from kernun_common.configuration.text import keyword_of

SHOWN_WORDS = 8  # an enumeration of more is listed below the item and not within it


@dataclass(frozen=True)
class Page:
    """One page of section 5.

    `text` stands before the sections, paragraphs apart by empty lines; `see` are pages such as
    "netio(7)"; `example` is configuration text.
    """

    name: str
    title: str
    sections: Tuple[Type[Section], ...]
    text: str = ""
    see: Tuple[str, ...] = ()
    example: str = ""


Homes = Dict[Type[Section], Page]


def render(page: Page, pages: Sequence[Page], date: str) -> str:
    """The source of `page`; `pages` are all, so that one can refer to another."""
    homes = {cls: home for home in pages for cls in home.sections}
    lines = mdoc.head(page.name, 5, page.title, date)
    lines += [".Sh DESCRIPTION", *mdoc.paragraphs(page.text)]
    for cls in page.sections:
        lines += _section(cls, page, homes)
    if page.example:
        lines += [".Sh EXAMPLES", *mdoc.literal(page.example)]
    return "\n".join([*lines, *mdoc.see_also((*page.see, "configuration(7)")), ""])


def _section(cls: Type[Section], page: Page, homes: Homes) -> List[str]:
    table = cls.TABLE
    lines = [mdoc.macro("Ss", mdoc.argument(table.keyword)), *mdoc.prose(table.text)]
    rows = dict(table.rows)
    bases = _bases(cls, homes)
    for base in bases:
        rows = {name: row for name, row in rows.items() if base.TABLE.rows.get(name) is not row}
    if bases:
        lines += mdoc.prose(_inherited(cls, bases, page, homes, bool(rows)))
    if rows:
        lines.append(".Bl -tag -width Ds")
        for attribute, row in rows.items():
            lines += _entry(keyword_of(attribute), row, page, homes)
        lines.append(".El")
    return lines


def _bases(cls: Type[Section], homes: Homes) -> List[Type[Section]]:
    """The sections with a page of which it is derived, but for those that they are derived of."""
    found: List[Type[Section]] = []
    for base in cls.__mro__[1:]:
        if base in homes and not any(issubclass(nearer, base) for nearer in found):
            found.append(base)
    return found


def _inherited(
    cls: Type[Section], bases: Sequence[Type[Section]], page: Page, homes: Homes, more: bool
) -> str:
    inherited = [name for base in bases for name in base.TABLE.rows]
    omitted = [f"`{keyword_of(name)}`" for name in inherited if name not in cls.TABLE.rows]
    items = " and of ".join(_reference(base, page, homes) for base in bases)
    but = f", without {' and '.join(omitted)}" if omitted else ""
    end = ", and these:" if more else "."
    return f"It has the items of {items}{but}{end}"


def _reference(cls: Type[Section], page: Page, homes: Homes) -> str:
    home = homes[cls]
    return f"`{cls.TABLE.keyword}`" + ("" if home is page else f" in {home.name}(5)")


def _entry(keyword: str, row: Row, page: Page, homes: Homes) -> Iterator[str]:
    words = ["It", "Ic", mdoc.argument(keyword)]
    if isinstance(row, PartRow):
        name = ["Ar", "NAME"] if row.section.TABLE.named else []
        yield mdoc.macro(*words, *name, "No", r"{\~...\~}")
        yield from mdoc.prose(row.text)
        if row.section in homes:
            yield from mdoc.prose(f"See {_reference(row.section, page, homes)}.")
    elif isinstance(row, ItemRow):
        yield mdoc.macro(*words, *_pattern(row.elements.pattern), ";")
        yield from mdoc.prose(row.text)
        yield from _notes(row)
    else:
        yield mdoc.macro(*words, ";")
        yield from mdoc.prose(row.text)
    yield from mdoc.prose(_times(row))


def _times(row: Row) -> str:
    """How often the statement may stand."""
    if row.repeatable:
        return "At least one must be given." if row.mandatory else "May be given several times."
    return "Must be given." if row.mandatory else ""


def _notes(row: ItemRow) -> Iterator[str]:
    for kind in dict.fromkeys(_enumerations(row.elements.pattern)):
        name = f"of `{kind.name}` " if not _is_inline(kind) else ""
        yield from mdoc.prose(f"The words {name}are: {', '.join(kind.words)}.")
    constraint = getattr(row.check, "text", None)
    if constraint is not None:
        yield from mdoc.prose(f"It {constraint}.")
    if row.default is not None:
        yield "The default is"
        yield mdoc.macro("Cm", *map(mdoc.argument, row.default.split()), ".")


def _enumerations(pattern: Pattern) -> Iterator[Enumeration]:
    """Those whose words neither the notation nor configuration(7) shows."""
    for node in notation.values(pattern):
        kind = node.kind if isinstance(node, Value) else None
        if isinstance(kind, (SetKind, ListKind)):
            kind = kind.member
        if isinstance(kind, (OpenMember, RangeMember)):
            kind = kind.of_single
        if isinstance(kind, Enumeration) and kind.name not in BUILT_IN and not _is_shown(kind):
            yield kind


def _is_inline(kind: Kind) -> bool:
    return "|" in kind.name


def _is_shown(kind: Kind) -> bool:
    return _is_inline(kind) and len(kind.words) <= SHOWN_WORDS


def _pattern(pattern: Pattern) -> List[str]:
    """The arguments of a macro line that show the elements."""
    return [word for node in pattern for word in _node(node)]


def _node(node: Node) -> List[str]:
    if isinstance(node, Keyword):
        return ["Cm", mdoc.argument(node.word)]
    if isinstance(node, Value):
        return _kind(node.kind)
    if isinstance(node, Maybe):
        return ["Oo", *_pattern(node.nodes), "Oc"]
    return [word for branch in node.branches for word in ("|", *_pattern(branch))][1:]


def _kind(kind: Kind) -> List[str]:
    if isinstance(kind, Enumeration) and _is_inline(kind):
        if not _is_shown(kind):
            return ["Ar", "word"]
        return ["Cm", *_with_bars(kind.words)]
    return ["Ar", *_with_bars(kind.name.split("|"))]


def _with_bars(words: Sequence[str]) -> List[str]:
    return [argument for word in words for argument in ("|", mdoc.argument(word))][1:]
