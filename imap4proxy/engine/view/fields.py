r"""fields - the values of header fields, and the forms in which IMAP shows them.

    value(octets, field)    -> b"Re: a\n subject", without the blanks in front
    for_people(value)       -> b"Re: a subject"; runs of blanks are one blank
    unfolded(value)         -> b"Re: a subject"; other blanks stay

    string(b"text")         -> b'"text"', b"{5}\r\ntext\n" where no quoted string holds it
    nstring(None)           -> b"NIL"

No value holds a NUL: U+FFFD stands for it.
Sources: RFC 5322 section 2.2.3 (folding), RFC 3501 section 4.3 (string); the forms are Dovecot's.
"""

from __future__ import annotations

import re

from kernun_common.mail_doc.header import Field
from kernun_common.mail_doc.octets import Octets

from ...wire import strings
from ...wire.encode import LONGEST_QUOTED
from ...wire.fragments import Literal, header
from .lexer import REPLACEMENT

NIL = b"NIL"

_BLANKS_IN_FRONT = re.compile(rb"[ \t]+(?=[^ \t\n])|[ \t](?=[ \t]*(?:\n|\Z))")
_END_OF_FOLD = re.compile(rb"\n(?=[ \t](?:\n|\Z))")
_BLANKS = re.compile(rb"[ \t\r\n]+")
_END_BEFORE_TEXT = re.compile(rb"[\r\n](?=[^ \t\r\n])")
_END = re.compile(rb"[\r\n]")


def value(octets: Octets, field: Field) -> bytes:
    """What stands behind the colon, its lines ended by LF.

    The blanks in front go; of a first line that is all blank, the first one does.  A
    further line that is a single blank goes on with the line before.
    """
    text = field.value.of(octets).replace(b"\r\n", b"\n")
    found = _BLANKS_IN_FRONT.match(text)
    return _END_OF_FOLD.sub(b"", text[found.end() :] if found else text)


def for_people(text: bytes) -> bytes:
    """A subject or a name: on one line, with one blank between words."""
    return without_nul(_BLANKS.sub(b" ", text).strip(b" "))


def unfolded(text: bytes) -> bytes:
    """On one line; a blank only where the fold had none."""
    return without_nul(_END.sub(b"", _END_BEFORE_TEXT.sub(b" ", text)))


def without_nul(text: bytes) -> bytes:
    return text.replace(b"\0", REPLACEMENT)


def string(text: bytes) -> bytes:
    """string = quoted / literal"""
    if len(text) <= LONGEST_QUOTED and strings.holds(text, utf8=False):
        return strings.quoted(text)
    return header(Literal(len(text))) + text


def nstring(text: bytes | None) -> bytes:
    return NIL if text is None else string(text)
