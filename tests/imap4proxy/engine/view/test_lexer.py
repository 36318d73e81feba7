"""Elements of structured fields: what is taken, where it ends, and what breaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imap4proxy.engine.view.lexer import REPLACEMENT, Broken, Lexer

BROKEN = "broken"

ELEMENTS = [
    # method, text, what is taken, whether something follows or it is broken, where it ended
    ("atom", b"abc", b"abc", False, 3),
    ("atom", b"a (b(c)d) e", b"a", True, 10),
    ("atom", b"p\xc5\x99 \n x", b"p\xc5\x99", True, 6),
    ("atom", b".a", b"", BROKEN, 0),
    ("atom", b"", b"", BROKEN, 0),
    ("atom", b"a (b", b"a", BROKEN, 4),
    ("atom", b"a=b/c?", b"a=b/c?", False, 6),
    ("token", b"a=b", b"a", True, 1),
    ("token", b"a.b/c", b"a.b", True, 3),
    ("token", b";", b"", True, 0),
    ("dot_atom", b"a.b.c d", b"a.b.c", True, 6),
    ("dot_atom", b"a (x) . b", b"a.b", False, 9),
    ("dot_atom", b"a.", b"a.", BROKEN, 2),
    ("dot_atom", b"a..b", b"a.", BROKEN, 2),
    ("quoted_string", b'"a\\"b\\\\c" d', b'a"b\\c', True, 10),
    ("quoted_string", b'"a\r\n b\n\tc"', b"a b\tc", False, 10),
    ("quoted_string", b'"a\0b"', b"a" + REPLACEMENT + b"b", False, 5),
    ("quoted_string", b'"a\\\nb"', b"a\\b", False, 6),
    ("quoted_string", b'"abc', b"", BROKEN, 4),
    ("quoted_string", b'"a\\bc', b"a", BROKEN, 5),
    ("quoted_string", b'"a\\', b"", BROKEN, 3),
    ("phrase", b"John Q. Public <", b"John Q. Public", True, 15),
    ("phrase", b'"a" b  "c"@', b"a b c", True, 10),
    ("phrase", b".a", b"", BROKEN, 0),
    ("phrase", b"<", b"", True, 0),
    ("phrase", b"", b"", False, 0),
    ("domain", b"@a . b>", b"a.b", True, 6),
    ("domain", b"@[a\\]b] ;", b"[a\\]b]", True, 8),
    ("domain", b"@[a\n b\0]", b"[a b" + REPLACEMENT + b"]", False, 8),
    ("domain", b"@[a[b]", b"", BROKEN, 3),
    ("domain", b"@[ab", b"", BROKEN, 4),
    ("domain", b"@", b"", BROKEN, 1),
]


@pytest.mark.parametrize("method, text, taken, expected, end", ELEMENTS)
def test_element(method, text, taken, expected, end):
    lexer, out = Lexer(text), []
    try:
        found = getattr(lexer, method)(out)
    except Broken:
        found = BROKEN
    assert (b"".join(out), found, lexer.at) == (taken, expected, end)


COMMENTS = [
    (b"(plain)", b"plain"),
    (b"(a (b) \\) c)", b"a (b) ) c"),
    (b"(one) (two)", b"two"),
    (b"(fold\r\n ed)", b"fold ed"),
    (b"(a\0)", b"a" + REPLACEMENT),
    (b"(no end \\x", b"no end "),
]


@pytest.mark.parametrize("text, expected", COMMENTS)
def test_comment(text, expected):
    lexer = Lexer(text)
    try:
        lexer.cfws()
    except Broken:
        pass
    assert lexer.comment == expected
    assert not lexer.more


@given(st.sampled_from(sorted({row[0] for row in ELEMENTS})), st.binary(max_size=30))
def test_never_beyond_the_end(method, text):
    text = {"quoted_string": b'"', "domain": b"@"}.get(method, b"") + text
    lexer, out = Lexer(text), []
    try:
        more = getattr(lexer, method)(out)
    except Broken:
        more = None
    assert 0 <= lexer.at <= len(text)
    assert more is None or more is (lexer.at < len(text))
    assert not any(b"\0" in piece for piece in out)
