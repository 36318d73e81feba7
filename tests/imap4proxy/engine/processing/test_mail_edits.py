from __future__ import annotations

import email

import pytest

from kernun_common.antivirus.status import Status
from tests.imap4proxy.engine.processing.scene import Said, Scene
from tests.support.mail_trees import leaf, mail, multipart

REST = " doc-acl REST { accept; }"
TOP = b"Subject: Hi\r\nX-A: 1\r\nMIME-Version: 1.0\r\n"
MAIL = mail(multipart("x", leaf(b"a"), leaf(b"b")), TOP)
INFECTED = Said(Status.FOUND, "Eicar", 7500)

CASES = [
    # actions, header then
    ('subject-text "[S] ";', b"Subject: [S] Hi\r\nX-A: 1\r\n"),
    ('subject-text " (s)" suffix;', b"Subject: Hi (s)\r\nX-A: 1\r\n"),
    ("modify-header delete x-a;", b"Subject: Hi\r\n"),
    ("modify-header add X-B 2; modify-header delete X-A;", b"Subject: Hi\r\nX-B: 2\r\n"),
    ("modify-header replace X-A 2;", b"Subject: Hi\r\nX-A: 2\r\n"),
    ("modify-header replace X-C 3;", b"Subject: Hi\r\nX-A: 1\r\nX-C: 3\r\n"),
    ('modify-header add X-B "\\xe1";', b"Subject: Hi\r\nX-A: 1\r\nX-B: =?utf-8?b?w6E=?=\r\n"),
    ('modify-header replace Subject x; subject-text "[S] ";', b"Subject: x\r\nX-A: 1\r\n"),
    (
        "status-headers yes;",
        b"Subject: Hi\r\nX-A: 1\r\nX-Kernun-Spam-Score: 7.5\r\nX-Kernun-Virus-Status: found\r\n"
        b"X-Kernun-Virus-Name: Eicar\r\n",
    ),
]


@pytest.mark.parametrize("actions, header", CASES)
def test_header(actions, header):
    outcome = Scene(f"mail-acl A {{ {actions} accept; }}{REST}", INFECTED).run(MAIL)
    before, mime, rest = outcome.octets.partition(b"MIME-Version: 1.0\r\n")
    tail = MAIL.partition(b"MIME-Version: 1.0\r\n")[2]
    typed, _, body = tail.partition(b"\r\n\r\n")
    head, _, same = rest.partition(b"\r\n\r\n")
    added = head.removeprefix(typed).lstrip(b"\r\n")
    assert before + added + b"\r\n" * bool(added) == header
    assert same == body


def test_replace_body():
    scene = Scene(
        'mail-acl A { replace-body "v.html"; accept; }' + REST,
        INFECTED,
        {"/etc/v.html": b"<p>%(virus-name)s %(mime-type)s %(spam-score)s %(acl)s %(date)s</p>"},
    )
    read = email.message_from_bytes(scene.run(MAIL).octets)
    assert read.get_content_type() == "text/html" and read["X-A"] == "1"
    assert read.get_payload(decode=True).strip() == (
        b"<p>Eicar multipart/mixed 7.5 A 24-Dec-2026 10:00:00 +0100</p>"
    )


def test_the_body_that_is_replaced_has_the_type_that_is_written():
    scene = Scene(
        'mail-acl A { replace-body "v.html" type TEXT/Plain; accept; }' + REST,
        templates={"/etc/v.html": b"<%(msgid)s>"},
    )
    read = email.message_from_bytes(scene.run(b"Message-ID: <a@b>\r\n" + MAIL).octets)
    assert (read.get_content_type(), read.get_payload(decode=True).strip()) == (
        "text/plain",
        b"<a@b>",
    )
