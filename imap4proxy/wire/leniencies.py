"""leniencies - what a server may get wrong without ending the session, each by name.

A piece of a response tells in `lenient` which of them it needed, and the session
writes a D message for each.  Nothing else that is not valid IMAP passes.  What a
client may get wrong is in quirks.py.  Spec 2.2.
"""

from __future__ import annotations

from enum import Enum


class Leniency(Enum):
    """The value is what the log says."""

    # Passed on as it is.
    BARE_PLUS = "continuation request without a blank and text"       # Yandex
    EMPTY_TEXT = "status response without text"                       # iCloud's BYE, mail.ru
    EIGHT_BIT_TEXT = "8-bit octets in the text of a status response"  # Dovecot: mailbox names
    UNKNOWN_CODE = "unknown response code, or one of another form"    # Gmail: flags with "]"
    UNKNOWN_FLAG = "flag that is neither an atom nor a system flag"   # the same; InterMail: quoted
    UNKNOWN_ITEM = "unknown item in a FETCH response"                 # extensions to come

    # Put right.
    TRAILING_BLANK = "blank at the end of a response or flag list"    # Exchange: STATUS; QQ
    EIGHT_BIT_STRING = "8-bit octets in a quoted string"              # raw names and subjects
    NIL_LIST = "NIL for an empty list"                                # FLAGS NIL of small servers
