"""nodes - lark's tree of one file becomes ours (tree.py).

Here the heads of statements and the escapes of strings are checked: what the grammar lets pass.
"""

from __future__ import annotations

from itertools import takewhile
from typing import Any, List, Optional, Tuple, cast

from lark import Token, Transformer, v_args

from kernun_common.configuration import tree
from kernun_common.configuration.text import BadEscape, unquoted
from kernun_common.errors import ConfigurationError, Where

_STATEMENTS = (tree.Item, tree.Section)
_BROKEN = None  # stands for a statement that could not be read


def place(file: str, token: Token) -> Where:
    """Where `token` begins."""
    return Where(file, cast(int, token.line), cast(int, token.column))


def _is_element(child: Any) -> bool:
    return child is not _BROKEN and not isinstance(child, _STATEMENTS)


@v_args(inline=True)
class Nodes(Transformer[Token, Any]):
    """One method a rule of the grammar; appends what is wrong to `errors`."""

    def __init__(self, file: str, errors: List[ConfigurationError]) -> None:
        super().__init__()
        self._file = file
        self._errors = errors

    def start(self, *statements: Optional[tree.Statement]) -> Tuple[tree.Statement, ...]:
        return tuple(statement for statement in statements if statement is not _BROKEN)

    def broken(self, _token: Token) -> Optional[tree.Statement]:
        return _BROKEN

    def item(self, keyword: tree.Element, *elements: tree.Element) -> Optional[tree.Item]:
        if not isinstance(keyword, tree.Word):
            self._complain(keyword.where, f"expected the keyword of an item, not `{keyword}`")
            return _BROKEN
        return tree.Item(keyword.where, keyword.text, elements)

    def section(self, *children: Any) -> Optional[tree.Section]:
        head = list(takewhile(_is_element, children))
        body = children[len(head):]
        if not self._is_head(head):
            return _BROKEN
        statements = tuple(statement for statement in body if statement is not _BROKEN)
        name = head[1].text if len(head) > 1 else ""
        broken = len(statements) < len(body)
        return tree.Section(head[0].where, head[0].text, name, statements, broken)

    def _is_head(self, head: List[tree.Element]) -> bool:
        what = ("the keyword of a section", "the name of a section", "`{`")
        for element, expected in zip(head, what):
            if not isinstance(element, tree.Word) or expected == what[-1]:
                self._complain(element.where, f"expected {expected}, not `{element}`")
                return False
        return True

    def negation(self, element: Any) -> tree.Negation:
        return tree.Negation(element.where, element)

    def set(self, brace: Token, *rest: Any) -> tree.Braces:
        members = tuple(member for member in rest if not isinstance(member, Token))
        return tree.Braces(place(self._file, brace), members)

    def pair(self, left: Any, right: Any) -> tree.Pair:
        return tree.Pair(left.where, left, right)

    def word(self, token: Token) -> tree.Word:
        return tree.Word(place(self._file, token), token.value)

    def string(self, token: Token) -> tree.String:
        return tree.String(place(self._file, token), self._unquoted(token, 1))

    def regex(self, token: Token) -> tree.Regex:
        ignore_case = token.startswith("~i")
        text = self._unquoted(token, 3 if ignore_case else 2)
        return tree.Regex(place(self._file, token), text, ignore_case)

    def address(self, token: Token) -> tree.Address:
        low, dash, high = token[1:-1].partition("]-[")
        return tree.Address(place(self._file, token), low, high if dash else None)

    def _unquoted(self, token: Token, begin: int) -> str:
        try:
            return unquoted(token[begin:-1])
        except BadEscape as bad:
            where = place(self._file, token)
            self._complain(where._replace(column=where.column + begin + bad.offset), str(bad))
            return token[begin:-1]

    def _complain(self, where: Where, text: str) -> None:
        self._errors.append(ConfigurationError(where, text))
