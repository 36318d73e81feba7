from __future__ import annotations

import base64
import email

import pytest

from imap4proxy.engine.processing import doc_edits
from kernun_common.html_filter.filter import Filtered
from tests.imap4proxy.engine.processing.scene import Scene
from tests.support.mail_trees import leaf, mail, multipart

EXE = (
    b"Content-Type: application/octet-stream; name=a.exe\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(b"MZ program")
)
HTML = b"Content-Type: text/html; charset=utf-8\r\nX-Z: 1\r\n\r\n<script>\r\n"
MAIL = mail(multipart("x", leaf(b"a"), EXE, HTML))
DECLARED = b"Content-Type: application/octet-stream; name=a.exe\r\n"


def scene(rule, **rest):
    documents = f"doc-acl R {{ {rule} accept; }} doc-acl X {{ accept; }}"
    return Scene(f"mail-acl A {{ accept; }} {documents}", **rest)


CASES = [
    # rule, the mail then
    ("filename *.exe; remove;", mail(multipart("x", leaf(b"a"), HTML))),
    ("filename *.com; remove;", MAIL),
    (
        "mime-type application/x-dosexec; force-doctype-ident;",
        MAIL.replace(DECLARED, b"Content-Type: application/x-dosexec; name=a.exe\r\n"),
    ),
    (
        "filename *.exe; doctype-ident-order { extension }; force-doctype-ident;",
        MAIL.replace(DECLARED, b"Content-Type: application/x-dosexec; name=a.exe\r\n"),
    ),
    ("mime-type text/*; doctype-ident-order { extension }; force-doctype-ident;", MAIL),
    ("mime-type text/plain; force-doctype-ident;", MAIL),
]


@pytest.mark.parametrize("rule, then", CASES)
def test_rule(rule, then):
    assert scene(rule).run(MAIL).octets == then


def test_replace():
    outcome = scene(
        'filename *.exe; replace "note" type text/html filename "note.html";',
        templates={"/etc/note": b"<b>%(filename)s</b> was %(mime-type)s, %(acl)s"},
    ).run(MAIL)
    parts = email.message_from_bytes(outcome.octets).get_payload()
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html", "text/html"]
    assert parts[1].get_filename() == "note.html"
    assert parts[1].get_payload(decode=True) == b"<b>a.exe</b> was application/x-dosexec, R"


FILTERED = [
    # what the filter makes of it, the part then
    (Filtered(), HTML),
    (
        Filtered(b"<p>\r\n"),
        b"Content-Type: text/html; charset=utf-8\r\nX-Z: 1\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>\r\n",
    ),
    (
        Filtered(b"<p>\n"),
        b"Content-Type: text/html; charset=utf-8\r\nX-Z: 1\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nPHA+Cg==",
    ),
    (Filtered(otherwise="remove"), None),
]


@pytest.mark.parametrize("filtered, part", FILTERED)
def test_html_filter(filtered, part, monkeypatch):
    asked = []

    def filter_html(octets, charset, section):
        asked.append((octets, charset, section.name))
        return filtered

    monkeypatch.setattr(doc_edits, "filter_html", filter_html)
    outcome = scene("html-filter SAFE;").run(MAIL)
    rest = (leaf(b"a"), EXE)
    assert outcome.octets == mail(multipart("x", *rest, *([part] if part else [])))
    assert asked == [(b"<script>\r\n", "utf-8", "SAFE")]


@pytest.mark.parametrize("html", [b"<p>", b"<p>\r\n", b"<p>\n", "<p>č".encode("utf-16")])
@pytest.mark.parametrize("nested", [False, True])
def test_the_document_is_what_the_filter_made(html, nested, monkeypatch):
    monkeypatch.setattr(doc_edits, "filter_html", lambda *_: Filtered(html))
    octets = scene("html-filter SAFE;").run(MAIL if nested else mail(HTML)).octets
    part = email.message_from_bytes(octets)
    part = part.get_payload(2) if nested else part
    assert part.get_payload(decode=True) in (html, html + b"\r\n")


def test_html_that_cannot_be_filtered_may_deny_the_mail(monkeypatch):
    monkeypatch.setattr(doc_edits, "filter_html", lambda *_: Filtered(otherwise="deny"))
    outcome = scene("html-filter SAFE;").run(MAIL)
    assert (outcome.denied, outcome.reason, outcome.pieces) == (True, None, None)


BAD = b"Content-Type: text/html\r\n\r\n<p onclick='x()'>Hi<script>evil()</script></p>\r\n"


@pytest.mark.parametrize("part", [BAD, BAD.replace(b"text/html", b"Application/XHTML+xml")])
def test_html_is_filtered_once(part):
    rules = scene("html-filter SAFE;")
    once = rules.run(mail(multipart("x", leaf(b"<script>"), part))).octets
    assert b"evil" not in once and b"onclick" not in once and b"Hi" in once
    assert b"\r\n\r\n<script>\r\n" in once  # a text is none
    assert rules.run(once).octets == once
