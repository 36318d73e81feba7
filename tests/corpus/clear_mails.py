"""clear_mails - mails as common programs write them, which all programs read alike.

    CLEAR_MAILS      name -> octets
"""

from __future__ import annotations

import base64
from typing import Dict

from .odd_mails import BASE64, HTML, PLAIN, multipart, part
from .two_readings import lines

_HEAD = (
    b"Received: from a.example.org (a.example.org [192.0.2.1])\r\n"
    b"\tby mx.example.net (Postfix) with ESMTPS id 4BX;\r\n"
    b"\tMon,  2 Mar 2026 10:00:00 +0100 (CET)\r\n"
    b"From: Alice <alice@example.org>\r\nTo: bob@example.net\r\nMIME-Version: 1.0\r\n"
)
_KEY = b"-----BEGIN PGP SIGNATURE-----\r\n\r\n%s=abcd\r\n-----END PGP SIGNATURE-----\r\n" % lines(
    base64.encodebytes(bytes(range(240)))
)
_CALENDAR = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def _mail(header: bytes, body: bytes) -> bytes:
    return _HEAD + header + b"\r\n" + body


def _named(fields: bytes) -> bytes:
    fields += b"Content-Transfer-Encoding: base64\r\n"
    return _HEAD + multipart(PLAIN, part(fields, b"eHg="))


CLEAR_MAILS: Dict[str, bytes] = {
    "text": _mail(b"", b"Good morning\r\n"),
    "format=flowed": _mail(
        b"Content-Type: text/plain; charset=UTF-8; format=flowed\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n",
        "Dobré ráno \r\na hezký den\r\n".encode(),
    ),
    "Outlook": _HEAD
    + b"Thread-Index: AdqX\r\nContent-Language: cs\r\n"
    + multipart(
        multipart(PLAIN, HTML, kind=b"alternative", boundary=b"_000_AM0PR01"),
        BASE64,
        boundary=b"_004_AM0PR01",
    ),
    "Gmail": _HEAD
    + multipart(PLAIN, HTML, kind=b"alternative", boundary=b"000000000000a1b2c3", end=b"\r\n"),
    "Apple": _HEAD
    + multipart(PLAIN, BASE64, boundary=b"Apple-Mail=_0A1B-2C3D", end=b"\r\n").replace(
        b"; boundary", b";\r\n\tboundary"
    ),
    "Thunderbird": _HEAD
    + multipart(PLAIN, BASE64, boundary=b"------------0A1b2C3d").replace(
        b"\r\n\r\n--", b"\r\n\r\nThis is a multi-part message in MIME format.\r\n--", 1
    ),
    "a name by RFC 2047 and RFC 2231": _named(
        b'Content-Type: text/plain; name="=?UTF-8?Q?=C5=BE.txt?="\r\n'
        b"Content-Disposition: attachment; filename*=UTF-8''%C5%BE.txt\r\n"
    ),
    "a name in pieces": _named(
        b"Content-Type: text/plain;\r\n name*0=one;\r\n name*1=two.txt\r\n"
        b'Content-Disposition: attachment;\r\n filename="onetwo.txt"; size=12\r\n'
    ),
    "an encoded name in pieces": _named(
        b"Content-Type: application/pdf;\r\n name*0*=UTF-8''%C5%BE;\r\n name*1*=%C5%BE.pdf\r\n"
    ),
    "a name with 8 bits": _named('Content-Type: text/plain; name="ž.txt"\r\n'.encode()),
    "a semicolon at the end": _mail(b"Content-Type: text/html; charset=utf-8;\r\n", b"<p>\r\n"),
    "an unquoted boundary": _HEAD
    + multipart(PLAIN, HTML, boundary=b"----=_Part_1.2").replace(b'"', b"", 2),
    "a mailing list": _HEAD
    + b"List-Id: <l.example.org>\r\n"
    + multipart(PLAIN, part(b"Content-Type: text/plain\r\n", b"_____\r\nl mailing list\r\n")),
    "PGP in the text": _mail(b"", b"Hash: SHA512\r\n\r\nGood morning\r\n" + _KEY),
    "PGP/MIME": _HEAD
    + multipart(
        PLAIN,
        part(b"Content-Type: application/pgp-signature; name=OpenPGP.asc\r\n", _KEY),
        kind=b'signed; micalg="pgp-sha256"; protocol="application/pgp-signature"',
    ),
    "S/MIME": _mail(
        b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n"
        b"Content-Transfer-Encoding: base64\r\n",
        lines(base64.encodebytes(bytes(1000))),
    ),
    "an invitation": _HEAD
    + multipart(PLAIN, part(b'Content-Type: text/calendar; method="REQUEST"\r\n', _CALENDAR)),
    "a forward": _HEAD
    + multipart(PLAIN, part(b"Content-Type: message/rfc822\r\n", _mail(b"", b"Ahoy\r\n"))),
    "a report": _HEAD
    + multipart(
        PLAIN,
        part(b"Content-Type: message/delivery-status\r\n", b"Reporting-MTA: dns; x\r\n"),
        part(b"Content-Type: text/rfc822-headers\r\n", b"Subject: x\r\n"),
        kind=b"report; report-type=delivery-status",
    ),
    "quoted-printable": _mail(
        b"Content-Type: text/plain; charset=iso-8859-2\r\n"
        b"Content-Transfer-Encoding: Quoted-Printable\r\n",
        b"Dobr=E9 r=E1no=\r\n a hezk=FD den=20\r\n",
    ),
    "binary": _mail(
        b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n",
        b"\0\r\n\n\r\r\n",
    ),
    "base64 of a whole number of octets": _mail(
        b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n",
        lines(base64.encodebytes(bytes(57 * 2000))),
    ),
}
