"""judge - what of one tag has to go.

    Judge(options).tag("a", [("href", "javascript:x")])
        -> [Finding(Kind.URL_SCHEME, attribute=0, value=None)]

A finding is about the element (attribute None) or about one of its attributes, by its index; the
value is what stands there instead, None: nothing.  A tag is judged by what any reader could make
of it: a name with a prefix is taken for the name behind it, and an attribute that no HTML knows
is looked through for code and URLs all the same.  See also: kinds.py, scan.py, edit.py.
"""

from __future__ import annotations

import re
from typing import (
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
)

from . import css, url
from .kinds import Kind, Rules
from .limits import TooComplex
from .section import HtmlFilter

Attributes = Sequence[Tuple[str, str]]  # names in lower case, values without entities
Why = Tuple[Tuple[Kind, Optional[str]], ...]  # of one attribute: what kind, what is there instead

# Documents within attributes that are looked into; a deeper one goes.
DOCUMENTS = 3

# Characters of CSS that are read for one document, each time it is read; tinycss2 is slow.
STYLES = 1_000_000

# Characters of an attribute whose findings are kept, and how many of them.
SHORT, KNOWN = 512, 4096


class Finding(NamedTuple):
    """Something that has to go, and why."""

    kind: Kind
    attribute: Optional[int] = None
    value: Optional[str] = None


# Loaded while the document is shown; `href` where it is no link to follow.
RESOURCES = frozenset(
    (
        *("src", "background", "poster", "data", "lowsrc", "dynsrc", "manifest", "ping", "icon"),
        *("codebase", "classid", "code", "archive", "profile", "attributionsrc", "srcset"),
        *("imagesrcset", "href", "base"),
    )
)
_URLS = RESOURCES | {"action", "formaction", "cite", "longdesc", "usemap"}
_LISTS = frozenset(("srcset", "imagesrcset", "ping", "archive", "attributionsrc"))
_FOLLOWED = frozenset(("a", "area"))

_FRAMES = frozenset(("iframe", "frame", "ilayer", "layer", "fencedframe", "portal"))
_OBJECTS = {"object": "", "embed": "", "applet": "application/x-java-applet"}
# Gone under `defang`: they load, run or mean things of which no row tells.
_ACTIVE = frozenset(
    (
        *("base", "link", "svg", "math", "template", "xml", "bgsound", "import", "animate", "set"),
        *("animatetransform", "animatemotion", "foreignobject", "use", "keygen", "isindex"),
        *("portal", "fencedframe"),
    )
)

_LANGUAGE = re.compile(r"\s*([a-z][a-z0-9.]*):", re.I)
_CSS_LOADS = re.compile(r"(?:url|image|image-set|src)\s*\(", re.I)
_REFRESHED = re.compile(r"^[\s\d.]*[;,\s]\s*(?:url\s*=\s*)?[\"']?\s*", re.I)
_ALIAS = re.compile(r"^(?:text|application)/(?:x-)?")
_SCRIPTING = re.compile(r"(?:java|ecma|j|live)script[\d.]*$")


