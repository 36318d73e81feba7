from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc.template import LIMIT, NAMES, Template, one_line, type_of

VALUES = {name: f"<{name}>" for name in NAMES}


@pytest.mark.parametrize("text, filled", [
    (b"plain", "plain"),
    (b"", ""),
    (b"100%% of %(virus-name)s%(filename)s!", "100% of <virus-name><filename>!"),
    (b"\xef\xbb\xbf\xc4\x8d %(acl)s", "č <acl>"),
    (b"%(mime-type)s %(spam-score)s %(date)s %(msgid)s", "<mime-type> <spam-score> <date> <msgid>"),
])
def test_fill(text, filled):
    assert Template.of(text).fill(VALUES, "text/plain") == filled


def test_html_is_escaped():
    template = Template.of(b'<b title="%(filename)s">')
    assert template.fill({"filename": '"><script>'}, "text/html") == (
        '<b title="&quot;&gt;&lt;script&gt;">'
    )


@pytest.mark.parametrize("text, told", [
    (b"a\n%(virus)s", "line 2: there is no %(virus)s; known: %(virus-name)s"),
    (b"50% off", "line 1: a single %"),
    (b"%(virus-name)d", "a single %"),
    (b"%", "a single %"),
    (b"a\xff", "octet 1 is not UTF-8"),
])
def test_no_template(text, told):
    with pytest.raises(ValueError) as error:
        Template.of(text)
    assert str(error.value).startswith(told) or told in str(error.value)


@given(st.text())
def test_a_value_is_one_line(value):
    line = Template.of(b"[%(filename)s]").fill({"filename": value}, "text/plain")
    assert len(line) <= LIMIT + 2 and line.isprintable() and len(line.splitlines()) == 1


def test_a_value_never_makes_a_place():
    template = Template.of(b"%(filename)s")
    assert template.fill({"filename": "%(acl)s %%", "acl": "x"}, "text/plain") == "%(acl)s %%"


@pytest.mark.parametrize("value, line", [
    ("a\r\nb", "a??b"), ("\u202egnp.exe", "?gnp.exe"), ("x" * 300, "x" * 197 + "..."),
])
def test_one_line(value, line):
    assert one_line(value) == line


@pytest.mark.parametrize("path, type", [
    ("/a/b.txt", "text/plain"),
    ("/a/b.HTML", "text/html"),
    ("x.htm", "text/html"),
    ("", "text/plain"),
])
def test_type_of(path, type):
    assert type_of(path) == type
