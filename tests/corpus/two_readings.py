"""two_readings - mails that can be read in two ways, each with what is hidden in it.

    TWO_READINGS      (name of the ambiguity, mail, hidden) ...

`hidden`: a document that some mail program takes from the mail; FILE, or a part of it.
"""

from __future__ import annotations

import base64
import binascii
import quopri
from typing import List, Tuple

from .odd_mails import PLAIN, encoded, mail, multipart, part

FILE = b"MZ\x90\x00 This program must not be run.\r\n" + bytes(range(256)) * 3 + b"!"
_HEAD = b"From: a@example.org\r\nMIME-Version: 1.0\r\n"
_OF_FILE = b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
_UUENCODED = _OF_FILE.replace(b"base64", b"x-uuencode")


def lines(octets: bytes) -> bytes:
    return octets.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


BASE64 = lines(base64.encodebytes(FILE))
ATTACHMENT = part(_OF_FILE, BASE64)
UUENCODE = b"begin 644 a.exe\r\n%s`\r\nend\r\n" % b"".join(
    lines(binascii.b2a_uu(FILE[at : at + 45])) for at in range(0, len(FILE), 45)
)
_OTHER_CHARACTERS = UUENCODE.replace(b"!", b"a").replace(b"?", b"\x7f")  # with the same six bits


def _yenc() -> bytes:
    data = b"".join(
        b"=%c" % ((octet + 106) & 255)
        if (octet + 42) & 255 in b"\0\r\n="
        else b"%c" % ((octet + 42) & 255)
        for octet in FILE
    )
    return b"=ybegin line=2000 size=%d name=a.exe\r\n%s\r\n=yend\r\n" % (len(FILE), data)


def _binhex() -> bytes:
    plain = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    digits = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"
    octets = b"\x05a.exe" + bytes(21) + FILE.replace(b"\x90", b"\x90\0")
    data = base64.b64encode(octets).rstrip(b"=").translate(bytes.maketrans(plain, digits))
    rows = b"\r\n".join(data[at : at + 64] for at in range(0, len(data), 64))
    return b"(This file must be converted with BinHex 4.0)\r\n\r\n:" + rows + b":\r\n"


def typed(value: bytes, body: bytes) -> bytes:
    return _HEAD + b"Content-Type: %s\r\n\r\n" % value + body


def of_file(fields: bytes, body: bytes = BASE64) -> bytes:
    """A mail with a text and a part with these fields."""
    return _HEAD + multipart(PLAIN, part(fields, body), boundary=b"o", end=b"\r\n")


def _encoded_as(value: bytes) -> bytes:
    return of_file(b"Content-Transfer-Encoding:%s\r\n" % value)


_B = b"--b\r\n" + ATTACHMENT + b"\r\n--b--\r\n"
_NAMED = b"Content-Disposition: attachment; filename=a.txt; %s\r\n"
_MIXED = b"multipart/mixed; boundary=b"

