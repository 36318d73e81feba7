import pytest

from kernun_common.html_filter.charset import Escape
from kernun_common.html_filter.serialise import serialise
from kernun_common.html_filter.tree import parse

HEAD = '<html><head><meta charset="utf-8">'

CASES = [
    ("", f"{HEAD}</head><body></body></html>"),
    ("<!DOCTYPE html>x", f"<!DOCTYPE html>\n{HEAD}</head><body>x</body></html>"),
    (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://w3/x">',
        '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://w3/x">\n'
        f"{HEAD}</head><body></body></html>",
    ),
    ("<!DOCTYPE html SYSTEM 'a\"b'>", f"<!DOCTYPE html>\n{HEAD}</head><body></body></html>"),
    ("<p>a&lt;b&nbsp;&#13;\x1b", f"{HEAD}</head><body><p>a&lt;b&nbsp;&#13;</p></body></html>"),
    (
        "<br><img alt='a\"&lt;&gt;&amp;'>",
        f'{HEAD}</head><body><br><img alt="a&quot;&lt;&gt;&amp;"></body></html>',
    ),
    ("<pre>\n\nx", f"{HEAD}</head><body><pre>\n\nx</pre></body></html>"),
    ("<pre>\nx", f"{HEAD}</head><body><pre>x</pre></body></html>"),
    (
        "<title></title/><x></title>",
        f"{HEAD}<title></title></head><body><x></x></body></html>",
    ),
    ("<textarea><p>", f"{HEAD}</head><body><textarea>&lt;p&gt;</textarea></body></html>"),
    ("<script>a<b</script>", f"{HEAD}<script>a<b</script></head><body></body></html>"),
    (
        "<style>a<b</style>",
        f"{HEAD}<style>a\\3c b</style></head><body></body></html>",
    ),
    ("<p>x<!-- y -->", f"{HEAD}</head><body><p>x<!-- y --></p></body></html>"),
]


@pytest.mark.parametrize("text, written", CASES)
def test_serialise(text, written):
    assert "".join(piece for piece, _ in serialise(parse(text), "utf-8")) == written


def test_ways_of_writing_what_is_not_in_the_character_set():
    document = parse("<style>s</style><script>j</script><!--c--><p>m")
    ways = dict(serialise(document, "utf-8"))
    assert {text: ways[text] for text in ("s", "j", "<!--c-->", "m")} == {
        "s": Escape.STYLE,
        "j": Escape.SCRIPT,
        "<!--c-->": Escape.DROP,
        "m": Escape.MARKUP,
    }