class Judge:
    """The rules of one section, asked of tags."""

    def __init__(self, options: HtmlFilter, depth: int = 0) -> None:
        self.rules = Rules(options)
        self.options = options
        self.depth = depth
        self._read = 0  # characters of CSS
        self._known: Dict[Tuple[bool, str, str], Why] = {}
        self._elements: Mapping[str, Tuple[Kind, Callable[[Mapping[str, str]], Iterable[Names]]]]
        self._elements = {
            "script": (Kind.SCRIPT, _script),
            "style": (Kind.STYLE, _style),
            "form": (Kind.FORM, lambda attributes: ((attributes.get("action", "").strip(),),)),
            "meta": (Kind.META, _meta),
            **{name: (Kind.IFRAME, _frame) for name in _FRAMES},
            **{name: (Kind.OBJECT, _object(type_)) for name, type_ in _OBJECTS.items()},
        }

    def tag(self, name: str, attributes: Attributes) -> List[Finding]:
        """What has to go of a start tag; `name` in lower case."""
        if not self.rules:
            return []
        name = _local(name)
        found = list(self._element(name, attributes))
        is_followed = name in _FOLLOWED
        for index, (attribute, value) in enumerate(attributes):
            for kind, instead in self._of_attribute(is_followed, attribute, value):
                found.append(Finding(kind, index, instead))
        return found

    def _of_attribute(self, is_followed: bool, name: str, value: str) -> Why:
        """Kept while it is short: most documents say the same again and again."""
        said = (is_followed, name, value)
        known = self._known.get(said)
        if known is None:
            plain = name if name.startswith("on") else _local(name)
            found = self._attribute(is_followed, plain, value)
            known = tuple((finding.kind, finding.value) for finding in found)
            if len(name) + len(value) <= SHORT and len(self._known) < KNOWN:
                self._known[said] = known
        return known

    def _element(self, name: str, attributes: Attributes) -> Iterator[Finding]:
        if name in _ACTIVE and self.rules.about(Kind.MARKUP):
            yield Finding(Kind.MARKUP)
        known = self._elements.get(name)
        if known is not None and self.rules.about(known[0]):
            kind, names = known
            # Of an attribute given twice, one reader takes the first and another the last.
            readings = (dict(reversed(attributes)), dict(attributes))
            if any(self.rules.deletes(kind, each) for read in readings for each in names(read)):
                yield Finding(kind)
        if name == "meta":
            yield from self._refresh(dict(attributes))

    def _refresh(self, attributes: Mapping[str, str]) -> Iterator[Finding]:
        if attributes.get("http-equiv", "").strip().lower() == "refresh":
            target = _REFRESHED.sub("", attributes.get("content", ""))
            yield from self._url(target, True)

    def _attribute(self, is_followed: bool, name: str, value: str) -> Iterator[Finding]:
        if "&{" in value and self.rules.deletes(Kind.MACRO, ("javascript",)):
            yield Finding(Kind.MACRO)
        if name.startswith("on"):
            yield from self._handler(value)
        elif name == "style":
            yield from self._style_attribute(value)
        elif name == "srcdoc":
            yield from self._document(value)
        elif name in _URLS:
            loaded = name in RESOURCES and not (name == "href" and is_followed)
            for each in url.srcset(value) if name in _LISTS else (value,):
                yield from self._url(each, loaded)
            if name == "formaction" and self.rules.deletes(Kind.FORM, (value.strip(),)):
                yield Finding(Kind.FORM)
        else:
            yield from self._unknown(value)

    def _handler(self, code: str) -> Iterator[Finding]:
        found = _LANGUAGE.match(code)
        language = found[1].lower() if found and "script" in found[1].lower() else "javascript"
        replaced = self.options.replace_intrinsic
        instead = None if replaced is None else comment_of_script(replaced)
        if code != instead and self.rules.deletes(Kind.INTRINSIC, (language,)):
            yield Finding(Kind.INTRINSIC, value=instead)

    def _style_attribute(self, text: str) -> Iterator[Finding]:
        kind = self.style(text)
        if kind is not None:
            yield Finding(kind, value=self.cleaned(text, True) or None)

    def _document(self, text: str) -> Iterator[Finding]:
        from .scan import scan  # which asks judges: each needs the other

        if self.depth == DOCUMENTS:
            yield Finding(Kind.IFRAME)
        elif kinds := scan(text, Judge(self.options, self.depth + 1)):
            yield Finding(min(kinds, key=lambda kind: kind.value))

    def _unknown(self, value: str) -> Iterator[Finding]:
        if url.is_active(value) and self.rules.deletes(Kind.URL_SCHEME, url.schemes(value)):
            yield Finding(Kind.URL_SCHEME)
        elif _CSS_LOADS.search(value):
            kind = self.style(value)
            if kind is not None:
                yield Finding(kind)

    def _url(self, text: str, loaded: bool) -> Iterator[Finding]:
        kind = self._url_kind(text, loaded)
        if kind is not None:
            yield Finding(kind)

    def _url_kind(self, text: str, loaded: bool) -> Optional[Kind]:
        if self.rules.about(Kind.URL_SCHEME):
            schemes = url.schemes(text)
            if schemes and self.rules.deletes(Kind.URL_SCHEME, schemes):
                return Kind.URL_SCHEME
        if loaded and self.rules.about(Kind.EXTERNAL):
            host = url.host(text)
            if host is not None and self.rules.deletes(Kind.EXTERNAL, (host,)):
                return Kind.EXTERNAL
        return None

    @property
    def reads_styles(self) -> bool:
        """May anything within CSS have to go?"""
        return any(map(self.rules.about, (Kind.INTRINSIC, Kind.URL_SCHEME, Kind.EXTERNAL)))

    def style(self, text: str) -> Optional[Kind]:
        """Why something in this CSS has to go, or None; TooComplex after STYLES characters."""
        if self.reads_styles and css.is_deep(text):
            return Kind.STYLE
        self._read += len(text)
        if self._read > STYLES:
            raise TooComplex("styles")
        if self.rules.about(Kind.INTRINSIC) and css.runs(text):
            language = "vbscript" if "vbscript" in text.lower() else "javascript"
            if self.rules.deletes(Kind.INTRINSIC, (language,)):
                return Kind.INTRINSIC
        if self.rules.about(Kind.URL_SCHEME) or self.rules.about(Kind.EXTERNAL):
            for each in css.resources(text):
                kind = self._url_kind(each, True)
                if kind is not None:
                    return kind
        return None

    def cleaned(self, text: str, declarations: bool) -> str:
        """The CSS without what has to go."""
        return css.without(text, lambda part: self.style(part) is not None, declarations)


Names = Tuple[str, ...]


def comment_of_script(text: str) -> str:
    """A text as JavaScript that does nothing."""
    return f"/* {text.replace('*/', '* /')} */"


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _aliases(type_: str) -> Names:
    type_ = type_.partition(";")[0].strip().lower()
    alias = _ALIAS.sub("", type_)
    if _SCRIPTING.match(alias):
        return tuple(dict.fromkeys((type_, alias, alias.rstrip("0123456789."))))
    return tuple(dict.fromkeys((type_, alias)))


def _script(attributes: Mapping[str, str]) -> Iterator[Names]:
    """Of type and language one reader asks this first, the other that: both are compared."""
    named = [attributes[each] for each in ("type", "language") if attributes.get(each, "").strip()]
    yield from map(_aliases, named or ["text/javascript"])


def _style(attributes: Mapping[str, str]) -> Iterator[Names]:
    yield _aliases(attributes.get("type", "").strip() or "text/css")


def _frame(attributes: Mapping[str, str]) -> Iterator[Names]:
    yield (attributes.get("src", "").strip(),)


def _object(absent: str) -> Callable[[Mapping[str, str]], Iterable[Names]]:
    return lambda attributes: ((attributes.get("type", "").strip().lower() or absent,),)


def _meta(attributes: Mapping[str, str]) -> Iterator[Names]:
    for name in ("name", "http-equiv", "property"):
        if name in attributes:
            yield (attributes[name].strip().lower(),)
