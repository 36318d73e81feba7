r"""peer_scripts - what a client says to servers and proxies that are compared with each other.

A script is a connection; each of its steps is sent in one segment, and answered when the
response with its tag has come.  USER stands for the user's name.  `starttls`: to the port
where STARTTLS is offered; behind its OK the handshake follows.  The last step is LOGOUT, and
read to the end of the connection.
"""

from __future__ import annotations

from typing import NamedTuple, Sequence


class Script(NamedTuple):
    """`steps`: octets, and the tag whose response is waited for (`+`: a continuation request)."""

    name: str
    steps: Sequence[tuple[bytes, bytes]]
    starttls: bool = False


LOGIN = (b"a LOGIN USER secret\r\n", b"a")
SELECT = (b"s SELECT INBOX\r\n", b"s")
END = (b"zz LOGOUT\r\n", b"")
PLAIN = b"AFVTRVIAc2VjcmV0"  # is replaced by that of the user


def before(name: str, *sent: bytes, tag: bytes = b"a", starttls: bool = False) -> Script:
    """Of a client who has not logged in."""
    return Script(name, [*((each, tag) for each in sent), END], starttls)


def after(name: str, sent: bytes, tag: bytes = b"a") -> Script:
    """Of one who has, and has selected a mailbox."""
    return Script(name, [LOGIN, SELECT, (sent, tag), END])


SCRIPTS = (
    # an honest client
    Script("honest", [
        (b"1 CAPABILITY\r\n", b"1"), (b"2 NOOP\r\n", b"2"), LOGIN, SELECT,
        (b"3 FETCH 1:* (UID FLAGS RFC822.SIZE ENVELOPE BODYSTRUCTURE)\r\n", b"3"),
        (b"4 FETCH 1:* (BODY.PEEK[])\r\n", b"4"), (b"5 SEARCH TEXT fox\r\n", b"5"),
        (b"6 STORE 1 +FLAGS (\\Flagged)\r\n", b"6"), (b'7 LIST "" *\r\n', b"7"),
        (b"8 STATUS INBOX (MESSAGES UNSEEN)\r\n", b"8"), (b"9 SELECT Nowhere\r\n", b"9"), END,
    ]),
    Script("IDLE", [LOGIN, SELECT, (b"i IDLE\r\n", b"+"), (b"DONE\r\n", b"i"), END]),
    Script("APPEND, synchronizing", [
        LOGIN, (b"b APPEND INBOX {14}\r\n", b"+"), (b"From: a\r\n\r\nabc\r\n", b"b"), END,
    ]),
    Script("LOGIN by literals", [
        (b"a LOGIN {LENGTH}\r\n", b"+"), (b"USER {6}\r\n", b"+"), (b"secret\r\n", b"a"), END,
    ]),
    before("a wrong password, then the right one", b"a LOGIN USER wrong\r\n", LOGIN[0]),
    before("AUTHENTICATE PLAIN, initial response", b"a AUTHENTICATE PLAIN " + PLAIN + b"\r\n"),
    Script("AUTHENTICATE, cancelled", [
        (b"a AUTHENTICATE PLAIN\r\n", b"+"), (b"*\r\n", b"a"), LOGIN, END,
    ]),
    before("ID before LOGIN", b'a ID ("name" "x")\r\n'),
    # all at once
    Script("all in one segment", [
        (b"a LOGIN USER secret\r\nb SELECT INBOX\r\nc FETCH 1 BODY.PEEK[]\r\nzz LOGOUT\r\n", b""),
    ]),
    Script("ID with literals and LOGIN in one segment", [
        (b'i ID ("name" {4+}\r\nmail)\r\na LOGIN USER secret\r\nzz LOGOUT\r\n', b""),
    ]),
    Script("LOGIN by literals in one segment", [
        (b"a LOGIN {LENGTH+}\r\nUSER {6+}\r\nsecret\r\nb NOOP\r\nzz LOGOUT\r\n", b""),
    ]),
    Script("AUTHENTICATE and what follows in one segment", [
        (b"a AUTHENTICATE PLAIN\r\n" + PLAIN + b"\r\nb CAPABILITY\r\nzz LOGOUT\r\n", b""),
    ]),
    after("IDLE, DONE and NOOP in one segment", b"i IDLE\r\nDONE\r\nd NOOP\r\n", b"d"),
    # before the login
    before("SELECT before the login", b"a SELECT INBOX\r\n"),
    before("an unknown command", b"a XYZZY\r\n"),
    before("an empty line", b"\r\na NOOP\r\n"),
    before("bare LF", b"a NOOP\nb NOOP\r\n", tag=b"b"),
    before("NUL", b"a NO\0OP\r\n"),
    before("two blanks", b"a  NOOP\r\n"),
    before("a tag +", b"+ NOOP\r\na NOOP\r\n"),
    before("a tag of 300 octets", b"x" * 300 + b" NOOP\r\na NOOP\r\n"),
    before("a line of 9 KB", b"a NOOP " + b"x" * 9000 + b"\r\n"),
    before("a huge literal", b"a LOGIN {4294967296}\r\n"),
    before("a huge literal on its way", b"a LOGIN {99999999999999999999+}\r\nb NOOP\r\n"),
    before("a literal of a negative length", b"a LOGIN {-1}\r\n"),
    before("a malformed literal on its way", b"a LOGIN {2++}\r\nxy\r\nb NOOP\r\n"),
    before("a quoted string without end", b'a LOGIN "USER secret\r\n'),
    before("a backslash before a letter", b'a LOGIN USER "s\\ecret"\r\n'),
    # behind it
    after("bare LF in a session", b"a NOOP\nb NOOP\r\n", b"b"),
    after("two blanks in a session", b"a  NOOP\r\n"),
    after("a blank at the end", b"a NOOP \r\n"),
    after("junk behind a command", b"a NOOP x\r\n"),
    after("a literal behind a command without arguments", b"a NOOP {6+}\r\nb NOOP\r\nc NOOP\r\n",
          b"c"),
    after("CRLF in a quoted string", b'a CREATE "x\r\nb NOOP"\r\nc NOOP\r\n', b"c"),
    after("a command in a literal", b"a SEARCH TEXT {8+}\r\nb NOOP\r\n\r\nc NOOP\r\n", b"c"),
    after("a malformed literal in a session", b"a CREATE {2++}\r\nxy\r\nb NOOP\r\n", b"b"),
    after("mail number 0", b"a FETCH 0 FLAGS\r\n"),
    after("partial of no octets", b"a FETCH 1 BODY.PEEK[]<0.0>\r\n"),
    after("1,000 levels of body section", b"a FETCH 1 BODY[" + b"1." * 1000 + b"1]\r\n"),
    after("10,000 NOT", b"a SEARCH" + b" NOT" * 10000 + b" ALL\r\n"),
    after("a tag that is no tag", b"+ NOOP\r\na NOOP\r\n"),
    after("a second LOGIN", b"a LOGIN USER secret\r\n"),
    after("STARTTLS behind the login", b"a STARTTLS\r\n"),
    after("COMPRESS", b"a COMPRESS DEFLATE\r\n"),
    after("a command of an unknown extension", b"a XYZZY\r\n"),
    # STARTTLS
    Script("STARTTLS", [(b"a STARTTLS\r\n", b"a"), LOGIN, SELECT, END], starttls=True),
    Script("a command behind STARTTLS, in its segment", [
        (b"a STARTTLS\r\nb NOOP\r\n", b"a"), (b"c NOOP\r\n", b"c"), END,
    ], starttls=True),
    before("STARTTLS with an argument", b"a STARTTLS x\r\n", starttls=True),
)  # fmt: skip
