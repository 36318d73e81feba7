from __future__ import annotations

import pytest

from imap4proxy.section.mail_acl import HeaderChange, MailAcl, Replacement, SubjectText
from kernun_common.acl.choose import choose
from tests.support.mail_sections import errors_in, mail_acl
from tests.support.phase3 import SESSION, SomeHeader, with_mail

LIST = SomeHeader(fields={"list-id": ("<users.example.org>",), "x-loop": ("one", "two")})


def test_everything_at_once():
    acl = mail_acl(
        """subject-text "[SPAM] "; replace-body "virus.txt" type text/html; status-headers yes;
        modify-header add X-Checked "by the firewall"; modify-header delete X-Spam;
        quarantine "/var/quarantine"; accept;"""
    )
    assert acl.subject_text == SubjectText("[SPAM] ", "prefix")
    assert acl.replace_body == Replacement("/etc/virus.txt", "text/html")
    assert acl.modify_header == (
        HeaderChange("add", "X-Checked", "by the firewall"),
        HeaderChange("delete", "X-Spam", None),
    )
    assert (acl.status_headers, acl.quarantine) == (True, "/var/quarantine")


def test_defaults():
    acl = mail_acl("accept;")
    others = set(MailAcl.TABLE.rows) - {"accept"}
    assert all(getattr(acl, attribute) in (None, (), False) for attribute in others)


CONDITIONS = [
    # items, facts, do they hold
    ("command-acl STAFF;", with_mail(), True),
    ("command-acl ! { STAFF };", with_mail(), False),
    ("direction download;", with_mail(), True),
    ("direction { download, upload };", with_mail(direction="upload"), True),
    ("direction { upload };", with_mail(), False),
    ("virus-status { found, error };", with_mail(virus_status="error"), True),
    ("virus-status { found, error };", with_mail(virus_status="free"), False),
    ("virus-status skipped;", with_mail(), True),
    *((f"spam-score {sign} 5000;", with_mail(spam_score=score), holds)
      for sign, score, holds in [
          ("lt", 4999, True), ("lt", 5000, False),
          ("le", 5000, True), ("le", 5001, False),
          ("eq", 5000, True), ("eq", 5001, False),
          ("ge", 5000, True), ("ge", 4999, False),
          ("gt", 5001, True), ("gt", 5000, False)]),
    ("spam-score lt 0;", with_mail(spam_score=-100), False),
    ("spam-score eq 0;", with_mail(spam_score=-100), True),
    ("spam-score lt 5000;", with_mail(), False),
    ("spam-score unknown;", with_mail(), True),
    ("spam-score unknown;", with_mail(spam_score=0), False),
    ("size gt 4K;", with_mail(), True),
    ("size le 4K;", with_mail(), False),
    ("mail-structure invalid;", with_mail(), False),
    ("mail-structure ! { invalid };", with_mail(), True),
    ("mail-structure { corrected };", with_mail(structure="corrected"), True),
    ("sender alice@EXAMPLE.org;", with_mail(), True),
    ("sender Alice@example.org;", with_mail(), False),
    ("sender *@example.org;", with_mail(), True),
    ("sender x@example.org; sender alice@example.org;", with_mail(), True),
    ("sender ! { *@example.org };", with_mail(SomeHeader(senders=())), True),
    ("recipient carol@example.net;", with_mail(), True),
    ("recipient alice@example.org;", with_mail(), False),
    ('subject ~"wor";', with_mail(), True),
    ('subject ~"WOR";', with_mail(), False),
    ('subject "";', with_mail(SomeHeader(subjects=("",))), True),
    ("header List-ID *users*;", with_mail(LIST), True),
    ("header List-ID *;", with_mail(), False),
    ("header List-ID a; header list-id *users*;", with_mail(LIST), True),
    ("header List-ID *users*; header X-Loop two;", with_mail(LIST), True),
    ("header List-ID *users*; header X-Loop three;", with_mail(LIST), False),
    ("header X-Loop three; header X-Loop one; header List-ID a;", with_mail(LIST), False),
    ("from [10.0.0.0/8]; server * port 993;", with_mail(), True),
    ("from [192.0.2.0/24];", with_mail(), False),
    ("direction download;", SESSION, False),
    ("mail-structure ! { valid };", SESSION, False),
]


@pytest.mark.parametrize("items, facts, hold", CONDITIONS)
def test_condition(items, facts, hold):
    acl = mail_acl(f"{items} accept;")
    choice = choose([acl], facts)
    assert choice.accepted is hold
    assert [miss.acl for miss in choice.trail] == ([] if hold else [acl])


@pytest.mark.parametrize(
    "items, facts, ending",
    [
        ("command-acl GUESTS;", with_mail(), "for command-acl STAFF"),
        ("direction upload;", with_mail(), "for direction download"),
        ("virus-status found;", with_mail(), "for virus status skipped"),
        ("spam-score ge 5000;", with_mail(spam_score=12), "for spam score 12"),
        ("spam-score ge 5000;", with_mail(), "for spam score unknown"),
        ("size gt 9K;", with_mail(), "for a mail of 5000 octets"),
        ("mail-structure invalid;", with_mail(), "for mail structure valid"),
        ("sender a;", with_mail(), "for sender alice@example.org"),
        ("recipient a;", with_mail(SomeHeader(recipients=())), "for no recipient"),
        ("subject a;", with_mail(), "for subject Hello world"),
        ("header X a;", with_mail(), "for the header of the mail"),
    ],
)
def test_reason(items, facts, ending):
    (miss,) = choose([mail_acl(f"{items} accept;")], facts).trail
    assert miss.reason.endswith(f"does not hold {ending}")


COMPLAINTS = [
    ("subject-text x;", "expected accept or deny"),
    ("accept; deny;", "exclude each other"),
    ("subject-text x; deny;", "subject-text: has no effect"),
    ("status-headers yes; deny;", "status-headers: has no effect"),
    ('deny text "a\\r\\nb";', "printable ASCII"),
    ('subject-text ""; accept;', "must be one line"),
    ('subject-text "a\\nb"; accept;', "must be one line"),
    ("subject-text x middle; accept;", "expected `prefix` or `suffix`"),
    ("modify-header add X-A; accept;", "expected a text with add"),
    ("modify-header delete X-A b; accept;", "none with delete"),
    ('modify-header add X-A "a\\r\\nB: c"; accept;', "must be one line"),
    ('modify-header add "X A" b; accept;', "no name of a header field"),
    ('header "X:" b; accept;', "no name of a header field"),
    ("modify-header delete Content-Type; accept;", "belongs to the body"),
    ("modify-header add mime-version 1.0; accept;", "belongs to the body"),
    ('replace-body "x" type text; accept;', "no MIME type"),
    ("mail-structure odd; accept;", "must be of valid, corrected, invalid"),
    ("spam-score 5; accept;", "expected `lt`"),
    ("spam-score ge; accept;", "expected a number"),
    ("direction sideways; accept;", "sideways"),
    ("mail-acl X; accept;", "there is no `mail-acl`"),
]


@pytest.mark.parametrize("items, text", COMPLAINTS)
def test_complaint(items, text):
    (told,) = errors_in(MailAcl, items)
    assert text in told


def test_a_mail_that_is_denied_may_be_kept():
    acl = mail_acl('quarantine "q"; deny text "Not this one";')
    assert (acl.denies, acl.deny_text, acl.quarantine) == (True, "Not this one", "/etc/q")
