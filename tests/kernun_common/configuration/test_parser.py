"""Texts and what the parser makes of them: statements, and errors with their places."""

import logging
import re
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lark import Lark

from kernun_common.configuration import parser, tree
from kernun_common.configuration.parser import NESTING, parse

from .effort import is_linear


def shown(statements):
    """Statements in one line, without places."""
    parts = []
    for statement in statements:
        if isinstance(statement, tree.Section):
            head = f"{statement.keyword} {statement.name}".strip()
            broken = "!" if statement.broken else ""
            parts.append(f"{head}{{{shown(statement.statements)}{broken}}}")
        else:
            parts.append(" ".join([statement.keyword, *map(str, statement.elements)]) + ";")
    return " ".join(parts)


GOOD = [
    ("", ""),
    ("a;", "a;"),
    ("a b c;d;", "a b c; d;"),
    ("a{b;}", "a{b;}"),
    ("a N { b { c; } d; }", "a N{b{c;} d;}"),
    ("# c\na # ; } \n b;# end", "a b;"),
    ('a "# no comment";', 'a "# no comment";'),
    (r'a "\"\\\n\x41";', r'a "\"\\\nA";'),
    ("a *.exe image/* 0800-1630 100K AUTH=PLAIN LITERAL+;",
     "a *.exe image/* 0800-1630 100K AUTH=PLAIN LITERAL+;"),
    ("a [10.1.2.3] [::1]-[::9] [10.0.0.0/8];", "a [10.1.2.3] [::1]-[::9] [10.0.0.0/8];"),
    ("a b:c b : c [::1]:143;", "a b : c b : c [::1] : 143;"),
    ("a { b, c } d;", "a { b, ... } d;"),
    ("a { b } {} ! { c } !d ! *;", "a { b } {} ! { c } ! d ! *;"),
    ('a { ~"x", ~i"\\\\." };', 'a { ~"x", ... };'),
    ("s { a { b }; }", "s{a { b };}"),
    ("a\tb\r\nc;", "a b c;"),
    ("über ä;", "über ä;"),
    ("a!b~c;", "a!b~c;"),
]


@pytest.mark.parametrize("text, statements", GOOD)
def test_good(text, statements):
    file = parse(text, "f")
    assert (shown(file.statements), file.errors) == (statements, ())


KEYWORD = "expected the keyword of an item or section, not "
ELEMENT = "expected `;`, `{` or another element, not "
MEMBER = "expected `,` or `}`, not "
PLAIN = "expected a word, a string or an address, not "

BAD = [
    # text, what could be read, errors
    ("a", "", [f"1:2: {ELEMENT}the end of the file"]),
    ("a; b", "a;", [f"1:5: {ELEMENT}the end of the file"]),
    (";", "", [f"1:1: {KEYWORD}`;`"]),
    ("a; }; b;", "a; b;", [f"1:4: {KEYWORD}`}}`"]),
    ("} a; }", "a;", [f"1:1: {KEYWORD}`}}`", f"1:6: {KEYWORD}`}}`"]),
    ("a { b; }; c;", "a{b;} c;", [f"1:9: {KEYWORD}`;`"]),
    ("s { a b }\nt;", "s{!} t;", [f"1:9: {ELEMENT}`}}`"]),
    ("s { a { b c }; d; } e;", "s{a{!} d;} e;", [f"1:13: {ELEMENT}`}}`"]),
    ("s { a { b, c d } 1; e; } f;", "s{e;!} f;", [f"1:14: {MEMBER}`d`"]),
    ("s { a { b, c; d; } e;", "s{d;!} e;", [f"1:13: {MEMBER}`;`"]),
    ("s { a { b, }; d; } e;", "s{d;!} e;", [f"1:12: {PLAIN}`}}`"]),
    ("s { a ! { b c }; d; }", "s{d;!}", [f"1:13: {MEMBER}`c`"]),
    ("a ! ! b; c;", "c;", [f"1:5: {PLAIN}`!`"]),
    ("a b : ; c;", "c;", [f"1:7: {PLAIN}`;`"]),
    ("s { a;", "s{a;!}",
     [f"1:7: {KEYWORD}the end of the file; the `{{` of line 1 is open"]),
    ("s { t {\nu { a", "s{t{u{!}}}",
     [f"2:6: {ELEMENT}the end of the file; the `{{` of line 2 is open"]),
    ('a "b\nc; d;', "d;", ["1:3: the string is not closed on its line"]),
    ('a ~i"b\nc; d;', "d;", ["1:3: the string is not closed on its line"]),
    (r'a "\q"; b;', r'a "\\q"; b;',
     [r'1:4: there is no escape \q; known: \" \\ \n \r \t \xHH']),
    ("a [1.2.3.4; b;", "b;", ["1:3: the address is not closed by `]`"]),
    ("a ]; b;", "b;",
     ["1:3: no word, string or address begins with ']' (U+005D)"]),
    ("a \0\0; b;", "b;",
     ["1:3: no word, string or address begins with '\\x00' (U+0000)"]),
    ("\ufeffa; b;", "b;",
     ["1:1: no word, string or address begins with '\\ufeff' (U+FEFF)"]),
    ("a\xa0b; c;", "c;",
     ["1:2: no word, string or address begins with '\\xa0' (U+00A0)"]),
    ('"a" b; c;', "c;", ['1:1: expected the keyword of an item, not `"a"`']),
    ("a b c { d; } e;", "e;", ["1:5: expected `{`, not `c`"]),
    ("a [::1] { d; } e;", "e;", ["1:3: expected the name of a section, not `[::1]`"]),
    ("{ a } b; c;", "c;", ["1:1: expected the keyword of an item, not `{ a }`"]),
    ("a" * 50 + " }; b;", "b;", [f"1:52: {ELEMENT}`}}`"]),
    ("s { x [ ; y \"; z;\n} w;", "s{!} w;",
     ["1:7: the address is not closed by `]`", "1:13: the string is not closed on its line"]),
]


