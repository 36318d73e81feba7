from imap4proxy.section.mail_pool import MailPoolSection
from tests.support.configurations import proxy


def test_defaults():
    section = MailPoolSection()
    assert (section.dir, section.memory, section.free) == (
        "/var/spool/imap4-proxy", 1 << 20, 100 << 20,
    )  # fmt: skip


def test_written():
    section = proxy('mail-pool { dir "pool"; memory 2M; free 1G; }').mail_pool
    assert (section.dir, section.memory, section.free) == ("/etc/pool", 2 << 20, 1 << 30)
