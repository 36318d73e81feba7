"""kinds - what a html-filter may delete, by the rows of its section; mod-html-filter(5).

    Rules(options).deletes(Kind.URL_SCHEME, ("javascript",))  ->  bool

The names of one thing are compared together: a row matches if one of them belongs to its set.
The first row of the kind that matches decides, no match deletes, and where the kind has no row
nothing of it is deleted - but under `defang`, where it has the rows of PRESET.
See also: section.py, ../acl/data_matching.py.
"""

from __future__ import annotations

from enum import Enum
from typing import Dict, Mapping, Sequence, Tuple

from kernun_common.acl.data_matching import Case, matches
from kernun_common.configuration.types import Exact, StrSet

from .section import HtmlFilter, Row


class Kind(Enum):
    """The items of the section, and what only `defang` deletes, as reports name them."""

    SCRIPT = "script-tag-language"
    STYLE = "style-tag-type"
    IFRAME = "iframe-tag-src"
    INTRINSIC = "intrinsic-language"
    MACRO = "macro-language"
    OBJECT = "object-tag-type"
    FORM = "form-action"
    EXTERNAL = "external-resource"
    URL_SCHEME = "url-scheme"
    META = "meta-tag-name"
    CONDITIONAL = "conditional-comment"
    MARKUP = "active-markup"


Rows = Tuple[Row, ...]

# Places are compared as they are written, what a standard names in either case.
_CASES: Mapping[Kind, Case] = {Kind.IFRAME: Case.KEPT, Kind.FORM: Case.KEPT}


def _row(action: str, *words: str) -> Row:
    return Row(action, StrSet(tuple(map(Exact, words))))


_ALL = StrSet((), everything=True)
_DENY: Rows = (Row("deny", _ALL),)

_LINKS = ("http", "https", "ftp", "mailto", "tel", "sms", "sip", "sips", "xmpp", "geo", "news")
_INSIDE_THE_MAIL = ("cid", "mid")
_IMAGES = tuple(f"data:image/{name}" for name in ("png", "gif", "jpeg", "jpg", "webp", "bmp"))

# What `meta` may not tell a mail program to do.
_ACTING_HEADERS = (
    *("refresh", "set-cookie", "link", "default-style", "content-script-type", "accept-ch"),
    *("delegate-ch", "origin-trial", "x-dns-prefetch-control", "pics-label"),
    *("msapplication-config", "msapplication-task"),
)

# The safe preset: what each kind keeps where the section says nothing of it.
PRESET: Mapping[Kind, Rows] = {
    Kind.SCRIPT: _DENY,
    Kind.STYLE: (_row("accept", "text/css"),),
    Kind.IFRAME: _DENY,
    Kind.INTRINSIC: _DENY,
    Kind.MACRO: _DENY,
    Kind.OBJECT: _DENY,
    Kind.FORM: _DENY,
    Kind.EXTERNAL: _DENY,
    Kind.URL_SCHEME: (_row("accept", *_LINKS, *_INSIDE_THE_MAIL, *_IMAGES),),
    Kind.META: (_row("deny", *_ACTING_HEADERS), Row("accept", _ALL)),
    Kind.CONDITIONAL: _DENY,
    Kind.MARKUP: _DENY,
}


class Rules:
    """The rows that are in force for one section."""

    def __init__(self, options: HtmlFilter) -> None:
        self._rows: Dict[Kind, Rows] = {
            kind: rows for kind in Kind if (rows := _rows(kind, options))
        }

    def __bool__(self) -> bool:
        """Is there any kind of which something may be deleted?"""
        return bool(self._rows)

    def about(self, kind: Kind) -> bool:
        """May anything of this kind be deleted?"""
        return kind in self._rows

    def deletes(self, kind: Kind, names: Sequence[str]) -> bool:
        """Must it go, whatever of this kind bears these names?"""
        rows = self._rows.get(kind)
        if rows is None:
            return False
        case = _CASES.get(kind, Case.IGNORED)
        for action, members in rows:
            if matches(names, members, case):
                return action == "deny"
        return True


def _rows(kind: Kind, options: HtmlFilter) -> Rows:
    own: Rows = getattr(options, kind.value.replace("-", "_"), ())
    return own or (PRESET[kind] if options.defang else ())
