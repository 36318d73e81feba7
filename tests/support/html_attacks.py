"""html_attacks - documents that act when a browser shows them: run a script, or load something.

    for name, document in attacks(hit): ...

`hit(name)` is the URL that a document asks for when it acts, without scheme: "//host/path".  What
they do is seen in tests/system/test_html_filter.py by a browser; none may act when it was filtered.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import Callable, Dict, Iterator, Tuple

# HIT is the URL; JS is code that asks for it; JSE the same as a value of an attribute.
ATTACKS: Dict[str, str] = {
    # scripts
    "script": "<script>JS</script>",
    "script upper case": "<ScRiPt >JS</sCrIpT\t>",
    "script src": "<script src=HIT></script>",
    "script slash": "<script/x>JS</script>",
    "script unclosed comment": "<!--><script>JS</script>-->",
    "script after bang comment": "<!-- --!><script>JS</script>",
    "script in conditional": "<![if true]><script>JS</script><![endif]>",
    "script module": "<script type=module>JS</script>",
    "script language": "<script language=JavaScript1.2>JS</script>",
    "script in svg": "<svg><script>JS</script></svg>",
    "script href in svg": "<svg><script href=HIT /></svg>",
    "script entities in svg": "<svg><script>&#110;ew Image().src='HIT'</script></svg>",
    "script in table": "<table><tr><script>JS</script></table>",
    "script in title's end": "<title></title/><script>JS</script>",
    "script in select": "<select><script>JS</script></select>",
    "script in nested forms": "<form><form><div></form><script>JS</script></form>",
    "script behind CDATA": "<![CDATA[><script>JS</script>]]>",
    "script behind xmp": "<xmp><p title='</xmp><script>JS</script>'>",
    "script behind noscript": "<noscript><p title='</noscript><script>JS</script>'>",
    "script behind style": "<style><a title='</style><script>JS</script>'>",
    "script behind textarea": "<textarea><a title='</textarea><script>JS</script>'>",
    "script behind noembed": "<noembed><a title='</noembed><script>JS</script>'>",
    "script behind iframe": "<iframe><a title='</iframe><script>JS</script>'>",
    "script with NUL": "<p>\0<script\0>JS</script><script>JS</script>",
    "script after deep tags": "<div>" * 600 + "<script>JS</script>",
    "script behind select in svg": "<svg><style></p></style><script>JS</script>",
    # event handlers
    "onerror": "<img src=x: onerror=JSE>",
    "onerror slash": "<img/src='x:'/onerror=JSE>",
    "onerror newline": "<img src=x:\nonerror\n=\nJSE>",
    "onerror quotes": "<img src='x:'onerror=JSE>",
    "onload body": "<body onload=JSE>",
    "onload svg": "<svg onload=JSE>",
    "onload style": "<style onload=JSE></style>",
    "onpageshow": "<body onpageshow=JSE>",
    "ontoggle": "<details open ontoggle=JSE>x",
    "onerror video": "<video src=x: onerror=JSE></video>",
    "onerror audio": "<audio src=x: onerror=JSE></audio>",
    "onclick": "<p onclick=JSE>x</p>",
    "onmouseover": "<p onmouseover=JSE>x</p>",
    "onfocus autofocus": "<input autofocus onfocus=JSE>",
    "onbegin": "<svg><animate onbegin=JSE attributeName=x dur=1s></svg>",
    "onanimationstart": "<style>@keyframes x{from{left:0}}</style>"
    "<p style='animation:x 1s' onanimationstart=JSE>x",
    "onerror in math": "<math><mtext><img src=x: onerror=JSE></mtext></math>",
    "mutation style": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;"
    "&lt;img src=x: onerror=1&gt;' src=x: onerror=JSE>",
    "foreignObject": "<svg><foreignObject><img src=x: onerror=JSE></foreignObject></svg>",
    "annotation-xml": "<math><annotation-xml encoding=text/html><img src=x: onerror=JSE>"
    "</annotation-xml></math>",
    "shadow root": "<div><template shadowrootmode=open><img src=HIT></template></div>",
    # URLs
    "javascript": "<a href=\"javascript:JS\">x</a>",
    "javascript entities": "<a href=\"&#106;avascript&colon;JS\">x</a>",
    "javascript tab": "<a href=\"java\tscript:JS\">x</a>",
    "javascript newline": "<a href=\"java&NewLine;script&#58;JS\">x</a>",
    "javascript blanks": "<a href=\" \x01\x1f javascript:JS\">x</a>",
    "javascript area": "<map><area href=\"javascript:JS\"></map>",
    "javascript iframe": "<iframe src=\"javascript:JS\"></iframe>",
    "javascript form": "<form action=\"javascript:JS\"><button>x</button></form>",
    "javascript formaction": "<form><button formaction=\"javascript:JS\">x</button></form>",
    "javascript base": "<base href=\"javascript:/\"><a href=\"javascript:JS\">x</a>",
    "javascript svg": "<svg><a xlink:href=\"javascript:JS\"><text y=9>x</text></a></svg>",
    "javascript math in svg": "<svg><a href=\"javascript:JS\"><text y=9>x</text></a></svg>",
    "srcdoc": "<iframe srcdoc=\"<script>JS</script>\"></iframe>",
    "srcdoc entities": "<iframe srcdoc='&lt;img src=HIT&gt;'></iframe>",
    "data iframe": "<iframe src=\"data:text/html;base64,B64\"></iframe>",
    "data object": "<object data=\"data:text/html;base64,B64\"></object>",
    "refresh": "<meta http-equiv=refresh content='0;url=HIT'>",
    "refresh odd": "<meta http-equiv=' refresh' http-equiv=x><meta HTTP-EQUIV=\"Refresh\" content="
    "\"0, HIT\">",
    "form": "<form action=HIT><button>x</button></form>",
    "form by another": "<form id=f></form><button form=f formaction=HIT>x</button>",
    # what is loaded
    "img": "<img src=HIT>",
    "image": "<image src=HIT>",
    "img entities": "<img src='&#47;&#47;REST'>",
    "img backslashes": "<img src='\\\\REST'>",
    "img in comment's end": "<!-- --><img src=HIT><!-- -->",
    "srcset": "<img srcset='HIT 1x'>",
    "picture": "<picture><source srcset=HIT><img></picture>",
    "input": "<input type=image src=HIT>",
    "background": "<table background=HIT><tr><td>x</table>",
    "body background": "<body background=HIT>",
    "video poster": "<video poster=HIT></video>",
    "video": "<video src=HIT preload=auto></video>",
    "audio": "<audio src=HIT preload=auto></audio>",
    "track": "<video><track default src=HIT></video>",
    "iframe": "<iframe src=HIT></iframe>",
    "frame": "<frameset><frame src=HIT></frameset>",
    "object": "<object data=HIT></object>",
    "embed": "<embed src=HIT>",
    "stylesheet": "<link rel=stylesheet href=HIT>",
    "icon preload": "<link rel=preload as=image href=HIT>",
    "imagesrcset": "<link rel=preload as=image imagesrcset='HIT 1x'>",
    "base": "<base href='//ORIGIN/'><img src='PATH'>",
    "svg image": "<svg><image href=HIT /></svg>",
    "svg image xlink": "<svg><image xlink:href=HIT /></svg>",
    "svg feImage": "<svg><filter id=f><feImage href=HIT /></filter><rect width=9 height=9"
    " filter=url(#f) /></svg>",
    "style attribute": "<p style='background:url(HIT)'>x",
    "style attribute escapes": "<p style='background:\\75 r\\6c (HIT)'>x",
    "style attribute image-set": "<p style='background:image-set(\"HIT\" 1x)'>x",
    "style list": "<ul style='list-style:url(HIT)'><li>x</ul>",
    "style content": "<style>p:before{content:url(HIT)}</style><p>x",
    "style import": "<style>@import 'HIT';</style>",
    "style import url": "<style>@import url(HIT);</style>",
    "style import escapes": "<style>@\\69mport 'HIT';</style>",
    "style import comment": "<style>/* */@import/**/'HIT';</style>",
    "style font": "<style>@font-face{font-family:x;src:url(HIT)}p{font-family:x}</style><p>x",
    "style nested": "<style>@media all{p{background:url(HIT)}}</style><p>x",
    "style nesting": "<style>div{& p{background:url(HIT)}}</style><div><p>x</div>",
    "style variable": "<style>p{--x:url(HIT);background:var(--x)}</style><p>x",
    "style import in svg": "<svg><style>@imp&#111;rt 'HIT';</style></svg>",
    "style import cut in svg": "<svg><style>@im<!-- -->port 'HIT';</style></svg>",
}

# What acts only in other browsers, or where a program reads anew what it wrote itself.
INERT: Dict[str, str] = {
    "foreign title": "<svg><title><style></title><img src=x: onerror=JSE></style></svg>",
    "form's table": "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='"
    "</style><img src=x: onerror=JSE>'>",
    "javascript embed": "<embed src=\"javascript:JS\">",
    "javascript object": "<object data=\"javascript:JS\"></object>",
    "expression": "<p style='width:expression(JS)'>x",
    "behavior": "<p style='behavior:url(HIT)'>x",
    "binding": "<p style='-moz-binding:url(HIT)'>x",
    "conditional comment": "<!--[if true]><script>JS</script><![endif]-->",
    "entity macro": "<img width=\"&{JS};\">",
    "vbscript": "<a href=\"vbscript:JS\">x</a>",
    "dynsrc": "<img dynsrc=HIT lowsrc=HIT>",
    "bgsound": "<bgsound src=HIT>",
    "vml": "<v:rect><v:fill src=HIT></v:rect>",
    "xml namespace": "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>JS</x:script>",
    "xml entity": "<!DOCTYPE html [<!ENTITY x \"&#60;script>JS&#60;/script>\">]><p>&x;",
    "applet": "<applet code=x codebase=HIT></applet>",
    "noscript mutation": "<noscript><style></noscript><img src=x: onerror=JSE></style>",
    "plaintext": "<svg><plaintext><img src=x: onerror=JSE>",
    "unclosed tag": "<p>x<img src=x: onerror=JSE ",
    "unclosed tag with NUL": "<im\0g src=x: on\0error=JSE>",
}


def attacks(hit: Callable[[str], str]) -> Iterator[Tuple[str, str]]:
    """Each document by its name, asking for hit(its name) if it acts."""
    for name, document in {**ATTACKS, **INERT}.items():
        url = hit(name)
        code = f"void(new Image().src='{url}')"
        origin, path = url[2:].split("/", 1)
        data = b64encode(f"<script>new Image().src='http:{url}'</script>".encode()).decode()
        for word, meant in (
            ("B64", data),
            ("JSE", f'"{escape(code)}"'),
            ("JS", code),
            ("HIT", url),
            ("REST", url[2:]),
            ("ORIGIN", origin),
            ("PATH", path),
        ):
            document = document.replace(word, meant)
        yield name, document
