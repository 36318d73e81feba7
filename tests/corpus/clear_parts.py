"""clear_parts - what common programs put mails together from; see clear_mails.py.

    mail(header, body)      a mail of one part
    named(fields)           one with an attachment that has these fields
    secured(kind, name, parameters), picture(disposition)       a part
    HEAD, FLOWED ...        beginnings of mails, parts, and what is in them
"""

from __future__ import annotations

import base64

from .odd_mails import PLAIN, multipart, part
from .two_readings import lines

HEAD = (
    b"Received: from a.example.org (a.example.org [192.0.2.1])\r\n"
    b"\tby mx.example.net (Postfix) with ESMTPS id 4BX;\r\n"
    b"\tMon,  2 Mar 2026 10:00:00 +0100 (CET)\r\n"
    b"From: Alice <alice@example.org>\r\nTo: bob@example.net\r\nMIME-Version: 1.0\r\n"
)
KEY = b"-----BEGIN PGP SIGNATURE-----\r\n\r\n%s=abcd\r\n-----END PGP SIGNATURE-----\r\n" % lines(
    base64.encodebytes(bytes(range(240)))
)
CALENDAR = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def mail(header: bytes, body: bytes) -> bytes:
    return HEAD + header + b"\r\n" + body


def secured(kind: bytes, name: bytes, parameters: bytes) -> bytes:
    """A part of S/MIME."""
    return part(
        b'Content-Type: application/%s;%s name="%s"\r\n'
        b"Content-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="%s"\r\n' % (kind, parameters, name, name),
        lines(base64.encodebytes(b"0\x80\x06\t*\x86H\x86\xf7\r\x01\x07\x02" + bytes(2000))),
    )


def picture(disposition: bytes) -> bytes:
    return part(
        b'Content-Type: image/png; name="dot.png"\r\nContent-ID: <dot.png@01DC>\r\n'
        b"Content-Disposition: %s\r\nContent-Transfer-Encoding: base64\r\n" % disposition,
        lines(base64.encodebytes(b"\x89PNG\r\n\x1a\n" + bytes(300))),
    )


def named(fields: bytes) -> bytes:
    fields += b"Content-Transfer-Encoding: base64\r\n"
    return HEAD + multipart(PLAIN, part(fields, b"eHg="))


DATE = b"Mon, 02 Mar 2026 09:00:00 GMT"
FLOWED = part(
    b"Content-Type: text/plain; charset=UTF-8; format=flowed; delsp=yes\r\n"
    b"Content-Transfer-Encoding: 8bit\r\n",
    "> Dobré ráno \r\n\r\nNa shle \r\ndanou\r\n".encode(),
)
QUOTED = part(
    b'Content-Type: text/plain; charset="iso-8859-2"\r\n'
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Dobr=FD den,\r\n\r\n=\r\nhttps://example.org/?a=3D1\r\n",
)
BASE64_TEXT = part(
    b'Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes\r\n'
    b"Content-Transfer-Encoding: base64\r\n",
    lines(base64.encodebytes("Pozvánka na schůzku\r\n".encode())),
)
PAGE = part(
    b'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n',
    b'<html><body><p class=3D"MsoNormal">V=C3=ADt=C3=A1m</p>=\r\n'
    b'<img src=3D"cid:dot.png@01DC"></body></html>\r\n',
)
NESTED = mail(b"Content-Type: text/plain; charset=utf-8\r\n", b"From here on\r\n")
ATTACHED = (
    b'Content-Type: message/rfc822; charset=UTF-8; name="Plan.eml"\r\n'
    b'Content-Disposition: attachment; filename="Plan.eml"\r\n'
    b"Content-Transfer-Encoding: 8bit\r\n"
)
