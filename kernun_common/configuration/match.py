"""match - the elements of an item become its value by the item's pattern, and the reverse.

    verify = Elements("<mode> none|optional [depth uint8]", Verify)
    verify.read(item, context)  ->  Verify("none", None)        verify.write(...)  ->  "none"

The pattern is tried from left to right, with every bracket first as if it were there.  Where no
way leads to the end, the error stands at the element that the furthest one reached, and names
all that could have stood there.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Set, Tuple

from kernun_common.configuration import notation, tree
from kernun_common.configuration.kind import Context
from kernun_common.configuration.notation import Choice, Keyword, Maybe, Pattern, Value
from kernun_common.configuration.scalars import SecretText
from kernun_common.configuration.text import attribute_of, hint
from kernun_common.errors import ConfigurationError

Into = Optional[Callable[..., Any]]  # a class derived from NamedTuple
Fields = Mapping[str, Any]  # by the administrator's names


class Elements:
    """The elements of one row; `into` is the NamedTuple of several values, None for a single one.

    Raises ValueError where the notation makes no sense or `into` has other fields.
    """

    def __init__(self, written: str, into: Into = None) -> None:
        self.written = written
        self.pattern = notation.parse(written)
        self._into = into
        self._absent = _absent(self.pattern)
        self._holds_secret = any(
            isinstance(node, Value) and isinstance(node.kind, SecretText)
            for node in notation.values(self.pattern)
        )
        if into is None:
            if list(self._absent.values()) != [None]:
                raise ValueError(f"{written}: anything but a single value needs `into`")
        else:
            self._fit(getattr(into, "_fields"), getattr(into, "_field_defaults"))

    def _fit(self, fields: Tuple[str, ...], defaults: Mapping[str, Any]) -> None:
        for name, absent in list(self._absent.items()):
            if absent is False and attribute_of(name) not in fields:
                del self._absent[name]  # a word that only reads well, such as [address]
        if sorted(map(attribute_of, self._absent)) != sorted(fields):
            raise ValueError(f"{self.written}: `into` has other fields")
        for name in self._absent:
            self._absent[name] = defaults.get(attribute_of(name), self._absent[name])

    def read(self, item: tree.Item, context: Context) -> Any:
        """The value of `item`; raises ConfigurationError."""
        found = self._found(item, context)
        fields = {name: found.get(name, absent) for name, absent in self._absent.items()}
        if self._into is None:
            return next(iter(fields.values()))
        return self._into(**{attribute_of(name): value for name, value in fields.items()})

    def _found(self, item: tree.Item, context: Context) -> Fields:
        try:
            return _Attempt(item, context).read(self.pattern)
        except ConfigurationError as error:
            if not self._holds_secret:
                raise
            # The element that is out of place may be the secret: it is not repeated.
            text = f"expected {self.written} behind `{item.keyword}`"
            raise ConfigurationError(error.where, text) from None

    def write(self, value: Any) -> str:
        """The elements of which `read` makes `value`; ValueError where there are none."""
        words = _write(self.pattern, self._fields(value))
        if words is None:
            raise ValueError(f"{value!r} cannot be written as {self.written}")
        return " ".join(words)

    def _fields(self, value: Any) -> Fields:
        if self._into is None:
            return {name: value for name in self._absent}
        return {name: getattr(value, attribute_of(name)) for name in self._absent}


def _absent(pattern: Pattern) -> Dict[str, Any]:
    """The fields, with what they are when they are not there."""
    return {
        notation.name(node): False if isinstance(node, Keyword) else None
        for node in notation.values(pattern)
    }


class _Failure(NamedTuple):
    expected: str
    words: Tuple[str, ...]
    error: Optional[ConfigurationError]


class _Attempt:
    """Ways through a pattern; remembers why the furthest of them ended."""

    def __init__(self, item: tree.Item, context: Context) -> None:
        self._item = item
        self._elements = item.elements
        self._context = context
        self._furthest = 0
        self._failures: List[_Failure] = []

    def read(self, pattern: Pattern) -> Fields:
        found = self._match(pattern, 0, {})
        if found is None:
            raise self._error()
        return found

    def _match(self, nodes: Pattern, at: int, found: Fields) -> Optional[Fields]:
        if not nodes:
            return self._end(at, found)
        node, rest = nodes[0], nodes[1:]
        if isinstance(node, Keyword):
            return self._keyword(node, rest, at, found)
        if isinstance(node, Value):
            return self._value(node, rest, at, found)
        branches = (node.nodes, ()) if isinstance(node, Maybe) else node.branches
        ways = (self._match(branch + rest, at, found) for branch in branches)
        return next((way for way in ways if way is not None), None)

    def _end(self, at: int, found: Fields) -> Optional[Fields]:
        if at == len(self._elements):
            return found
        self._fail(at, _Failure("`;`", (), None))
        return None

    def _keyword(
        self, node: Keyword, rest: Pattern, at: int, found: Fields
    ) -> Optional[Fields]:
        element = self._elements[at] if at < len(self._elements) else None
        if isinstance(element, tree.Word) and element.text.lower() == node.word:
            return self._match(rest, at + 1, {**found, node.word: True} if node.flag else found)
        self._fail(at, _Failure(f"`{node.word}`", (node.word,), None))
        return None

    def _value(self, node: Value, rest: Pattern, at: int, found: Fields) -> Optional[Fields]:
        error = None
        if at < len(self._elements):
            try:
                value = node.kind.read(self._elements[at], self._context)
            except ConfigurationError as wrong:
                error = wrong
            else:
                return self._match(rest, at + 1, {**found, node.field: value})
        self._fail(at, _Failure(node.kind.expected, node.kind.words, error))
        return None

    def _fail(self, at: int, failure: _Failure) -> None:
        if at > self._furthest:
            self._furthest = at
            self._failures.clear()
        if at == self._furthest and failure not in self._failures:
            self._failures.append(failure)

    def _error(self) -> ConfigurationError:
        expected = " or ".join(dict.fromkeys(failure.expected for failure in self._failures))
        if self._furthest == len(self._elements):
            return self._too_short(expected)
        element = self._elements[self._furthest]
        told = [failure.error for failure in self._failures if failure.error is not None]
        if told and (len(self._failures) == 1 or told[0].where != element.where):
            return told[0]
        words = tuple(word for failure in self._failures for word in failure.words)
        meant = hint(element.text, words) if isinstance(element, tree.Word) else ""
        return ConfigurationError(element.where, f"expected {expected}, not `{element}`{meant}")

    def _too_short(self, expected: str) -> ConfigurationError:
        if not self._elements:
            text = f"expected {expected} behind `{self._item.keyword}`"
            return ConfigurationError(self._item.where, text)
        last = self._elements[-1]
        return ConfigurationError(last.where, f"expected {expected} behind `{last}`")


def _write(pattern: Pattern, fields: Fields) -> Optional[List[str]]:
    """The words of a sequence; None where the fields are not those of this sequence."""
    words: List[str] = []
    for node in pattern:
        written = _write_node(node, fields)
        if written is None:
            return None
        words += written
    return words


def _write_node(node: notation.Node, fields: Fields) -> Optional[List[str]]:
    if isinstance(node, Keyword):
        return [node.word] if fields.get(node.word, True) or not node.flag else None
    if isinstance(node, Value):
        value = fields[node.field]
        return None if value is None else [node.kind.write(value)]
    if isinstance(node, Maybe):
        return _write(node.nodes, fields) if _given(node.nodes, fields) else []
    return _write_choice(node, fields)


def _write_choice(node: Choice, fields: Fields) -> Optional[List[str]]:
    given = _given((node,), fields)
    written = (
        _write(branch, fields) for branch in node.branches if given == _given(branch, fields)
    )
    return next((words for words in written if words is not None), None)


def _given(pattern: Pattern, fields: Fields) -> Set[str]:
    """The names of the pattern's fields that are there."""
    return {
        notation.name(node)
        for node in notation.values(pattern)
        if (fields.get(node.word) if isinstance(node, Keyword) else fields[node.field] is not None)
    }
