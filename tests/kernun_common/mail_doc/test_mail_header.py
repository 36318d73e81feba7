from __future__ import annotations

import pytest

from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mail_header import MailHeader
from kernun_common.mail_doc.mime import parse

MAIL = b"""\
From: "Al" <al@example.org>
Sender: list@example.org
To: a@b, c@d
CC: e@f
Bcc: g@h
Subject: =?utf-8?q?Gr=C3=BCn?=
 tea
X-Loop: one
x-loop:  two

""".replace(b"\n", b"\r\n")


def header(octets):
    return MailHeader(octets, parse(octets, Limits()).root.fields)


def test_facts():
    facts = header(MAIL)
    assert facts.senders == ("al@example.org", "list@example.org")
    assert facts.recipients == ("a@b", "c@d", "e@f", "g@h")
    assert facts.subjects == ("Grün tea",)


@pytest.mark.parametrize("name", ["X-Loop", "x-loop", "X-LOOP"])
def test_values(name):
    assert header(MAIL).values(name) == ("one", "two")


def test_of_a_mail_without_header():
    facts = header(b"\r\nbody")
    assert (facts.subjects, facts.senders, facts.values("x")) == (("",), (), ())


def test_all_subjects_count():
    assert header(b"Subject: a\r\nsubject: b\r\n\r\n").subjects == ("a", "b")
