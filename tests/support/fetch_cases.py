"""fetch_cases - broken answers to a FETCH of mails that are scanned, and what comes of them.

Cases as those of server_cases, of a client who has selected a mailbox.  None but GOOD, the mail
that was asked for, reaches the client, whatever else there was; what is not understood ends the
session.  EVIL is content that nobody has looked at: it never arrives.
"""

from __future__ import annotations

from .server_cases import BROKEN, PREAUTH, Case

KIND = "broken FETCH data"

GOOD = b"{11}\r\nA: b\r\n\r\nx\r\n"
EVIL = b"{14}\r\nZ: z\r\n\r\nevil\r\n"

_SELECTED = b"* 3 EXISTS\r\n* OK [UIDVALIDITY 9] ids\r\n"
_ANSWER = b"* 1 FETCH (UID 7 BODY[] " + GOOD + b")\r\n"
_DONE, _TOLD = b"p2 OK done\r\n", b"a OK done\r\n"


def _case(
    name: str, said: bytes, gets: bytes, *, by: bytes = b"UID FETCH 7", ends: bool = False
) -> Case:
    talk = (
        (b"", PREAUTH),
        (b"s SELECT x\r\n", _SELECTED + b"p1 OK done\r\n"),
        (b"a " + by + b" BODY.PEEK[]\r\n", said),
    )
    return Case(KIND, name, talk, PREAUTH + _SELECTED + b"s OK done\r\n" + gets, ends)


def _broken(name: str, said: bytes, gets: bytes = b"") -> Case:
    return _case(name, said, gets + BROKEN, ends=True)


def _item(items: bytes) -> bytes:
    """The answer with these items, and the end."""
    return b"* 1 FETCH (UID 7 " + items + b")\r\n" + _DONE


_LIKE = b"{23}\r\nA: b\r\n\r\n)\r\np2 OK done\r\n"
_NUMBER = b"FETCH 1"
_NUMBERED = b"* 1 FETCH (BODY[] " + GOOD + b")\r\n"
_OF_ANOTHER = b"* 2 FETCH (UID 8 BODY[] " + EVIL + b")\r\n"
_EXPUNGED = b"a NO [EXPUNGEISSUED] Mails were removed meanwhile\r\n"

CASES = (
    _case("as it should be", _ANSWER + _DONE, _ANSWER + _TOLD),
    # literals
    _broken("a literal shorter than announced", _item(b"BODY[] {20}\r\nZ: z\r\n\r\nevil\r\n")),
    _broken("a literal longer than announced", _item(b"BODY[] {2}\r\nZ: z\r\n\r\nevil\r\n")),
    _case("a literal that looks like the end", _item(b"BODY[] " + _LIKE),
          b"* 1 FETCH (UID 7 BODY[] " + _LIKE + b")\r\n" + _TOLD),
    _case("in a quoted string", _item(b'BODY[] "A: b"'),
          b"* 1 FETCH (UID 7 BODY[] {4}\r\nA: b)\r\n" + _TOLD),
    _case("NIL", _item(b"BODY[] NIL"), _TOLD),
    _case("of no octets", _item(b"BODY[] {0}\r\n"),
          b"* 1 FETCH (UID 7 BODY[] {0}\r\n)\r\n" + _TOLD),
    _broken("an atom", _item(b"BODY[] evil")),
    # numbers and UIDs
    _case("of another number", _OF_ANOTHER + _DONE, _TOLD, by=_NUMBER),
    _broken("of number 0", b"* 0 FETCH (UID 7 BODY[] " + EVIL + b")\r\n" + _DONE),
    _case("of another UID", _OF_ANOTHER + _DONE, b"* 2 FETCH (UID 8)\r\n" + _TOLD),
    _case("of another mail beside", _ANSWER + _OF_ANOTHER + _DONE,
          _ANSWER + b"* 2 FETCH (UID 8)\r\n" + _TOLD),
    _broken("without UID", b"* 1 FETCH (BODY[] " + EVIL + b")\r\n" + _DONE),
    _broken("two UIDs", _item(b"BODY[] " + EVIL + b" UID 8")),
    # items
    _broken("the same item twice", _item(b"BODY[] " + GOOD + b" BODY[] " + EVIL)),
    _case("the same mail twice", _ANSWER + _item(b"BODY[] " + EVIL),
          _ANSWER + b"* 1 FETCH (UID 7)\r\n" + _TOLD),
    _case("without the item", _item(b"FLAGS ()"), b"* 1 FETCH (UID 7 FLAGS ())\r\n" + _TOLD),
    _case("nothing at all", _DONE, _TOLD),
    *(
        _case(f"{name.decode()} instead", _item(name + b" " + EVIL),
              b"* 1 FETCH (UID 7)\r\n" + _TOLD)
        for name in (b"BODY[TEXT]", b"BODY[1]", b"BODY[]<0>", b"RFC822", b"RFC822.TEXT")
    ),
    *(
        _case(f"{name.decode()} beside", _item(b"BODY[] " + GOOD + b" " + name + b" " + EVIL),
              _ANSWER + _TOLD)
        for name in (b"BODY[TEXT]", b"BODY[1]", b"BODY[]<0>", b"X-BODY", b"BINARY[1]")
    ),
    # beside the answers
    _case("EXPUNGE before it, by UID", b"* 1 EXPUNGE\r\n" + _ANSWER + _DONE,
          b"* 1 EXPUNGE\r\n" + _ANSWER + _TOLD),
    _case("EXPUNGE before it, by number", b"* 1 EXPUNGE\r\n" + _ANSWER + _DONE,
          b"* 1 EXPUNGE\r\n" + _NUMBERED + _EXPUNGED, by=_NUMBER),
    _case("EXPUNGE behind it, by number", _ANSWER + b"* 1 EXPUNGE\r\n" + _DONE,
          _NUMBERED + b"* 1 EXPUNGE\r\n" + _EXPUNGED, by=_NUMBER),
    _case("another UIDVALIDITY", b"* OK [UIDVALIDITY 10] new\r\n" + _ANSWER + _DONE,
          b"* OK [UIDVALIDITY 10] new\r\n" + _ANSWER + _TOLD),
    _case("NO behind it", _ANSWER + b"p2 NO sorry\r\n", _ANSWER + b"a NO sorry\r\n"),
    _broken("a tag of nobody behind it", _ANSWER + b"p9 OK done\r\n", _ANSWER),
    _broken("a continuation request before it", b"+ go on\r\n" + _ANSWER + _DONE),
    _broken("a continuation request within it", _item(b"BODY[] {3}\r\nabc\r\n+ go on\r\n")),
)  # fmt: skip
