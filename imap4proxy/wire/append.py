r"""append - APPEND and MULTIAPPEND: the mails themselves never come here.

    "APPEND" SP mailbox 1*(SP [flags SP] [date-time SP] literal)

The reader stands still where a mail is announced (`head`, `next_head`), with
everything before it read and checked.  The engine writes the same piece by piece:

    encode_prefix(tag, mailbox, utf8)       p1 APPEND "Sent Items"
    encode_mail(mail, synchronizing)         (\Seen) "14-Jul-1993 02:44:25 -0700" {310}
    ... 310 octets ...
    encode_end(mail)                        CRLF; of the last mail

Sources: RFC 3501 section 6.3.11, RFC 3502, RFC 3516 section 4.4 (literal8),
RFC 6855 section 4 (UTF8).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import List, Tuple

from . import strings
from .command import Command
from .fragments import Literal, header
from .names import Needs, need
from .scanner import Invalid, Scanner
from .search import MONTH

_BINARY = need(b"BINARY")
_MULTIAPPEND = need(b"MULTIAPPEND")
_UTF8 = need(b"UTF8=ACCEPT")

_DATE_TIME = re.compile(
    rb'"([ 0-3]\d)-([A-Za-z]{3})-(\d{4}) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60) ([+-]\d{4})"'
)
_UTF8_FORM = re.compile(rb"UTF8 \(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AppendMail:
    """A mail as it is announced; `date` with its quotes."""

    size: int
    flags: Tuple[bytes, ...] = ()
    date: bytes | None = None
    binary: bool = False
    utf8: bool = False          # in the form UTF8 (~{n})
    behind_utf8: bool = False   # that of the mail before it is still open
    needs: Needs = ()


@dataclass(frozen=True, slots=True)
class Append(Command):
    """All mails have been announced and have come."""

    mailbox: bytes = field()
    mails: Tuple[AppendMail, ...]

    @property
    def name(self) -> str:
        return "APPEND"

    @property
    def needs(self) -> Needs:
        return tuple(dict.fromkeys(need_ for mail in self.mails for need_ in mail.needs))


# --- reading -----------------------------------------------------------------------------------


def head(scan: Scanner) -> Tuple[bytes, AppendMail]:
    """From behind the verb to the first mail: the mailbox and the mail.

    Pending: the mailbox is a literal that has not come.
    """
    scan.sp()
    mailbox = scan.mailbox()
    return mailbox, _announced(scan, ())


def next_head(scan: Scanner, last: AppendMail) -> AppendMail | None:
    """Behind the mail `last`: the next one, None if the command ends here."""
    if last.utf8:
        scan.closing()
    if scan.ended:
        return None
    return _announced(scan, (_MULTIAPPEND,), last.utf8)


def _announced(scan: Scanner, needs: Needs, behind_utf8: bool = False) -> AppendMail:
    """append-message = [SP flag-list] [SP date-time] SP append-data"""
    scan.sp()
    flags = _flags(scan) if scan.looking_at(b"(") else ()
    date = _date_time(scan) if scan.looking_at(b'"') else None
    utf8 = _UTF8_FORM.match(scan.text, scan.at)
    if utf8:
        scan.at = utf8.end()
    literal = scan.announced()
    if literal is None or utf8 and not literal.binary:
        raise Invalid("literal expected")
    if literal.binary:
        needs += (_UTF8,) if utf8 else (_BINARY,)
    return AppendMail(literal.size, flags, date, literal.binary, bool(utf8), behind_utf8, needs)


def _flags(scan: Scanner) -> Tuple[bytes, ...]:
    """flag-list SP"""
    flags: List[bytes] = []
    scan.opening()
    if not scan.looking_at(b")"):
        flags.append(scan.flag())
        while scan.accept(b" "):
            flags.append(scan.flag())
    scan.closing()
    scan.sp()
    return tuple(flags)


def _date_time(scan: Scanner) -> bytes:
    """date-time SP"""
    found = _DATE_TIME.match(scan.text, scan.at)
    month = MONTH.get(found[2].upper()) if found else None
    if found is None or month is None or not 1 <= int(found[1]) <= 31:
        raise Invalid("date and time expected")
    scan.at = found.end()
    scan.sp()
    return found[0][:4] + month + found[0][7:]


# --- writing -----------------------------------------------------------------------------------


def encode_prefix(tag: bytes, mailbox: bytes, utf8: bool) -> bytes:
    """The octets before the first mail.  `utf8`: the server takes UTF-8 in a quoted string."""
    if strings.is_astring(mailbox):
        return b"%b APPEND %b" % (tag, mailbox)
    if not strings.holds(mailbox, utf8):
        raise ValueError("a mailbox name that needs UTF-8")
    return b"%b APPEND %b" % (tag, strings.quoted(mailbox))


def encode_mail(mail: AppendMail, synchronizing: bool, size: int | None = None) -> bytes:
    """The octets between what is before and the mail; `size` where it is another one now."""
    octets = b") " if mail.behind_utf8 else b" "
    if mail.flags:
        octets += b"(" + b" ".join(mail.flags) + b") "
    if mail.date is not None:
        octets += mail.date + b" "
    if mail.utf8:
        octets += b"UTF8 ("
    length = mail.size if size is None else size
    return octets + header(Literal(length, synchronizing, mail.binary))


def encode_end(last: AppendMail) -> bytes:
    """The octets behind the last mail."""
    return b")\r\n" if last.utf8 else b"\r\n"
