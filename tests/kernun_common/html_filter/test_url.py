import pytest

from kernun_common.html_filter import url

CASES = [
    # URL, schemes, host
    ("http://example.org/x", ("http",), "example.org"),
    ("HTTP://Example.ORG", ("http",), "example.org"),
    ("//example.org/x", (), "example.org"),
    ("\\\\example.org\\x", (), "example.org"),
    ("/\\example.org", (), "example.org"),
    ("http:example.org", ("http",), "example.org"),
    ("http:\\\\example.org", ("http",), "example.org"),
    (" \x01ht\ntp://exa\tmple.org", ("http",), "example.org"),
    ("http://good.example@example.org/", ("http",), "example.org"),
    ("http://ex%61mple.org:80", ("http",), "example.org"),
    ("http://ｅxample.org", ("http",), "example.org"),
    ("http://0x7f.1/", ("http",), "127.0.0.1"),
    ("file://server/share", ("file",), "server"),
    ("ftp://example.org", ("ftp",), "example.org"),
    ("https://[", ("https",), ""),
    ("http://a b/", ("http",), ""),
    ("x/y.png", (), None),
    ("/x", (), None),
    ("#x", (), None),
    ("", (), None),
    ("cid:a@b", ("cid",), None),
    ("data:image/png;base64,AA", ("data", "data:image/png"), None),
    ("data:,x", ("data", "data:"), None),
    ("data: TEXT/html,x", ("data", "data:text/html"), None),
    ("java\tscr\nipt:x", ("javascript",), ""),
    ("java\0script:x", ("javascript",), None),
    ("\ud800", (), None),
]


@pytest.mark.parametrize("text, schemes, host", CASES)
def test_url(text, schemes, host):
    assert (url.schemes(text), url.host(text)) == (schemes, host)


SETS = [
    ("a.png", {"a.png"}),
    ("a.png 1x, //b/c 2x", {"a.png", "1x", "//b/c", "2x"}),
    ("a 1x,//b/c", {"a", "1x", "//b/c", "1x,//b/c"}),
    ("", set()),
    (" , ", set()),
]


@pytest.mark.parametrize("text, urls", SETS)
def test_srcset(text, urls):
    assert set(url.srcset(text)) == urls


ACTIVE = [
    ("javascript:x", True),
    (" JAVA\nSCRIPT:x", True),
    ("1; javascript:x", True),
    ("vbscript:x", True),
    ("data:text/html,x", True),
    ("data:image/png,x", False),
    ("about javascript", False),
    ("http://javascript/", False),
]


@pytest.mark.parametrize("text, active", ACTIVE)
def test_is_active(text, active):
    assert url.is_active(text) is active
