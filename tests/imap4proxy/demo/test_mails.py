from email import message_from_bytes, policy

from imap4proxy.demo.engines import EICAR, GTUBE
from imap4proxy.demo.mails import spam, virus


def test_virus():
    mail = message_from_bytes(virus(), policy=policy.default)
    [attached] = mail.iter_attachments()
    assert attached.get_filename() == "invoice.com" and attached.get_content() == EICAR


def test_spam():
    assert GTUBE in spam() and b"\r\n" in spam()
