r"""shown_mails - mails that leave open what IMAP should show of them, or nearly so.

    SHOWN_MAILS     (name, octets), each once; lines end in CRLF
    numbers(structure)   part numbers worth asking for: all that exist, and some that do not

For the comparison of our answers with Dovecot's.
"""

from __future__ import annotations

import base64
from typing import Iterator, List, Tuple

from kernun_common.mail_doc.structure import Structure

Number = Tuple[int, ...]

MOST_NUMBERS = 40  # of one mail


def _crlf(text: str | bytes) -> bytes:
    octets = text if isinstance(text, bytes) else text.encode()
    return octets.replace(b"\n", b"\r\n")


_HEAD = (
    "From: ann@example.org\nTo: bob@example.net\nSubject: s\n"
    "Date: Mon, 2 Mar 2026 10:00:00 +0000\n"
)
_TEXT = "First line.\nSecond line.\n"


def _header(field: str) -> bytes:
    return _crlf(f"{field}\n\nbody\n")


def _typed(fields: str, body: str = _TEXT) -> bytes:
    return _crlf(f"{_HEAD}MIME-Version: 1.0\n{fields}\n\n{body}")


def _multipart(*parts: str, kind: str = "mixed", boundary: str = "b", end: str = "--b--\n") -> str:
    lines = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary={boundary}\n\n{lines}{end}"


def _mail(text: str) -> bytes:
    return _crlf(_HEAD + "MIME-Version: 1.0\n" + text)


_PLAIN_PART = "Content-Type: text/plain\n\n" + _TEXT
_INNER = "From: inner@example.org\nTo: x@example.org\nSubject: inner\nMessage-ID: <i@example.org>\n"
_DEEP = _multipart("\ndeep text", "Content-Type: image/png\n\nPNG", boundary="d", end="--d--\n")
_FORWARD = "Content-Type: message/rfc822\n\n" + _INNER + "\ninner body\n"
_FORWARD_MULTIPART = "Content-Type: message/rfc822\n\n" + _INNER + "MIME-Version: 1.0\n" + _DEEP
_BASE64 = base64.encodebytes(bytes(range(256)) * 3).decode()
_ATTACHED = f"Content-Type: application/x\nContent-Transfer-Encoding: base64\n\n{_BASE64}"
_QP = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"

_ADDRESSES = (
    "ann@example.org",
    "<ann@example.org>",
    "Ann <ann@example.org>",
    '"Doe, John" <john@example.org>',
    '"quoted \\"word\\" \\\\ here" <q@example.org>',
    "John Q. Public <jqp@example.org>",
    "ann@example.org (Ann Comment)",
    "(before) ann@example.org (after (nested) \\) one)",
    "ann (x) @ example (y) . org",
    '"local part"@example.org',
    '"a\\@b"@example.org, <"c d"@example.org>',
    "first.last@example.org, .dot@example.org, two..dots@example.org, end.@example.org",
    "a@[192.0.2.1], b@[IPv6:2001:db8::1], c@[a\\]b], d@[bad[x]",
    "friends: ann@example.org, Bob <bob@example.net>;",
    "undisclosed-recipients:;",
    "empty: ; , after@example.org",
    "open group: a@example.org, b@example.org",
    "g: a@b, ;",
    "A: x@example.org;, B: y@example.org; z@example.org",
    "<@relay.example,@second.example:ann@example.org>",
    "<@relay.example ann@example.org>, next@example.org",
    "<@a,@b>, <@a:>",
    "ann",
    "Ann Smith",
    '"Ann Smith"',
    "Ann Smith <",
    "Ann Smith <ann",
    "Ann Smith <ann@",
    "Ann <ann@example.org",
    "Ann <ann@example.org> junk, next@example.org",
    "<>",
    "Nobody <>",
    "@example.org",
    "ann@",
    "ann@@example.org, x@example.org",
    "a@b, , c@d,",
    ",a@b",
    "a@b; c@d",
    "a b@c d@e",
    '"unclosed <a@b>',
    "(unclosed a@b",
    "a@b (unclosed \\x",
    'a "b\\c',
    "=?utf-8?q?P=C5=99=C3=ADli=C5=A1?= <p@example.org>",
    "Příliš <p@example.org>",
    "příliš@example.org",
    "a@b,\n\tc@d,\n  Ee\n Ff <e@f>",
    '"folded\n name" <a@b>',
    "(folded\n comment) a@b (folded\n comment)",
    "   ",
    "",
    ".",
    "...",
    "a.b",
    "a. b @ c . d",
    "[x]",
    "a:b:c;",
    "A B:c@d (e);(f),g@h",
    "user (Only A Comment)",
    "'single' <s@example.org>",
    "a@b c@d",
    "\\",
    "a\\b@c",
    '""@example.org, "" <x@y>',
    'a "b\n ',
    "a@b (c\n \n d\n ",
)

