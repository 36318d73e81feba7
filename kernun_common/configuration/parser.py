"""parser - the text of one file becomes a tree; grammar.lark says how.

    parse(text, "proxy.cfg")  ->  tree.File(statements, errors)

Raises nothing.  After a syntax error the statement in which it stands is given up: parsing goes
on behind its `;` or at the `}` of the section around it, so that one run reports many errors.
Time is linear in the length of the text.
"""

from __future__ import annotations

import re
from typing import Any, List

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from kernun_common.configuration import tree
from kernun_common.configuration.nodes import Nodes, place
from kernun_common.errors import ConfigurationError, Where

NESTING = 16  # sections in one another; the deepest that means anything is 5

# It has no conflicts: tests/run builds it with strict=True, for which each start would have to pay.
_GRAMMAR = Lark.open("grammar.lark", rel_to=__file__, parser="lalr", lexer="basic")

_BROKEN = Token("BROKEN", "")
_CLOSE = Token("RBRACE", "}")
_STRAY = re.compile(r'(?:~i?)?"[^\r\n]*|\[?[^\s;{},#:!"\[]+|.', re.DOTALL)

# What to say was expected, by the first of these that the parser would take.
_EXPECTED = (
    ("BROKEN", "the keyword of an item or section"),
    ("SEMICOLON", "`;`, `{` or another element"),
    ("COMMA", "`,` or `}`"),
    ("WORD", "a word, a string or an address"),
)


def parse(text: str, file: str) -> tree.File:
    """The statements of `text`; `file` is the name that places bear."""
    return _Run(text, file).parse()


class _Brace:
    """An open brace: of a set if a comma shows it, else it may be a section's.

    `depth` is the length of the parser's stack with the brace on it.
    """

    def __init__(self, where: Where, depth: int) -> None:
        self.where = where
        self.depth = depth
        self.is_set = False


class _TooDeep(Exception):
    pass


class _Run:
    def __init__(self, text: str, file: str) -> None:
        self._file = file
        self._errors: List[ConfigurationError] = []
        self._parser = _GRAMMAR.parse_interactive()
        self._state = self._parser.parser_state
        self._tokens = _tokens(text)
        self._open: List[_Brace] = []

    def parse(self) -> tree.File:
        try:
            statements = Nodes(self._file, self._errors).transform(self._parse())
        except _TooDeep:
            statements = ()
        return tree.File(statements, tuple(sorted(self._errors, key=lambda error: error.where)))

    def _parse(self) -> Any:
        at = 0
        while True:
            try:
                result = self._feed(at)
            except UnexpectedToken as unexpected:
                at = self._recover(at, unexpected)
            else:
                at += 1
                if at == len(self._tokens):
                    return result

    def _feed(self, at: int) -> Any:
        token = self._tokens[at]
        result = self._parser.feed_token(token)
        if token.type == "LBRACE":
            self._open_brace(token)
        elif token.type == "RBRACE":
            self._open.pop()
        elif token.type == "COMMA":
            self._open[-1].is_set = True
        return result

    def _open_brace(self, token: Token) -> None:
        self._open.append(_Brace(place(self._file, token), len(self._state.state_stack)))
        if len(self._open) > NESTING:
            self._complain(token, f"sections are nested deeper than {NESTING}")
            raise _TooDeep

    def _recover(self, at: int, unexpected: UnexpectedToken) -> int:
        """Report, take the open statement back, and return where to go on."""
        token = self._tokens[at]
        self._complain(token, _unexpected(token, unexpected.expected, self._open))
        in_set = self._give_up(token.type == "COMMA")
        return self._close_all(at) if token.type == "$END" else self._skip(at, int(in_set))

    def _give_up(self, comma: bool) -> bool:
        """Put BROKEN in the place of the open statement; whether that was open within a set."""
        in_set = bool(self._open) and (self._open[-1].is_set or comma)
        if in_set:
            self._open.pop()
        elif self._takes_broken():
            return False
        self._undo()
        if self._open and len(self._state.state_stack) < self._open[-1].depth:
            self._open.pop()  # a brace that can only be a set's
            self._undo()
            in_set = True
        self._parser.feed_token(_BROKEN)
        return in_set

    def _takes_broken(self) -> bool:
        """Whether no statement is open: BROKEN has been put behind the last one."""
        try:
            self._parser.feed_token(_BROKEN)
        except UnexpectedToken:
            return False
        return True

    def _undo(self) -> None:
        """Undo until a statement may begin in the innermost open brace.

        There the stack ends with the brace, or with the statements behind it.
        """
        state = self._state
        longest = (self._open[-1].depth if self._open else 1) + 1
        while (
            len(state.state_stack) > longest
            or "BROKEN" not in state.parse_conf.states[state.position]
        ):
            state.state_stack.pop()
            state.value_stack.pop()

    def _close_all(self, at: int) -> int:
        for _ in self._open:
            self._parser.feed_token(_CLOSE)
        self._open.clear()
        return at

    def _skip(self, at: int, depth: int) -> int:
        """The index behind the broken statement; `depth` 1 where it broke inside a set."""
        of_the_statement = depth
        section = False  # a `;` was seen in the braces that are being skipped
        while True:
            kind = self._tokens[at].type
            if kind == "$END":
                return at
            if kind == "RBRACE" and depth == 0:
                return self._close(at)
            at += 1
            if kind == "SEMICOLON":
                if depth <= of_the_statement:
                    return at
                section = True
            elif kind == "LBRACE":
                depth += 1
            elif kind == "RBRACE":
                depth -= 1
                if depth == 0 and section:
                    return at

    def _close(self, at: int) -> int:
        """The index from which to go on where a `}` ends the section around."""
        if self._tokens[at + 1].type == "SEMICOLON":  # what looked like a section was a set
            at += 1
            self._tokens[at] = self._tokens[at - 1]
        return at if self._open else at + 1

    def _complain(self, token: Token, text: str) -> None:
        self._errors.append(ConfigurationError(place(self._file, token), text))


def _tokens(text: str) -> List[Token]:
    """All tokens; what is none becomes a token STRAY, which no rule takes; at last $END."""
    lexer: Any = _GRAMMAR.parse_interactive(text).lexer_thread
    position = lexer.state.line_ctr
    tokens: List[Token] = []
    while True:
        try:
            for token in lexer.lex(None):
                tokens.append(token)
        except UnexpectedCharacters:
            found = _STRAY.match(text, position.char_pos)
            value = Token("STRAY", found[0] if found else "", None, position.line, position.column)
            tokens.append(value)
            position.feed(value)
        else:
            tokens.append(Token("$END", "", None, position.line, position.column))
            return tokens


def _unexpected(token: Token, expected: Any, open_braces: List[_Brace]) -> str:
    if token.type == "STRAY":
        return _stray(token)
    phrase = next(phrase for terminal, phrase in _EXPECTED if terminal in expected)
    if token.type == "$END":
        line = f"; the `{{` of line {open_braces[-1].where.line} is open" if open_braces else ""
        return f"expected {phrase}, not the end of the file{line}"
    return f"expected {phrase}, not `{token[:40]}`"


def _stray(token: Token) -> str:
    if token.startswith(('"', '~"', '~i"')):
        return "the string is not closed on its line"
    if token.startswith("["):
        return "the address is not closed by `]`"
    return f"no word, string or address begins with {token[0]!r} (U+{ord(token[0]):04X})"
