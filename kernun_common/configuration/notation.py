"""notation - the elements of an item as the tables write them.

    parse("<mode> none|optional|required [depth uint8]")
        -> (Value("mode", Enumeration), Optional((Value("depth", Number, "depth"),)))

    word            stands for itself, unless it is the name of a type
    uint8           an element of that type; also T-set and T-list of every T
    a|b|c           one of these words; of names of types: an element of one of the types
    ref:KEYWORD     the name of a global section KEYWORD
    <label> type    the element becomes the field `label`; without a label it bears the name of
                    the keyword before it
    [ ... ]         may be left out
    a x | b y       one of these sequences (blanks around the bar)
    port port       a type's name before that type, its set or its list is a keyword

A keyword with no element behind it is a field too: is it there?  ValueError where the notation
makes no sense.  See also: match.py, which reads elements by a pattern; kinds.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator, List, Tuple, Union

from kernun_common.configuration import kinds
from kernun_common.configuration.kind import Kind


@dataclass(frozen=True)
class Keyword:
    """A word that stands for itself; a flag where no value bears its name."""

    word: str
    flag: bool


@dataclass(frozen=True)
class Value:
    """An element; `field` is "" where it is the only one and has no name."""

    field: str
    kind: Kind


@dataclass(frozen=True)
class Maybe:
    """[ ... ]"""

    nodes: Tuple[Node, ...]


@dataclass(frozen=True)
class Choice:
    """... | ..."""

    branches: Tuple[Tuple[Node, ...], ...]


Node = Union[Keyword, Value, Maybe, Choice]
Pattern = Tuple[Node, ...]

_TOKEN = re.compile(r"<[^<>]+>|[\[\]]|[^\s\[\]<>]+")
_SUFFIXES = ("", "-set", "-list")


def parse(notation: str) -> Pattern:
    """The pattern that `notation` describes; "" describes no element."""
    tokens = _TOKEN.findall(notation)
    if "".join(tokens) != "".join(notation.split()):
        raise ValueError(f"{notation}: a label is not closed")
    pattern, rest = _choice(tokens)
    if rest:
        raise ValueError(f"{notation}: a bracket too many")
    return pattern


def values(pattern: Pattern) -> Iterator[Union[Keyword, Value]]:
    """All fields of the pattern: values, and keywords that are flags."""
    for node in pattern:
        if isinstance(node, Maybe):
            yield from values(node.nodes)
        elif isinstance(node, Choice):
            for branch in node.branches:
                yield from values(branch)
        elif isinstance(node, Value) or node.flag:
            yield node


def name(node: Union[Keyword, Value]) -> str:
    """The administrator's name of a field."""
    return node.field if isinstance(node, Value) else node.word


def _choice(tokens: List[str]) -> Tuple[Pattern, List[str]]:
    """Sequences between bars, up to a closing bracket or the end, and the tokens behind."""
    branches = []
    while True:
        branch, tokens = _sequence(tokens)
        branches.append(branch)
        if tokens[:1] != ["|"]:
            break
        tokens = tokens[1:]
    return branches[0] if len(branches) == 1 else (Choice(tuple(branches)),), tokens


def _sequence(tokens: List[str]) -> Tuple[Pattern, List[str]]:
    nodes: List[Node] = []
    label = ""
    while tokens and tokens[0] not in ("|", "]"):
        token, tokens = tokens[0], tokens[1:]
        if token == "[":
            inner, tokens = _choice(tokens)
            if tokens[:1] != ["]"]:
                raise ValueError("a bracket is not closed")
            nodes.append(Maybe(inner))
            tokens = tokens[1:]
        elif token.startswith("<"):
            label = token[1:-1]
            continue
        else:
            nodes.append(_node(token, label, tokens, nodes[-1:]))
        label = ""
    return tuple(nodes), tokens


def _node(token: str, label: str, following: List[str], before: List[Node]) -> Node:
    kind = None if _is_keyword(token, following) and not label else kinds.find(token)
    if kind is None:
        if label:
            raise ValueError(f"{token} is not a type")
        return Keyword(token, not _is_value(following))
    bearer = before[0].word if before and isinstance(before[0], Keyword) else ""
    return Value(label or bearer, kind)


def _is_keyword(token: str, following: List[str]) -> bool:
    return bool(following) and following[0] in [token + suffix for suffix in _SUFFIXES]


def _is_value(following: List[str]) -> bool:
    if not following or following[0] in ("[", "]", "|"):
        return False
    if following[0].startswith("<"):
        return True
    return kinds.find(following[0]) is not None and not _is_keyword(following[0], following[1:])
