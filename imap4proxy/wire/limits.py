"""limits - how much of everything a client may send at once.

    Limits()                    the defaults; the program uses no others
    limits.bounds(logged_in)    those that are smaller before login

Sizes are in octets.  They are smaller before login: anyone may talk to us then.
What the grammar itself bounds (numbers) stands in abnf.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Bounds(NamedTuple):
    """What depends on being logged in; the names are those of `Limits`."""

    line: int
    command: int
    poison: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Each with its reason; the first seven are named by the specification, 2.2."""

    line_before_login: int = 8 * 1024      # Dovecot's login process uses the same
    line: int = 64 * 1024                  # long sequence sets and SEARCH programs
    command_before_login: int = 8 * 1024   # an ID of 30 fields fits; no mail comes then
    command: int = 256 * 1024              # lines and literals together, but for mails
    tag: int = 256                         # mail programs use up to 20
    nesting: int = 100                     # SEARCH: an OR for each of a list of addresses
    literals: int = 256                    # of one command: each costs the peers a turn
    answer: int = 64 * 1024                # a SASL answer: the largest Kerberos ticket that
    #                                        Windows makes (48,000) is 64,000 in base64
    poison_before_login: int = 64 * 1024   # what is consumed of a command that is refused,
    poison: int = 64 * 1024 * 1024         # ... rather than ending the session: most mails
    ranges: int = 8000                     # of a sequence set; a line of 64 KiB holds 5,000
    #                                        ranges of seven-digit UIDs
    section_depth: int = 64                # BODY[1.2.3]; mails are nested to 20 (mail-filter)
    id_fields: int = 30                    # RFC 2971 section 3.3

    def bounds(self, logged_in: bool) -> Bounds:
        if logged_in:
            return Bounds(self.line, self.command, self.poison)
        return Bounds(self.line_before_login, self.command_before_login, self.poison_before_login)
