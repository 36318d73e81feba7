from __future__ import annotations

from imap4proxy.section.mail_filter import MailFilter
from kernun_common.mail_doc.rules import Line, Rules


def public(protocol):
    return {name for name in vars(protocol) if not name.startswith("_")}


def test_a_section_mail_filter_has_them_all():
    assert public(Rules) <= set(MailFilter.TABLE.rows)
    assert public(Line) <= set(MailFilter().max_header_line._fields)
