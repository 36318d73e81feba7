"""mail_samples - mails that policies for mails are tried with.

    mixed(part("text/plain", b"hello"), part("text/html", b"<p>", name="a.html"))
    mail(b"Subject: x", body=b"hello")

Octets with CRLF.  What an ACL compares is in the header fields given, or in the parts.
"""

from __future__ import annotations

import base64
import gzip
import io
import tarfile
import zipfile

HEAD = (
    b"Received: from mail.example.net (mail.example.net [192.0.2.99]) by mx.example.org with"
    b" ESMTPS id 4f0123456789abcdef0123456789abcdef for <bob@example.org>;\r\n"
    b" Mon, 2 Mar 2026 10:00:00 +0000\r\n"
    b"From: Alice <alice@example.net>\r\nTo: bob@example.org\r\nCc: carol@example.com\r\n"
    b"Subject: =?utf-8?q?Caf=C3=A9?= at noon\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\n"
    b"Message-ID: <m1@example.net>\r\nX-Level: low\r\nX-Level: high\r\n"
)
BOUNDARY = b"=_part"


def mail(*fields: bytes, body: bytes = b"hello\r\n", head: bytes = HEAD) -> bytes:
    """A mail of one part."""
    return head + b"".join(field + b"\r\n" for field in fields) + b"\r\n" + body


def part(kind: str, octets: bytes, name: str = "", encoding: str = "base64") -> bytes:
    """A part for `mixed`; with a file name an attachment."""
    fields = [f"Content-Type: {kind}"]
    if name:
        fields.append(f'Content-Disposition: attachment; filename="{name}"')
    if encoding == "base64":
        fields.append("Content-Transfer-Encoding: base64")
        octets = base64.encodebytes(octets).replace(b"\n", b"\r\n").removesuffix(b"\r\n")
    return "\r\n".join(fields).encode() + b"\r\n\r\n" + octets


def mixed(*parts: bytes, head: bytes = HEAD) -> bytes:
    """A mail of these parts."""
    fields = (b"MIME-Version: 1.0", b'Content-Type: multipart/mixed; boundary="%b"' % BOUNDARY)
    body = b"".join(b"--%b\r\n%b\r\n" % (BOUNDARY, each) for each in parts)
    return mail(*fields, body=body + b"--%b--\r\n" % BOUNDARY, head=head)


def zipped(*names: str) -> bytes:
    """A zip archive with files of these names."""
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, name * 20)
    return octets.getvalue()


def tarred(*names: str) -> bytes:
    """Likewise a tar archive."""
    octets = io.BytesIO()
    with tarfile.open(fileobj=octets, mode="w") as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(name))
    return octets.getvalue()


def encrypted(archive: bytes) -> bytes:
    """A zip whose first file is said to be encrypted; general purpose bit 0, APPNOTE 4.4.4."""
    made = bytearray(archive)
    made[6] |= 1
    made[archive.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


def gzipped(octets: bytes) -> bytes:
    return gzip.compress(octets, mtime=0)


TEXT = part("text/plain; charset=utf-8", b"Good morning", encoding="")
PROGRAM = part("application/octet-stream", b"MZ" + bytes(range(256)) * 3, name="setup.exe")
ARCHIVE = part("application/zip", zipped("docs/readme.txt", "inner/run.js"), name="all.zip")
HTML = part("text/html", b"<p>Hello<script>alert(1)</script></p>\r\n", encoding="")
GIF = b"GIF89a\1\0\1\0\0\0\0;"
PNG = part("image/png", GIF, name="picture.png")  # which it is not
