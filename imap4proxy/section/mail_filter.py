"""mail_filter - corrections of mails that violate RFCs; mod-mail-doc(5).

A violation is corrected, or passed as it is, or the mail is denied, each as an
item says.  See also: ../engine/processing.py, ../../kernun_common/mail_doc/.
"""

from __future__ import annotations

from typing import NamedTuple

from kernun_common.configuration.constraints import Constraint
from kernun_common.configuration.schema import Section, item, section


class HeaderLimit(NamedTuple):
    """The most octets of a header field, and what is done with a longer one."""

    size: int
    action: str


class MailLimits(NamedTuple):
    """What of a mail is read: its parts, how deep they are nested, the octets of a header."""

    parts: int = 1000
    depth: int = 20
    headers: int = 256 * 1024


# RFC 5322, 2.1.1: a line has 998 octets at most, so no program may do with less.
field_size = Constraint("must be at least 998 octets", lambda row: row.size >= 998)
limits = Constraint("must not be zero", lambda row: all(row))


@section("mail-filter", "What is done with mails that violate RFCs.")
class MailFilter(Section):
    """Every item has a default, so that a section that is not there filters, too."""

    invalid_header: str = item(
        "cut|pass|deny",
        default="cut",
        text="A line within a header that is no header field: it is taken out, or stays, or the"
        " mail is denied. Blanks between the name of a field and its colon are taken out.",
    )
    header_8bit_chars: str = item(
        "pass|encode|deny",
        default="pass",
        text="Characters outside ASCII in a header: they stay, or are encoded as RFC 2047 has it,"
        " or the mail is denied.",
    )
    body_8bit_chars: str = item(
        "correct|pass|deny",
        default="pass",
        text="Characters outside ASCII in a part whose transfer encoding excludes them: the part"
        " is encoded as quoted-printable, or they stay, or the mail is denied.",
    )
    bad_chars: str = item(
        "correct|pass|deny",
        default="correct",
        text="NUL, and CR or LF alone: NUL is taken out and the others become line ends, or they"
        " stay, or the mail is denied.",
    )
    correct_quoting: bool = item(
        "yes-no",
        default="yes",
        text="Put values of header parameters, such as names of files, in quotation marks where"
        " they need them and have none.",
    )
    max_header_line: HeaderLimit = item(
        "<size> size <action> cut|deny",
        into=HeaderLimit,
        default="64K cut",
        check=field_size,
        text="The most octets of a line in a header. A longer one is cut at its end, or the mail"
        " is denied.",
    )
    ambiguous_mime: str = item(
        "normalize|pass|deny",
        default="normalize",
        text="A part that mail programs read in different ways: it is written"
        " anew so that all of them read what was checked, or stays, or the mail is denied.",
    )
    limits: MailLimits = item(
        "[parts uint32] [depth uint8] [headers size]",
        into=MailLimits,
        default="parts 1000 depth 20 headers 256K",
        check=limits,
        text="The most parts of a mail, how deep they may be nested, and the most octets of one"
        " header. A mail that exceeds them has the `mail-structure` invalid, and so has one with"
        " more than 20,000 header fields in all. What is not given is as in the default.",
    )
