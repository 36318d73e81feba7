"""html_items - what each item of html-filter does, as cases for whoever filters by it.

    for item, cases in ITEMS.items():
        for case in cases: ...      the body of a section, a document, what must be gone from it,
                                    and what must be there

Octets stand in a document before or after it was filtered, wherever that is.
"""

from __future__ import annotations

from typing import Mapping, NamedTuple, Optional, Tuple


class Case(NamedTuple):
    """`unchanged` says that the document stays octet for octet; `excess` what is done with it."""

    body: str
    document: bytes
    gone: Tuple[bytes, ...] = ()
    there: Tuple[bytes, ...] = ()
    unchanged: bool = False
    excess: Optional[str] = None


_TWO_SCRIPTS = b"<p>a<script>js1</script><script type='text/vbscript'>vb2</script>z</p>"
_TWO_IMAGES = b"<img src=http://a.example.org/1><img src=http://evil.example/2>"

ITEMS: Mapping[str, Tuple[Case, ...]] = {
    "defang": (
        Case(
            "defang;",
            b"<base href=//x><p onclick=h1>a<script>s2</script><img src=//x/3>"
            b"<a href='javascript:u4'>b</a><a href='https://good'>c</a></p>",
            (b"base", b"h1", b"s2", b"x/3", b"u4"),
            (b"https://good", b"<p>a"),
        ),
        Case("defang;", b"<p>nothing &amp; <i>nobody", unchanged=True),
    ),
    "script-tag-language": (
        Case(
            "script-tag-language accept { javascript };", _TWO_SCRIPTS, (b"vb2",), (b"js1", b"z")
        ),
        Case(
            "script-tag-language deny { javascript }; script-tag-language accept *;",
            _TWO_SCRIPTS,
            (b"js1",),
            (b"vb2",),
        ),
        Case("url-scheme accept *;", _TWO_SCRIPTS, unchanged=True),
    ),
    "style-tag-type": (
        Case(
            "style-tag-type accept { css };",
            b"<style>c1</style><style type=text/jss>j2</style>x",
            (b"j2",),
            (b"c1",),
        ),
    ),
    "iframe-tag-src": (
        Case(
            'iframe-tag-src accept { ~"^https://video\\\\.example/" };',
            b"<iframe src=https://video.example/1></iframe><iframe src=https://x/2></iframe>",
            (b"x/2",),
            (b"video.example/1",),
        ),
    ),
    "intrinsic-language": (
        Case(
            "intrinsic-language accept { vbscript };",
            b"<p onclick='h1'>x<p onclick='vbscript:h2'>y",
            (b"h1",),
            (b"h2", b"x"),
        ),
        Case(
            "intrinsic-language deny *;",
            b"<p style='color:red;width:expression(e1)'>x",
            (b"e1",),
            (b"color:red",),
        ),
    ),
    "macro-language": (
        Case(
            "macro-language deny *;", b"<hr width='&{w1};' size=3>", (b"w1",), (b'size="3"',)
        ),
    ),
    "object-tag-type": (
        Case(
            "object-tag-type accept { application/pdf };",
            b"<object type=application/pdf data=cid:1></object><embed src=e2><applet code=a3>",
            (b"e2", b"a3"),
            (b"cid:1",),
        ),
    ),
    "form-action": (
        Case(
            'form-action accept { "https://good/" };',
            b"<form action='https://good/'><input name=i1></form>"
            b"<form action='https://bad/'><input name=i2><button formaction=//b3></form>",
            (b"bad", b"b3"),
            (b"https://good/", b"i1", b"i2"),
        ),
    ),
    "external-resource": (
        Case(
            "external-resource accept { *.example.org };",
            _TWO_IMAGES,
            (b"evil",),
            (b"a.example.org/1",),
        ),
        Case(
            "external-resource deny *;",
            b"<table background=//x/1><td style='background:url(//x/2);color:red'>"
            b"<img srcset='//x/3 1x' src=cid:4><style>@import '//x/5';p{top:6px}</style>",
            (b"x/1", b"x/2", b"x/3", b"x/5"),
            (b"color:red", b"cid:4", b"6px"),
        ),
    ),
    "url-scheme": (
        Case(
            "url-scheme accept { https };",
            b"<a href='java&Tab;script:1'>x</a><a href='https://2'>y</a><a href='/3'>z</a>",
            (b"script:1",),
            (b"https://2", b"/3", b"x"),
        ),
    ),
    "meta-tag-name": (
        Case(
            "meta-tag-name deny { refresh }; meta-tag-name accept *;",
            b"<meta http-equiv=refresh content='0;r1'><meta name=author content=a2>",
            (b"r1",),
            (b"a2",),
        ),
    ),
    "replace-head-script-tags": (
        Case(
            'script-tag-language deny *; replace-head-script-tags "no script";',
            b"<head><script>s1</script></head><p>x",
            (b"s1",),
            (b"<!--no script-->",),
        ),
    ),
    "replace-body-script-tags": (
        Case(
            'script-tag-language deny *; replace-body-script-tags "<no script>";',
            b"<p>x<script>s1</script>",
            (b"s1",),
            (b"x&lt;no script&gt;",),
        ),
    ),
    "replace-style-tags": (
        Case(
            'style-tag-type deny *; replace-style-tags "no style";',
            b"<p>x<style>s1</style>",
            (b"s1",),
            (b"xno style",),
        ),
    ),
    "replace-iframe-tags": (
        Case(
            'iframe-tag-src deny *; replace-iframe-tags "no frame";',
            b"<p>x<iframe src=f1></iframe>",
            (b"f1",),
            (b"xno frame",),
        ),
    ),
    "replace-intrinsic": (
        Case(
            'intrinsic-language deny *; replace-intrinsic "no handler";',
            b"<p onclick=h1>x",
            (b"h1",),
            (b'onclick="/* no handler */"',),
        ),
    ),
    "max-size": (
        Case("defang; max-size 64 deny;", b"<p>" + b"x" * 62, excess="deny"),
        Case("defang; max-size 64 remove;", b"<p>" + b"x" * 62, excess="remove"),
        Case("defang; max-size 65 deny;", b"<p>" + b"x" * 62, unchanged=True),
    ),
}
