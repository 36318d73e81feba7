from __future__ import annotations

import pytest

from imap4proxy.section.doc_acl import DocAcl, DocumentReplacement
from kernun_common.acl.choose import choose
from tests.support.mail_sections import doc_acl, errors_in
from tests.support.phase3 import with_document, with_mail


@pytest.mark.parametrize(
    "items, attribute, value",
    [
        ('replace "p.txt";', "replace", DocumentReplacement("/etc/p.txt")),
        (
            'replace "p" type text/html filename "a b.html";',
            "replace",
            DocumentReplacement("/etc/p", "text/html", "a b.html"),
        ),
        ("remove;", "remove", True),
        (
            "doctype-ident-order { magic, extension };",
            "doctype_ident_order",
            ("magic", "extension"),
        ),
        ("force-doctype-ident;", "force_doctype_ident", True),
    ],
)
def test_action(items, attribute, value):
    assert getattr(doc_acl(f"{items} accept;"), attribute) == value


def test_html_filter_is_the_section():
    filter_ = doc_acl("html-filter SAFE; accept;").html_filter
    assert (filter_.name, filter_.TABLE.keyword) == ("SAFE", "html-filter")


ARCHIVE = with_document(members=("tools/Setup.exe", "Setup.exe"))

CONDITIONS = [
    # items, facts, do they hold
    ("mail-acl SPAM;", with_document(), True),
    ("mail-acl REST;", with_document(), False),
    ("direction download; virus-status skipped; spam-score unknown;", with_document(), True),
    ("direction upload;", with_document(), False),
    ("size ge 1000;", with_document(), True),
    ("size gt 1000;", with_document(), False),
    ("mime-type TEXT/plain;", with_document(), True),
    ("mime-type text/*;", with_document(), True),
    ('mime-type "";', with_document(types=("",)), True),
    ("mime-type { b/b };", with_document(types=("text/plain", "b/b")), True),
    ("filename *.exe;", with_document(names=("A.EXE",)), True),
    ("filename a.exe;", with_document(names=("A.EXE",)), True),
    ('filename ~"exe$";', with_document(names=("A.EXE",)), True),
    ("filename *;", with_document(), False),
    ("filename ! { *.exe };", with_document(), True),
    ("archive-member *.exe;", ARCHIVE, True),
    ("archive-member setup.exe;", ARCHIVE, True),
    ("archive-member *.js;", ARCHIVE, False),
    ("mime-type *;", with_mail(), False),
]


@pytest.mark.parametrize("items, facts, hold", CONDITIONS)
def test_condition(items, facts, hold):
    assert choose([doc_acl(f"{items} accept;")], facts).accepted is hold


@pytest.mark.parametrize(
    "items, facts, ending",
    [
        ("mail-acl A;", with_document(), "for mail-acl SPAM"),
        ("size lt 1;", with_document(), "for a document of 1000 octets"),
        ("mime-type a/b;", with_document(), "for type text/plain"),
        ("filename a;", with_document(names=("b", "c")), "for file name b, c"),
        ("archive-member a;", with_document(), "for no archive member"),
    ],
)
def test_reason(items, facts, ending):
    (miss,) = choose([doc_acl(f"{items} accept;")], facts).trail
    assert miss.reason.endswith(f"does not hold {ending}")


COMPLAINTS = [
    ("remove;", "expected accept or deny"),
    ("remove; deny;", "remove: has no effect"),
    ("force-doctype-ident; deny;", "force-doctype-ident: has no effect"),
    ('remove; replace "a"; accept;', "exclude each other"),
    ('html-filter SAFE; replace "a"; accept;', "exclude each other"),
    ("force-doctype-ident; remove; accept;", "not sent"),
    ("html-filter WILD; accept;", "no html-filter `WILD` is defined"),
    ('replace "a" type "text/plain; x"; accept;', "no MIME type"),
    ('replace "a" filename "../x"; accept;', "without slash"),
    ('replace "a" filename "a\\nb"; accept;', "one line"),
    ("doctype-ident-order { guess }; accept;", "guess"),
    ('deny text "\\xe1";', "printable ASCII"),
]


@pytest.mark.parametrize("items, text", COMPLAINTS)
def test_complaint(items, text):
    (told,) = errors_in(DocAcl, items)
    assert text in told
