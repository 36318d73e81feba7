import pytest

from kernun_common.html_filter.edit import edit
from kernun_common.html_filter.judge import Judge
from kernun_common.html_filter.section import HtmlFilter
from kernun_common.html_filter.serialise import serialise
from kernun_common.html_filter.tree import parse

TEXTS = {
    "replace_head_script_tags": "no --> script",
    "replace_body_script_tags": "no <script>",
    "replace_style_tags": "no style",
    "replace_iframe_tags": "no frame",
}
DEFANG = Judge(HtmlFilter(name="F", defang=True))
REPLACING = Judge(HtmlFilter(name="F", defang=True, **TEXTS))


def edited(text, judge):
    document = parse(text)
    kinds = edit(document, judge)
    written = "".join(piece for piece, _ in serialise(document, "utf-8"))
    within = written.removeprefix('<html><head><meta charset="utf-8">').removesuffix("</html>")
    return within, {kind.value for kind in kinds}


CASES = [
    # document, behind the head's tag, kinds
    ("<p>x", "</head><body><p>x</p></body>", set()),
    ("<p>x<script>y</script>z", "</head><body><p>xz</p></body>", {"script-tag-language"}),
    ("<form action=x>a<b>c", "</head><body>a<b>c</b></body>", {"form-action"}),
    ("<object><p>x</object>y", "</head><body>y</body>", {"object-tag-type"}),
    ("<iframe src=x>y</iframe>z", "</head><body>z</body>", {"iframe-tag-src"}),
    ("<p onclick=x title=y>", '</head><body><p title="y"></p></body>', {"intrinsic-language"}),
    ("<p a&b=1 x\"=2 c=3>", '</head><body><p c="3"></p></body>', set()),
    ("<svg><a onclick=x>y</svg>", "</head><body></body>", {"active-markup", "intrinsic-language"}),
    ("<noscript><p>x</noscript>", "</head><body><p>x</p></body>", set()),
    ("<body><noembed>x</noembed>y", "</head><body>y</body>", set()),
    ("<xmp><p></xmp>", "</head><body><pre>&lt;p&gt;</pre></body>", set()),
    ("<plaintext><p>", "</head><body><pre>&lt;p&gt;</pre></body>", set()),
    ("<a<b>x", "</head><body>x</body>", set()),
    ("<meta charset=koi8-r><p>", "</head><body><p></p></body>", set()),
    ("<p>x<!-- y -->", "</head><body><p>x<!-- y --></p></body>", set()),
    ("<p>x<!-- y -- z -->", "</head><body><p>x</p></body>", set()),
    ("<p><!-- <script> -->", "</head><body><p></p></body>", {"script-tag-language"}),
    ("<p><!--[if mso]>x<![endif]-->", "</head><body><p></p></body>", {"conditional-comment"}),
    (
        "<style>a{top:0;b:url(//x)}</style>",
        "<style>a { top:0; }</style></head><body></body>",
        {"external-resource"},
    ),
    ("<base href=x><p>", "</head><body><p></p></body>", {"active-markup"}),
]


@pytest.mark.parametrize("text, within, kinds", CASES)
def test_edit(text, within, kinds):
    assert edited(text, DEFANG) == (within, kinds)


REPLACED = [
    ("<script>x</script>", "<!--no - - script--></head><body></body>"),
    ("<p><script>x</script>", "</head><body><p>no &lt;script&gt;</p></body>"),
    ("<style type=x></style>", "<!--no style--></head><body></body>"),
    ("<p><style type=x></style>", "</head><body><p>no style</p></body>"),
    ("<p><iframe></iframe>", "</head><body><p>no frame</p></body>"),
    (
        "<table><script>x</script></table>",
        "</head><body><table><!--no script--></table></body>",
    ),
]


@pytest.mark.parametrize("text, within", REPLACED)
def test_texts_in_their_place(text, within):
    assert edited(text, REPLACING)[0] == within


def test_without_rules_an_accepted_script_stays_if_its_end_is_clear():
    idle = Judge(HtmlFilter(name="F"))
    assert edited("<p><script>a<b</script>", idle)[0] == (
        "</head><body><p><script>a<b</script></p></body>"
    )
    assert edited("<p><script><!--<script></script>", idle)[0] == "</head><body><p></p></body>"
