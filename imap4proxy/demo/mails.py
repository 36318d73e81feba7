"""mails - two mails that the demonstration puts into its mailbox: one with a virus, and spam.

    uids = put(port, user, password)        {"virus": 105, "spam": 106}
"""

from __future__ import annotations

import imaplib
import re
from email.message import EmailMessage
from typing import Dict

from .engines import EICAR, GTUBE
from .program import HOST

_UID = re.compile(rb"APPENDUID \d+ (\d+)")


def _mail(subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Stranger <stranger@example.net>"
    mail["To"] = "demouser@example.com"
    mail["Date"] = "Mon, 02 Mar 2026 10:00:00 +0000"
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{subject.split()[-1].lower()}@example.net>"
    mail.set_content(text)
    return mail


def virus() -> bytes:
    """With a harmless file attached that all antivirus programs find."""
    mail = _mail("Your invoice", "Please open the attached invoice.\n")
    mail.add_attachment(EICAR, "application", "octet-stream", filename="invoice.com")
    return mail.as_bytes().replace(b"\n", b"\r\n")


def spam() -> bytes:
    """With the text that all antispam programs find."""
    return _mail("You have won", f"{GTUBE.decode()}\n").as_bytes().replace(b"\n", b"\r\n")


def put(port: int, user: str, password: str) -> Dict[str, int]:
    """Straight into the mailbox behind the proxy; the UIDs that they have there."""
    uids = {}
    with imaplib.IMAP4(HOST, port) as client:
        client.login(user, password)
        for name, mail in (("virus", virus()), ("spam", spam())):
            _, told = client.append("INBOX", "", "", mail)
            found = _UID.search(told[0])
            uids[name] = int(found[1]) if found else 0
    return uids
