"""clear_mails - mails as common programs write them, which all programs read alike.

    CLEAR_MAILS      name -> octets
"""

from __future__ import annotations

import base64
import gzip
from typing import Dict

from .clear_parts import (
    ATTACHED,
    BASE64_TEXT,
    CALENDAR,
    DATE,
    FLOWED,
    HEAD,
    KEY,
    NESTED,
    PAGE,
    QUOTED,
    mail,
    named,
    picture,
    secured,
)
from .odd_mails import BASE64, HTML, PLAIN, multipart, part
from .two_readings import lines

CLEAR_MAILS: Dict[str, bytes] = {
    "text": mail(b"", b"Good morning\r\n"),
    "format=flowed": mail(
        b"Content-Type: text/plain; charset=UTF-8; format=flowed\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n",
        "Dobré ráno \r\na hezký den\r\n".encode(),
    ),
    "Outlook": HEAD
    + b"Thread-Index: AdqX\r\nContent-Language: cs\r\n"
    + multipart(
        multipart(PLAIN, HTML, kind=b"alternative", boundary=b"_000_AM0PR01"),
        BASE64,
        boundary=b"_004_AM0PR01",
    ),
    "Gmail": HEAD
    + multipart(PLAIN, HTML, kind=b"alternative", boundary=b"000000000000a1b2c3", end=b"\r\n"),
    "Apple": HEAD
    + multipart(PLAIN, BASE64, boundary=b"Apple-Mail=_0A1B-2C3D", end=b"\r\n").replace(
        b"; boundary", b";\r\n\tboundary"
    ),
    "Thunderbird": HEAD
    + multipart(PLAIN, BASE64, boundary=b"------------0A1b2C3d").replace(
        b"\r\n\r\n--", b"\r\n\r\nThis is a multi-part message in MIME format.\r\n--", 1
    ),
    "a name by RFC 2047 and RFC 2231": named(
        b'Content-Type: text/plain; name="=?UTF-8?Q?=C5=BE.txt?="\r\n'
        b"Content-Disposition: attachment; filename*=UTF-8''%C5%BE.txt\r\n"
    ),
    "a name in pieces": named(
        b"Content-Type: text/plain;\r\n name*0=one;\r\n name*1=two.txt\r\n"
        b'Content-Disposition: attachment;\r\n filename="onetwo.txt"; size=12\r\n'
    ),
    "an encoded name in pieces": named(
        b"Content-Type: application/pdf;\r\n name*0*=UTF-8''%C5%BE;\r\n name*1*=%C5%BE.pdf\r\n"
    ),
    "a name with 8 bits": named('Content-Type: text/plain; name="ž.txt"\r\n'.encode()),
    "a semicolon at the end": mail(b"Content-Type: text/html; charset=utf-8;\r\n", b"<p>\r\n"),
    "a long name of a file": HEAD
    + multipart(
        PLAIN,
        part(
            b'Content-Type: text/x-log;\r\n name="=?UTF-8?Q?P=C5=99=C3=ADloha_va=C5=A1=C3=AD?=\r\n'
            b' =?UTF-8?Q?_objedn=C3=A1vce=2Elog?="\r\n',
            b"one\r\n",
        ),
    ),
    "an unquoted boundary": HEAD
    + multipart(PLAIN, HTML, boundary=b"----=_Part_1.2").replace(b'"', b"", 2),
    "a mailing list": HEAD
    + b"List-Id: <l.example.org>\r\n"
    + multipart(PLAIN, part(b"Content-Type: text/plain\r\n", b"_____\r\nl mailing list\r\n")),
    "PGP in the text": mail(b"", b"Hash: SHA512\r\n\r\nGood morning\r\n" + KEY),
    "PGP/MIME": HEAD
    + multipart(
        PLAIN,
        part(b"Content-Type: application/pgp-signature; name=OpenPGP.asc\r\n", KEY),
        kind=b'signed; micalg="pgp-sha256"; protocol="application/pgp-signature"',
    ),
    "S/MIME": mail(
        b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n"
        b"Content-Transfer-Encoding: base64\r\n",
        lines(base64.encodebytes(bytes(1000))),
    ),
    "an invitation": HEAD
    + multipart(PLAIN, part(b'Content-Type: text/calendar; method="REQUEST"\r\n', CALENDAR)),
    "a forward": HEAD
    + multipart(PLAIN, part(b"Content-Type: message/rfc822\r\n", mail(b"", b"Ahoy\r\n"))),
    "a report": HEAD
    + multipart(
        PLAIN,
        part(b"Content-Type: message/delivery-status\r\n", b"Reporting-MTA: dns; x\r\n"),
        part(b"Content-Type: text/rfc822-headers\r\n", b"Subject: x\r\n"),
        kind=b"report; report-type=delivery-status",
    ),
    "quoted-printable": mail(
        b"Content-Type: text/plain; charset=iso-8859-2\r\n"
        b"Content-Transfer-Encoding: Quoted-Printable\r\n",
        b"Dobr=E9 r=E1no=\r\n a hezk=FD den=20\r\n",
    ),
    "binary": mail(
        b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n",
        b"\0\r\n\n\r\r\n",
    ),
    "base64 of a whole number of octets": mail(
        b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n",
        lines(base64.encodebytes(bytes(57 * 2000))),
    ),
    "Outlook with a picture in the text": HEAD
    + b"Thread-Topic: Plan\r\nX-MS-Has-Attach: yes\r\n"
    + multipart(
        multipart(PLAIN, PAGE, kind=b"alternative", boundary=b"_000_DB7PR02EUR"),
        picture(b'inline; filename="dot.png"; size=308;\r\n\tcreation-date="%s"' % DATE),
        kind=b'related;\r\n\ttype="multipart/alternative"',
        boundary=b"_004_DB7PR02EUR",
        end=b"\r\n",
    ),
    "Exchange": HEAD
    + b"X-MS-Exchange-Organization-AuthAs: Internal\r\n"
    b"X-MS-Exchange-CrossTenant-OriginalArrivalTime: 02 Mar 2026 09:00:00.1234 (UTC)\r\n"
    b"ARC-Seal: i=1; a=rsa-sha256; s=arcselector; d=microsoft.com; cv=none;\r\n b=%s==\r\n"
    % (b"\r\n ".join([b"QUJD" * 18] * 4))
    + multipart(QUOTED, PAGE, kind=b"alternative", boundary=b"_000_a1PR03MB_", end=b"\r\n"),
    "Gmail with an attachment": HEAD
    + multipart(
        multipart(BASE64_TEXT, PAGE, kind=b"alternative", boundary=b"0000000000005b1"),
        picture(b'attachment; filename="dot.png"\r\nX-Attachment-Id: f_m1a2b3c40'),
        boundary=b"0000000000005b2",
        end=b"\r\n",
    ),
    "Apple with a document between texts": HEAD.replace(
        b"MIME-Version: 1.0", b"Mime-Version: 1.0 (Mac OS X Mail 16.0 \\(3774.600.62\\))"
    )
    + multipart(
        part(
            b"Content-Transfer-Encoding: 7bit\r\n"
            b"Content-Type: text/plain;\r\n\tcharset=us-ascii\r\n",
            b"Good morning,\r\n\r\n\r\n\r\n",
        ),
        multipart(
            PAGE,
            part(
                b"Content-Disposition: inline;\r\n\tfilename=Plan.pdf\r\n"
                b"Content-Type: application/pdf;\r\n\tx-unix-mode=0644;\r\n\tname=\"Plan.pdf\"\r\n"
                b"Content-Transfer-Encoding: base64\r\n",
                lines(base64.encodebytes(b"%PDF-1.7\n" + bytes(300))),
            ),
            PAGE,
            boundary=b"Apple-Mail=_2",
        ),
        kind=b"alternative",
        boundary=b"Apple-Mail=_1",
        end=b"\r\n",
    ).replace(b"; boundary", b";\r\n\tboundary"),
    "Thunderbird forwards forwards": HEAD
    + multipart(
        FLOWED,
        part(
            ATTACHED,
            HEAD + multipart(PLAIN, part(ATTACHED, NESTED), boundary=b"-----------1a"),
        ),
        boundary=b"------------2b",
        end=b"\r\n",
    ),
    "a mailing list with a footer in the text": HEAD
    + b"Sender: l-bounces@example.org\r\nList-Unsubscribe: <https://example.org/u>,\r\n"
    b" <mailto:l-request@example.org?subject=unsubscribe>\r\nPrecedence: list\r\n"
    + FLOWED
    + b"-- \r\n"
    + b"_" * 47
    + b"\r\nl mailing list -- l@example.org\r\n",
    "a digest of a mailing list": HEAD
    + multipart(
        part(b"Content-Description: Masthead\r\n", b"Today's Topics:\r\n\r\n   1. Ahoy\r\n"),
        multipart(
            part(b"", b"From: carol@example.org\r\nMessage: 1\r\n\r\nAhoy\r\n"),
            part(b"", NESTED),
            kind=b"digest",
            boundary=b"===============12==",
        ),
        part(b"Content-Description: Digest Footer\r\n", b"_____\r\nl mailing list\r\n"),
        boundary=b"===============11==",
        end=b"\r\n",
    ),
    "a patch": mail(
        b"X-Mailer: git-send-email 2.39.5\r\nContent-Transfer-Encoding: 8bit\r\n",
        "---\r\n a.c | 2 +-\r\n\r\n--- a/a.c\r\n+++ b/a.c\r\n"
        "@@ -1 +1 @@\r\n-ž\r\n+Ž\r\n-- \r\n2.39.5\r\n".encode(),
    ),
    "Google Calendar": HEAD
    + multipart(
        multipart(
            BASE64_TEXT,
            PAGE,
            part(
                b'Content-Type: text/calendar; charset="UTF-8"; method=REQUEST\r\n'
                b"Content-Transfer-Encoding: 7bit\r\n",
                CALENDAR,
            ),
            kind=b"alternative",
            boundary=b"000000000000c1",
        ),
        part(
            b'Content-Type: application/ics; name="invite.ics"\r\n'
            b'Content-Disposition: attachment; filename="invite.ics"\r\n'
            b"Content-Transfer-Encoding: base64\r\n",
            lines(base64.encodebytes(CALENDAR)),
        ),
        boundary=b"000000000000c2",
        end=b"\r\n",
    ),
    "an answer to an invitation": mail(
        b'Content-Type: text/calendar; charset="utf-8"; method=REPLY\r\n'
        b"Content-Transfer-Encoding: base64\r\n",
        lines(base64.encodebytes(CALENDAR.replace(b"REQUEST", b"REPLY"))),
    ),
    "S/MIME, signed, readable": HEAD
    + multipart(
        FLOWED,
        secured(b"pkcs7-signature", b"smime.p7s", b""),
        kind=b'signed; protocol="application/pkcs7-signature"; micalg=sha-256',
        boundary=b"------------ms0102",
    ).replace(b"\r\n\r\n--", b"\r\n\r\nThis is a cryptographically signed message\r\n\r\n--", 1),
    "S/MIME, signed": HEAD + secured(b"pkcs7-mime", b"smime.p7m", b" smime-type=signed-data;"),
    "PGP/MIME, encrypted": HEAD
    + multipart(
        part(b"Content-Type: application/pgp-encrypted\r\n", b"Version: 1\r\n"),
        part(
            b'Content-Type: application/octet-stream; name="encrypted.asc"\r\n'
            b'Content-Disposition: inline; filename="encrypted.asc"\r\n',
            KEY.replace(b"SIGNATURE", b"MESSAGE"),
        ),
        kind=b'encrypted;\r\n protocol="application/pgp-encrypted"',
        end=b"\r\n",
    ),
    "Postfix could not deliver": b"Return-Path: <>\r\nAuto-Submitted: auto-replied\r\n"
    + HEAD
    + multipart(
        part(b"Content-Description: Notification\r\nContent-Type: text/plain\r\n", b"Sorry.\r\n"),
        part(
            b"Content-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n",
            b"Reporting-MTA: dns; mx.example.net\r\nArrival-Date: %s\r\n\r\n"
            b"Final-Recipient: rfc822; bob@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            b"Diagnostic-Code: smtp; 550 5.1.1 <bob@example.net>: no such user\r\n" % DATE,
        ),
        part(
            b"Content-Description: Undelivered Message\r\nContent-Type: message/rfc822\r\n",
            NESTED,
        ),
        kind=b"report; report-type=delivery-status",
        boundary=b"4BX.1772442000/mx.example.net",
        end=b"\r\n",
    ),
    "a read receipt": HEAD
    + multipart(
        part(b"Content-Type: text/plain; charset=UTF-8\r\n", b"It was displayed.\r\n"),
        part(
            b'Content-Type: message/disposition-notification; name="MDNPart2.txt"\r\n'
            b"Content-Disposition: inline\r\n",
            b"Final-Recipient: rfc822;bob@example.net\r\nOriginal-Message-ID: <1@example.org>\r\n"
            b"Disposition: manual-action/MDN-sent-manually; displayed\r\n",
        ),
        kind=b"report; report-type=disposition-notification",
        end=b"\r\n",
    ),
    "a report of DMARC": HEAD
    + multipart(
        PLAIN,
        part(
            b'Content-Type: application/gzip;\r\n\tname="example.net!example.org!1!2.xml.gz"\r\n'
            b"Content-Disposition: attachment;\r\n"
            b'\tfilename="example.net!example.org!1!2.xml.gz"\r\n'
            b"Content-Transfer-Encoding: base64\r\n",
            lines(base64.encodebytes(gzip.compress(b"<feedback/>", mtime=0))),
        ),
        end=b"\r\n",
    ),
    "many recipients": mail(
        b"Cc: %s\r\nSubject: =?utf-8?B?RG9icsO9?=\r\n =?utf-8?Q?_den?=\r\n"
        % b",\r\n\t".join(
            b"=?utf-8?Q?Ji=C5=99=C3=AD?= Nov%d <n%d@example.net>" % (number, number)
            for number in range(400)
        ),
        b"Good morning\r\n",
    ),
    "a long name by RFC 2231": named(
        b"Content-Type: application/pdf\r\nContent-Disposition: attachment;\r\n"
        b" filename*0*=iso-8859-2'cs'P%F8%EDloha%20;\r\n filename*1*=%E8%EDslo%20;\r\n"
        b' filename*2="1.pdf"\r\n'
    ),
}