TWO_READINGS: List[Tuple[str, bytes, bytes]] = [
    ("repeated-type", typed(b"text/plain\r\nContent-Type: " + _MIXED, _B), FILE),
    ("repeated-type", typed(_MIXED + b"\r\nContent-Type: text/plain", _B), FILE),
    ("repeated-encoding", _encoded_as(b" 7bit\r\nContent-Transfer-Encoding: base64"), FILE),
    ("repeated-encoding", _encoded_as(b" base64\r\nContent-Transfer-Encoding: 7bit"), FILE),
    ("repeated-disposition", of_file(_OF_FILE + _NAMED % b"" + _NAMED % b""), FILE),
    ("field-name", of_file(b"Content-Transfer-Encoding : base64\r\n"), FILE),
    ("type-syntax", typed(b"multipart/mixed;;; x boundary=b", _B), FILE),
    ("type-syntax", typed(b'"multipart/mixed"; boundary=b', _B), FILE),
    ("type-syntax", typed(b"multipart/mixed boundary=b", _B), FILE),
    ("disposition-syntax", of_file(_OF_FILE + b"Content-Disposition: filename=a.exe\r\n"), FILE),
    ("comment", typed(b"multipart/mixed; (x=) boundary=b", _B), FILE),
    ("repeated-parameter", typed(b"multipart/mixed; boundary=a; boundary=b", _B), FILE),
    ("repeated-parameter", typed(b"multipart/mixed; boundary=b; boundary=a", _B), FILE),
    ("parameter-pieces", of_file(_OF_FILE + _NAMED % b"filename*1=a.exe"), FILE),
    ("encoded-parameter", typed(b"multipart/mixed; boundary*=us-ascii''%62", _B), FILE),
    ("folded-parameter", typed(b'multipart/mixed; boundary="b\r\n "', _B), FILE),
    ("file-names", of_file(_OF_FILE + _NAMED % b"filename*=utf-8''a.exe"), FILE),
    ("encoding-syntax", _encoded_as(b' "base64"'), FILE),
    ("encoding-syntax", _encoded_as(b" (x) base64"), FILE),
    ("encoding-syntax", _encoded_as(b"\r\n base64"), FILE),
    ("encoding-syntax", _encoded_as(b"   base64"), FILE),
    ("encoding-syntax", _encoded_as(b" base64 "), FILE),
    ("encoding-syntax", _encoded_as(b" base64;"), FILE),
    ("encoding-syntax", _encoded_as(b" 7bit, base64"), FILE),
    ("encoding-unknown", _encoded_as(b" x-base64"), BASE64),
    ("encoding-without-mime", mail(b"Content-Transfer-Encoding: base64\r\n", BASE64), FILE),
    (
        "encoded-multipart",
        _HEAD + b"Content-Transfer-Encoding: base64\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + lines(base64.encodebytes(_B)),
        FILE,
    ),
    (
        "encoded-message",
        of_file(
            b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n",
            quopri.encodestring(typed(_MIXED, _B)),
        ),
        FILE,
    ),
    ("line-without-colon", typed(_MIXED + b"\r\nno field\r\n" + _B, b"text"), FILE),
    ("line-without-colon", typed(_MIXED + b"\r\nno field", _B), FILE),
    ("blank-line", typed(_MIXED + b"\r\nX: y\r\n \r\n" + _B, b"text\r\n"), FILE),
    ("fold-first", b" x: y\r\n" + typed(_MIXED, _B), FILE),
    ("header-without-end", typed(_MIXED, b"--b\r\nContent-Type: text/html\r\n" + _B), FILE),
    ("bare-cr", typed(_MIXED, _B.replace(b"\r\n", b"\r")), FILE),
    ("bare-lf", typed(_MIXED, _B.replace(b"\r\n", b"\n")), FILE),
    ("nul", typed(_MIXED.replace(b"=", b"\0="), _B), FILE),
    ("boundary-missing", typed(b"multipart/mixed", _B), _B),
    ("boundary-syntax", typed(b'multipart/mixed; boundary="b "', _B), FILE),
    ("boundary-shared", _HEAD + multipart(multipart(PLAIN, ATTACHMENT), PLAIN), FILE),
    ("boundary-line", typed(_MIXED, _B.replace(b"--b\r\n", b"--bjunk\r\n")), FILE),
    ("boundary-line", typed(_MIXED, b"--b\r\n\r\ntext\r\n--b--junk\r\n" + _B), FILE),
    ("boundary-unused", typed(b"multipart/mixed; boundary=c", _B), _B),
    ("boundary-unclosed", typed(_MIXED, _B.replace(b"\r\n--b--", b"")), FILE),
    ("boundary-after-end", typed(_MIXED, b"--b\r\n\r\n--b--\r\n" + _B), b""),
    ("base64-junk", of_file(_OF_FILE, BASE64.replace(b"A", b"!A")), FILE),
    ("base64-inner-padding", of_file(_OF_FILE, b"eHg=\r\n" + BASE64), b"xx" + FILE),
    ("base64-inner-padding", of_file(_OF_FILE, BASE64 + b"=eHh4"), FILE),
    ("base64-padding", of_file(_OF_FILE, BASE64.replace(b"=", b"")), FILE),
    ("encoded-outside", of_file(_UUENCODED), BASE64),
    ("base64-in-text", mail(b"", b"Look:\r\n\r\n" + BASE64 + b"\r\nbye\r\n"), FILE),
    ("base64-in-text", encoded(b"quoted-printable", BASE64.replace(b"=", b"=3D")), FILE),
    ("uuencode-in-text", mail(b"", b"Look:\r\n\r\n" + UUENCODE + b"bye\r\n"), FILE),
    ("uuencode-in-text", mail(b"", UUENCODE.replace(b" 644 ", b" 100644\t")), FILE),
    ("uuencode-in-text", mail(b"", UUENCODE.replace(b" 644 ", b" +6 ")), FILE),
    ("uuencode-in-text", mail(b"", _OTHER_CHARACTERS.replace(b" 644 ", b" 6 ")), FILE),
    ("uuencode-in-text", mail(b"", UUENCODE.replace(b"begin 644 ", b"begin-encoded 6 ")), FILE),
    ("uuencode-junk", of_file(_UUENCODED, _OTHER_CHARACTERS), FILE),
    ("encoded-outside", of_file(_UUENCODED, UUENCODE.replace(b" 644", b"")), FILE),
    ("uuencode-in-text", encoded(b"base64", lines(base64.encodebytes(UUENCODE))), FILE),
    ("yenc-in-text", encoded(b"8bit", _yenc()), FILE),
    ("binhex-in-text", mail(b"", _binhex()), FILE),
    ("message-partial", typed(b"message/partial; id=x; number=1; total=2", ATTACHMENT), ATTACHMENT),
    ("message-external-body", typed(b"message/external-body; access-type=url", PLAIN), PLAIN),
    ("tnef", typed(b"application/ms-tnef; name=winmail.dat", b"x\x9f\x3e"), b"x\x9f\x3e"),
]
