"""odd_mails - mails that are put together as MIME allows, and as it does not.

    ODD_MAILS      name -> octets; with CRLF, since IMAP has no other line ends

Small; each stands for a class.  Those that can be read in two ways are in two_readings.py.
"""

from __future__ import annotations

import base64
from typing import Dict

_HEAD = b"From: a@example.org\r\nTo: b@example.net\r\nSubject: odd\r\n"
_TEXT = b"Good morning,\r\n\r\nall is well.\r\n"


def mail(header: bytes, body: bytes) -> bytes:
    return _HEAD + header + b"\r\n" + body


def part(header: bytes, body: bytes = _TEXT) -> bytes:
    return header + b"\r\n" + body


def multipart(
    *parts: bytes, kind: bytes = b"mixed", boundary: bytes = b"b", end: bytes = b""
) -> bytes:
    """The fields and body of it; the body's last line has no line end but `end`."""
    head = b'Content-Type: multipart/%s; boundary="%s"\r\n\r\n' % (kind, boundary)
    return head + _body(parts, boundary) + b"--%s--" % boundary + end


def _body(parts: tuple[bytes, ...], boundary: bytes = b"b") -> bytes:
    return b"".join(b"--%s\r\n%s\r\n" % (boundary, one) for one in parts)


def under(kind: bytes, body: bytes) -> bytes:
    """A mail of this Content-Type, and nothing else."""
    return mail(b"Content-Type: %s\r\n" % kind, body)


def encoded(encoding: bytes, body: bytes = b"eHg=\r\n") -> bytes:
    """A mail of this Content-Transfer-Encoding."""
    return mail(b"MIME-Version: 1.0\r\nContent-Transfer-Encoding: %s\r\n" % encoding, body)


PLAIN = part(b"")
HTML = part(b"Content-Type: text/html\r\n", b"<p>all is well</p>")
BASE64 = part(
    b"Content-Type: image/png; name=dot.png\r\nContent-Transfer-Encoding: base64\r\n",
    base64.encodebytes(bytes(range(256))).replace(b"\n", b"\r\n"),
)
FORWARD = part(b"Content-Type: message/rfc822\r\n", mail(b"", _TEXT))
_ALTERNATIVE = multipart(PLAIN, HTML, kind=b"alternative", boundary=b"alt")
_MIXED = b"multipart/mixed; boundary=b"
_TWO = _body((PLAIN, HTML)) + b"--b--\r\n"


def _nested(levels: int) -> bytes:
    inner = PLAIN
    for level in range(levels):
        inner = multipart(inner, boundary=b"level%02d" % level)
    return _HEAD + inner


def _forwards(levels: int) -> bytes:
    return _HEAD + b"Content-Type: message/rfc822\r\n\r\n" * levels + PLAIN