_TYPES = (
    "text/plain",
    "TEXT/HTML; Charset=UTF-8",
    "text",
    "text/",
    "/plain",
    "",
    "text/plain junk; charset=x",
    "text/plain; charset",
    "text/plain; charset=",
    "text/plain; charset=; format=flowed",
    'text/plain; charset="utf-8"; format=flowed; delsp=yes',
    "text/plain; a=1; b; c=3; d=4",
    "text/plain; a=1;; b=2",
    "text/plain; a=1 2; b=3",
    'text/plain; a="1" 2; b=3',
    "text/plain; name==?utf-8?B?YQ==?= x; b=3",
    "text/plain (comment); (c) charset (d) = (e) utf-8 (f)",
    "text / plain ; charset = utf-8",
    "application/x; name*0=long; name*1=er; name*2*=%41",
    "application/x; name*0*=utf-8''%C3; name*1*=%A9; other=1",
    "application/x; name*=utf-8''%C3%A9",
    "application/x; name*1=b; name*0=a; Name*0=c",
    "application/x; name*0=a; name*2=c",
    "application/x; name*00=a; name*4294967297=b; x**=c; y*a=d",
    "application/x; name*0=100%; name*1*=%25",
    'application/x; name="unclosed',
    'application/x; name="back\\"slash\\\\"; b=1',
    "application/x; name=a/b; c=d",
    "application/x; name=příliš; b=ž",
    "application/x; name=folded;\n b=c;\n\td=\"e\n f\"",
    "message/rfc822",
    "message/delivery-status",
    "multipart",
    "multipart/mixed",
    "multipart/mixed junk; boundary=b",
    "image/png; name=a.png (x",
    "a/b; " + ";".join(f"a{at}=b" for at in range(130)),
    *(f"a/b; a=b c{'-' * at}; d=e; f=g" for at in (124, 125, 126, 127)),
)

_FIELDS = (
    "Content-Type: text/plain\nContent-ID: <a@b>\nContent-Description: some\n  folded  text",
    "Content-Type: text/plain\nContent-Disposition: inline",
    'Content-Type: text/plain\nContent-Disposition: Attachment; filename="a b.txt"; size=12',
    "Content-Type: text/plain\nContent-Disposition: a\nContent-Disposition: b; x=y\n"
    "Content-Disposition: c; z=w",
    "Content-Type: text/plain\nContent-Disposition:",
    "Content-Type: text/plain\nContent-Disposition: attachment; filename*0*=utf-8''a%20;\n"
    " filename*1=b.txt",
    "Content-Type: text/plain\nContent-Language: en",
    "Content-Type: text/plain\nContent-Language: en, cs (x), de-AT,\nContent-Language: fr",
    "Content-Type: text/plain\nContent-Language: ,\nContent-Language: fr",
    "Content-Type: text/plain\nContent-Location: http://example.org/\n a/b",
    "Content-Type: text/plain\nContent-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==",
    "Content-Type: text/plain\nContent-Transfer-Encoding: 8BIT",
    "Content-Type: text/plain\nContent-Transfer-Encoding: base64 junk",
    "Content-Type: text/plain\nContent-Transfer-Encoding: (c) base64 (d)",
    "Content-Type: text/plain\nContent-Transfer-Encoding: x-uuencode",
    "Content-Type: text/plain\nContent-Transfer-Encoding:",
    "Content-Type: text/plain\nContent-Type: text/html\nContent-ID: <1>\nContent-ID: <2>",
    "Content-Type : text/html\nContent-Id\t: <x>",
    "Content-Description: příliš \"quoted\" \\ text\nContent-ID:   <a>  ",
    "content-description:    \ncontent-md5:\n x\ncontent-location: a\n\n",
)


