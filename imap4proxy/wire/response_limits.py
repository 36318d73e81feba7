"""response_limits - how much of a server's response is taken before it is no IMAP any more.

In octets, where nothing else is said.  Smaller before login: until then nobody
has vouched for the server but its address.  A literal of a FETCH or of any other
response behind login is not held and has no bound here: it streams past (spec
2.3), and max-bytes-in and max-mail-in of the command-acl bound it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResponseLimits:
    line_before_login: int = 8 * 1024     # the longest greetings and SASL challenges have 2 KiB
    literal_before_login: int = 1024      # within an ID response, which alone can have one
    status: int = 64 * 1024               # COPYUID of a large mailbox; literals in it included
    code_literals: int = 16               # in one response code: charsets of BADCHARSET, if any
    tag: int = 256                        # the proxy's own are shorter
    capabilities: int = 256               # words of a list; Dovecot has 60.  Lists are remembered
    capability: int = 128                 # ... of so many octets each; OAuth's longest has 30
    token: int = 64 * 1024                # an atom, a quoted string, the flags of one mail
    response: int = 64 * 1024 * 1024      # without literals: SEARCH of ten million mails
    nesting: int = 250                    # Dovecot stops at 100 levels of MIME parts
    whole_line: int = 16 * 1024           # a line up to here is waited for and checked in one go