ODD_MAILS: Dict[str, bytes] = {
    # no MIME
    "nothing but a header": _HEAD,
    "no empty line": _HEAD.rstrip(),
    "no body": mail(b"", b""),
    "no header": b"\r\n" + _TEXT,
    "one empty line": b"\r\n",
    "text": mail(b"", _TEXT),
    "no line end at the end": mail(b"", b"text"),
    "only empty lines": mail(b"", b"\r\n" * 5),
    "a field without colon": mail(b"this is no field\r\n", _TEXT),
    "a blank before the colon": mail(b"Content-Type : text/html\r\n", _TEXT),
    "an empty field name": mail(b": nothing\r\n", _TEXT),
    "a line of From_": b"From a@example.org Mon Mar  2 10:00:00 2026\r\n" + mail(b"", _TEXT),
    "a fold in front": b" folded\r\n" + mail(b"", _TEXT),
    "a line of blanks in the header": mail(b"X-A: b\r\n \t \r\nX-C: d\r\n", _TEXT),
    "eight bits in the header": mail("X-Name: Příliš\r\n".encode(), _TEXT),
    # one part
    "html": under(b"text/html; charset=utf-8", b"<p>x</p>\r\n"),
    "type in capitals": under(b"TEXT/HTML", b"<p>x</p>\r\n"),
    "an unknown type": under(b"chemical/x-pdb; version=1", b"ATOM\r\n"),
    "a type alone": under(b"text", _TEXT),
    "a type and a slash": under(b"text/", _TEXT),
    "an empty type": under(b"", _TEXT),
    "a type in quotes": under(b'"text/html"', _TEXT),
    "junk behind the type": under(b"text/html junk; charset=utf-8", _TEXT),
    "a comment in the type": under(b"text/html (yes); (no) charset=utf-8", _TEXT),
    "a folded type": under(b"text/html;\r\n charset=utf-8;\r\n\tformat=flowed", _TEXT),
    "parameters of many kinds": under(b'a/b; n="x \\"y\\" z"; m=; k; l*0=1; l*1=2', _TEXT),
    "two types": under(b"text/html\r\nContent-Type: image/png", _TEXT),
    "base64": encoded(b"base64", base64.b64encode(_TEXT) + b"\r\n"),
    "an encoding in capitals": encoded(b"BASE64"),
    "an unknown encoding": encoded(b"x-rot13", b"nyy vf jryy\r\n"),
    "two encodings": mail(
        b"Content-Transfer-Encoding: 8bit\r\nContent-Transfer-Encoding: base64\r\n", _TEXT
    ),
    "an encoding and a comment": encoded(b"(a) base64"),
    "an encoding and junk": encoded(b"base64 junk"),
    "without MIME-Version": under(b"text/html", _TEXT),
    "an encoding without MIME": mail(b"Content-Transfer-Encoding: base64\r\n", b"eHg=\r\n"),
    # multiparts
    "encodings of parts": _HEAD
    + multipart(part(b"Content-Transfer-Encoding: base64\r\n", b"eHg=\r\n"), PLAIN),
    "two parts": _HEAD + multipart(PLAIN, HTML, end=b"\r\n"),
    "an attachment": _HEAD + multipart(PLAIN, BASE64, end=b"\r\n"),
    "alternatives": _HEAD + _ALTERNATIVE,
    "alternatives and an attachment": _HEAD + multipart(_ALTERNATIVE, BASE64),
    "the outer boundary begins like the inner": _HEAD + multipart(_ALTERNATIVE, boundary=b"al"),
    "the inner boundary begins like the outer": _HEAD
    + multipart(multipart(PLAIN, boundary=b"outer2"), HTML, boundary=b"outer"),
    "one boundary for both": _HEAD + multipart(multipart(PLAIN, HTML), BASE64),
    "a preamble": under(_MIXED, b"This is MIME.\r\n\r\n" + _TWO),
    "an epilogue": under(_MIXED, _TWO + b"That was MIME.\r\n"),
    "parts behind the end": under(_MIXED, _TWO + _TWO),
    "no part": under(_MIXED, b"--b--\r\n"),
    "no boundary in the body": under(_MIXED, _TEXT),
    "an empty body": under(_MIXED, b""),
    "an empty part": under(_MIXED, b"--b\r\n\r\n--b--\r\n"),
    "an empty part without its line": under(_MIXED, b"--b\r\n--b--\r\n"),
    "a part with one line end": under(_MIXED, b"--b\r\n\r\n\r\n--b--\r\n"),
    "a part with two": under(_MIXED, b"--b\r\n\r\n\r\n\r\n--b--\r\n"),
    "a part that is a header": under(_MIXED, b"--b\r\nContent-Type: text/html\r\n--b--\r\n"),
    "a header and its empty line": under(_MIXED, b"--b\r\nX-A: b\r\n\r\n--b--\r\n"),
    "no last boundary": under(_MIXED, _body((PLAIN, HTML))),
    "no last boundary, no line end": under(_MIXED, _body((PLAIN, HTML)).rstrip()),
    "it ends behind a boundary": under(_MIXED, _body((PLAIN,)) + b"--b"),
    "it ends with a boundary's line": under(_MIXED, _body((PLAIN,)) + b"--b\r\n"),
    "it ends inside of a header": under(_MIXED, _body((PLAIN,)) + b"--b\r\nContent-Type: text/ht"),
    "blanks behind a boundary": under(_MIXED, b"--b \t\r\n" + PLAIN + b"\r\n--b-- \r\n"),
    "junk behind a boundary": under(_MIXED, b"--bjunk\r\n" + PLAIN + b"\r\n--b--junk\r\n"),
    "three dashes behind it": under(_MIXED, b"--b---\r\n" + PLAIN + b"\r\n--b--\r\n"),
    "blanks before a boundary": under(_MIXED, b" --b\r\n" + PLAIN + b"\r\n--b--\r\n"),
    "three dashes before it": under(_MIXED, b"---b\r\n" + PLAIN + b"\r\n--b--\r\n"),
    "no boundary": under(b"multipart/mixed", _TWO),
    "an empty boundary": under(b'multipart/mixed; boundary=""', b"--\r\n" + PLAIN + b"\r\n----"),
    "two boundaries": under(b"multipart/mixed; boundary=b; boundary=c", _TWO),
    "a boundary in pieces": under(b"multipart/x; boundary*0=a; boundary*1=b", b"--ab\r\n" + PLAIN),
    "an encoded boundary": under(b"multipart/mixed; boundary*=us-ascii''b", _TWO),
    "a long boundary": _HEAD + multipart(PLAIN, HTML, boundary=b"b" * 70),
    "a boundary of 79": _HEAD + multipart(PLAIN, HTML, boundary=b"b" * 79),
    "a boundary of 81": _HEAD + multipart(PLAIN, HTML, boundary=b"b" * 80 + b"c"),
    "a boundary with dashes at its end": _HEAD + multipart(PLAIN, HTML, boundary=b"b--"),
    "a boundary of signs": _HEAD + multipart(PLAIN, HTML, boundary=b"=_?.*+(x)[y]|'"),
    "a boundary that ends in a blank": _HEAD + multipart(PLAIN, HTML, boundary=b"b "),
    "no subtype": under(b"multipart; boundary=b", _TWO),
    "an empty subtype": under(b"multipart/; boundary=b", _TWO),
    "an unknown subtype": under(b"multipart/x-parts; boundary=b", _TWO),
    "an inner multipart without end": _HEAD
    + multipart(_ALTERNATIVE.replace(b"--alt--", b"more"), HTML),
    "an encoded multipart": mail(
        b"Content-Transfer-Encoding: base64\r\nContent-Type: " + _MIXED + b"\r\n", _TWO
    ),
    "seven levels": _nested(7),
    "signed": _HEAD
    + multipart(PLAIN, part(b"Content-Type: application/pgp-signature\r\n", b"x"), kind=b"signed"),
    # mails in mails
    "a forward": _HEAD + multipart(PLAIN, FORWARD),
    "nothing but a forward": _HEAD + FORWARD,
    "a forward of parts": _HEAD
    + multipart(part(b"Content-Type: message/rfc822\r\n", _HEAD + _ALTERNATIVE), PLAIN),
    "forwards of forwards": _forwards(6),
    "a digest": _HEAD + multipart(part(b"", _HEAD + PLAIN), HTML, kind=b"digest"),
    "an empty forward": _HEAD + multipart(part(b"Content-Type: message/rfc822\r\n", b""), PLAIN),
    "a forward without empty line": _HEAD
    + multipart(part(b"Content-Type: message/rfc822\r\n", _HEAD.rstrip()), PLAIN),
    "an encoded forward": _HEAD
    + multipart(
        part(
            b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n",
            base64.encodebytes(mail(b"", _TEXT)).replace(b"\n", b"\r\n"),
        )
    ),
    "an empty forward without its line": _HEAD
    + multipart(b"Content-Type: message/rfc822", PLAIN),
    "a forward of an empty multipart": _HEAD
    + multipart(part(b"Content-Type: message/rfc822\r\n", _ALTERNATIVE), PLAIN),
    "a forward in a multipart in a forward": _HEAD
    + multipart(
        part(b"Content-Type: message/rfc822\r\n", _HEAD + multipart(FORWARD)),
        PLAIN,
        boundary=b"o",
    ),
    "an inner part without a line": _HEAD
    + multipart(part(b"Content-Type: multipart/mixed; boundary=i\r\n", b"--i"), PLAIN),
    "message/global": under(b"message/global", mail(b"", _TEXT)),
    "message/partial": under(b'message/partial; id="x"; number=1; total=2', mail(b"", _TEXT)),
    "a delivery report": _HEAD
    + multipart(
        PLAIN,
        part(b"Content-Type: message/delivery-status\r\n", b"Reporting-MTA: dns; x\r\n"),
        FORWARD,
        kind=b'report; report-type="delivery-status"',
    ),
}