@pytest.mark.parametrize("text, statements, errors", BAD)
def test_bad(text, statements, errors):
    file = parse(text, "f")
    found = [f"{error.where.line}:{error.where.column}: {error.text}" for error in file.errors]
    assert (shown(file.statements), found) == (statements, errors)


def test_places():
    file = parse('a\n  b "c";\ns N {\n\te { f } : ;\n}', "x.cfg")
    item = file.statements[0]
    assert [str(element.where) for element in (item, *item.elements)] == [
        "x.cfg:1:1", "x.cfg:2:3", "x.cfg:2:5"
    ]
    assert [str(statement.where) for statement in file.statements] == ["x.cfg:1:1", "x.cfg:3:1"]
    assert [str(error.where) for error in file.errors] == ["x.cfg:4:10"]


def test_nesting_is_bounded():
    deepest = "a { " * NESTING + "b;" + "}" * NESTING
    assert parse(deepest, "f").errors == ()
    file = parse("a { " + deepest + "}", "f")
    assert [error.text for error in file.errors] == [
        f"sections are nested deeper than {NESTING}"
    ]


def test_the_grammar_has_no_conflict(caplog):
    with caplog.at_level(logging.DEBUG, "lark"):
        Lark.open("grammar.lark", rel_to=parser.__file__, parser="lalr", lexer="basic", debug=True)
    assert [record for record in caplog.records if "onflict" in record.message] == []


def test_the_first_character_tells_the_terminal():
    """One terminal, and so the same one, is found at whatever a character begins."""
    terminals = [re.compile(each.pattern.to_regexp()) for each in parser._GRAMMAR.terminals]
    for character in map(chr, (*range(0x3100), 0xFEFF, sys.maxunicode)):  # all blanks are here
        texts = [character + rest for rest in ("", '"', '""', 'i""', "]", "]-[]", "a", "\n")]
        found = {pattern for text in texts for pattern in terminals if pattern.match(text)}
        assert len(found) <= 1, character


@pytest.mark.parametrize(
    "piece", ["a;\n", "a {b;}\n", "}", ";", "a {", '"', "[", "{,", "a b", "\0", "!", "a {b c;"]
)
def test_time_is_linear(piece):
    assert is_linear(lambda size: parse(piece * size, "f"))


TEXTS = st.text() | st.lists(
    st.sampled_from(
        ["a", "b-1", " ", "\n", ";", "{", "}", ",", ":", "!", "*", '"', '"x"', "\\", "~", '~i"x"',
         "[", "]", "[::1]", "-", "#"]
    )
).map("".join)


@given(TEXTS)
@example("a {" * 40)
def test_any_text_gives_a_file(text):
    file = parse(text, "f")
    for error in file.errors:
        assert error.text and error.where.line >= 1 and error.where.column >= 1
    if not file.errors:
        assert not any(getattr(statement, "broken", False) for statement in file.statements)


@given(TEXTS)
def test_an_error_does_not_reach_behind_its_section(text):
    """Whatever stands in a balanced section, the statement behind it is read."""
    body = text.translate(str.maketrans("", "", '{}"#'))
    file = parse("s { " + body + ";\n}\nlast;", "f")
    assert file.statements[-1].keyword == "last"