def _headers() -> Iterator[Tuple[str, bytes]]:
    for at, text in enumerate(_ADDRESSES):
        yield f"address {at}", _header(f"From: {text}\nTo: {text}\nSubject: {text}\nReply-To:")
    yield "address lists", _header("Cc: a@b\nTo: c@d\nTo: e@f\nCC: g@h, i@j\nBcc: k:;\nSender: l@m")
    yield "repeated", _header(
        "Subject: a\nSubject: b\nDate: c\nDate: d\nMessage-ID: e\nMessage-id: f"
    )
    yield "blanks", _header(
        "Subject:   two  blanks\t tab \nDate:  \t now  \nIn-Reply-To: \n <a>\n\t<b> "
    )
    yield "all blank", _header("Subject:    \nDate:   \nMessage-ID:\nIn-Reply-To: \n \n  ")
    yield "eight bit", _header("Subject: Příliš žluťoučký\nDate: včera\nMessage-ID: <č@ř>")
    yield "latin 1", b"Subject: caf\xe9\r\nFrom: Ren\xe9 <r@x>\r\n\r\nbody\xe9\r\n"
    yield "quotes", _header('Subject: "a" \\ "b" \\ "c"\nDate: "d" "e" "f" "g"\nMessage-ID: \\')
    yield "long subject", _header("Subject: " + "word " * 900)
    yield "no fields", b"\r\nbody\r\n"
    yield "no body", _crlf(_HEAD + "\n")
    yield "no blank line", _crlf(_HEAD)
    yield "no line end", _crlf(_HEAD + "X-Last: here").rstrip()
    yield "no line end, last is from", b"To: x@y\r\nFrom: a@b"
    yield "one octet", b"x"
    yield "no colon", _header("From: a@b\nno colon here\n folded junk\nSubject: s")
    yield "colon first", _header(": nameless\nSubject: s")
    yield "continuation first", _header(" folded: first\nSubject: s")
    yield "odd names", _header("SUBJECT : a\nsubject\t: b\nX-\xe9: c\nFrom : d@e")
    yield "mbox line", _header("From someone Mon Mar  2 10:00:00 2026\nFrom: a@b\nSubject: s")
    yield "folds", _header("Subject: a\n b\n\tc\n   \n d\nFrom: a\n @\n b")


def _bodies() -> Iterator[Tuple[str, bytes]]:
    for at, kind in enumerate(_TYPES):
        yield f"type {at}", _typed(f"Content-Type: {kind}")
        yield f"type {at} in a part", _mail(_multipart(f"Content-Type: {kind}\n\n{_TEXT}"))
    for at, fields in enumerate(_FIELDS):
        yield f"fields {at}", _typed(fields)
        yield f"fields {at} in a part", _mail(_multipart(f"{fields}\n\n{_TEXT}", _PLAIN_PART))
    yield "no mime", _crlf(
        f"{_HEAD}Content-Transfer-Encoding: base64\nContent-ID: <a>\n\n{_BASE64}"
    )
    yield "mime without type", _typed("Content-Description: d")
    yield "eight bit body", _typed(
        "Content-Type: text/plain; charset=utf-8", "Příliš žluťoučký\n" * 3
    )
    yield "no last line end", _typed("Content-Type: text/plain", "a\nb")
    yield "empty text", _typed("Content-Type: text/plain", "")


def _multiparts() -> Iterator[Tuple[str, bytes]]:
    yield "two parts", _mail(_multipart(_PLAIN_PART, _ATTACHED))
    yield "nested", _mail(_multipart(_PLAIN_PART, _DEEP, _ATTACHED))
    yield "deeper", _mail(
        _multipart(_multipart(_DEEP, kind="related", boundary="c", end="--c--\n"))
    )
    yield "preamble", _mail(
        _multipart(_PLAIN_PART).replace("\n\n--b", "\n\npreamble\n--b") + "epilogue\n"
    )
    yield "no end", _mail(_multipart(_PLAIN_PART, _PLAIN_PART, end=""))
    yield "no parts", _mail("Content-Type: multipart/mixed; boundary=b\n\n--b--\n")
    yield "nothing in it", _mail("Content-Type: multipart/mixed; boundary=b\n\n")
    yield "no boundary in it", _mail("Content-Type: multipart/mixed; boundary=b\n\ntext\n")
    yield "empty parts", _mail(_multipart("", "\n", "Content-Type: image/gif\n"))
    yield "boundary at once", _mail(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n--b--\n"
    )
    yield "header only parts", _mail(_multipart("Content-Type: text/html", "X: y"))
    yield "alternative", _mail(_multipart(_PLAIN_PART, _DEEP, kind="alternative"))
    yield "digest", _mail(_multipart("\n" + _INNER + "\nx", _PLAIN_PART, kind="digest"))
    yield "typed digest", _mail(_multipart("Content-ID: <x>\n\n" + _INNER + "\nx", kind="digest"))
    yield "prefix boundaries", _mail(_multipart(_DEEP.replace("=d", "=bb").replace("--d", "--bb")))
    yield "many parts", _mail(_multipart(*[f"X-N: {n}\n\npart {n}\n" for n in range(120)]))
    yield "multipart extension", _mail(
        "Content-Language: en, fr\nContent-Location: l\nContent-Disposition: inline; a=b\n"
        + _multipart(_PLAIN_PART, kind='Report; report-type="delivery-status"')
    )
    yield "signed", _mail(
        _multipart(_PLAIN_PART, "Content-Type: application/pgp-signature\n\nx", kind="signed")
    )


def _forwards() -> Iterator[Tuple[str, bytes]]:
    yield "forward", _mail(_multipart(_PLAIN_PART, _FORWARD))
    yield "forwarded multipart", _mail(_multipart(_PLAIN_PART, _FORWARD_MULTIPART))
    yield "forward in forward", _mail(
        _multipart("Content-Type: message/rfc822\n\n" + _INNER + _FORWARD_MULTIPART)
    )
    yield "only a forward", _mail(_FORWARD)
    yield "only a forwarded multipart", _mail(_FORWARD_MULTIPART)
    yield "only a forward of a forward", _mail(
        "Content-Type: message/rfc822\n\n" + _INNER + _FORWARD
    )
    yield "encoded forward", _mail(
        "Content-Transfer-Encoding: base64\n" + _FORWARD.replace("inner body", "aW5uZXI=")
    )
    yield "empty forward", _mail(_multipart("Content-Type: message/rfc822\n\n", _PLAIN_PART))
    yield "forward of a header", _mail(
        _multipart("Content-Type: message/rfc822\n\n" + _INNER.rstrip())
    )
    yield "forward of nothing", _mail(_multipart("Content-Type: message/rfc822", _PLAIN_PART))
    yield "forward with odd header", _mail(
        _multipart("Content-Type: message/rfc822\nContent-Description: d\n\nFrom: (x) a@b (y)\n"
                   "To: g: c@d;\nContent-Type: text/html\n\n<p>")
    )
    yield "delivery report", _mail(
        _multipart(
            _PLAIN_PART,
            "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nAction: failed\n",
            "Content-Type: text/rfc822-headers\n\n" + _INNER,
            _FORWARD,
            kind="report",
        )
    )  # fmt: skip


_QP_TEXTS = (
    "caf=C3=A9 =\nsoft\nend=20\n",
    "blanks  \n tab\t\nsoft with blanks=  \nx",
    "lower =c3=a9\nlast line has blanks  ",
    "bad =XY\n",
    "ends in =",
    "=",
    "",
    "=3D=\n=\n=0D=0A=00",
)
_BASE64_TEXTS = (
    "",
    "YQ==",
    "YWI=\n",
    "YWJj\nZGVm\n",
    "Y Q\n=\n=\n",
    "YWJ",
    "YWJj=",
    "YQ==YQ==",
    "YW!j",
    "====",
    "AAAA\n" * 20000,
    " \n\n\t\n",
)


def _encoded() -> Iterator[Tuple[str, bytes]]:
    for at, text in enumerate(_QP_TEXTS):
        yield f"quoted-printable {at}", _mail(_multipart(_QP + text, _PLAIN_PART))
    for at, text in enumerate(_BASE64_TEXTS):
        part = "Content-Type: image/png\nContent-Transfer-Encoding: BASE64\nX-After: y\n\n" + text
        yield f"base64 {at}", _mail(_multipart(_PLAIN_PART, part))
    yield "base64 mail", _typed("Content-Transfer-Encoding: base64\nX-After: y", _BASE64)
    yield "mixed encodings", _mail(
        _multipart(_ATTACHED, _QP + "=41", _PLAIN_PART, _FORWARD_MULTIPART)
    )
    yield "two encodings", _typed(
        "Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: BASE64", _BASE64
    )


def _line_ends() -> Iterator[Tuple[str, bytes]]:
    """A server gives CRLF for a lone LF, and a lone CR as it is."""
    head = b"From: a@b\r\nContent-Type: text/plain\r\n"
    yield "CR in a header", b"Subject: a\rb\r\nDate: \r c\r\nFrom: a\r@b, \r<c@d>\r\n\r\nx"
    yield "CR in a body", head + b"\r\na\rb\r\r\n\r\rc\r"
    yield "CR at the end of a header", b"Subject: a\r\r\nFrom: b@c\r\r\n\r\r\n\r\nx"
    yield "CR before a boundary", _mail(_multipart(_PLAIN_PART, _PLAIN_PART)).replace(
        b"\r\n--b", b"\r\r\n--b"
    )
    yield "LF alone", (_HEAD + _multipart(_PLAIN_PART, _FORWARD_MULTIPART, _ATTACHED)).encode()
    yield "both", head + b"\r\na\nb\r\nc\n\nd\r\n"
    yield "quoted-printable with CR", _mail(_multipart(_QP + "a\rb", _QP + "a=\r"))
    yield "other controls", b"Subject: \x01\x7f\x0b\x0c\r\nFrom: a\x0b@b\r\n\r\n\x01\x0c\r\n"


SHOWN_MAILS: List[Tuple[str, bytes]] = [
    *_headers(),
    *_bodies(),
    *_multiparts(),
    *_forwards(),
    *_encoded(),
    *_line_ends(),
]


def numbers(structure: Structure) -> Iterator[Number]:
    """Those of its parts; below each also the first, one too many, and one too deep."""
    found = {
        number
        for part in structure.parts()
        for number in (
            part.number,
            part.address,
            (*part.number, 1),
            (*part.number, len(part.children) + 1),
            (*part.number, 1, 1),
        )
    }
    yield from sorted(found - {()})[:MOST_NUMBERS]
