"""virus_mails - the files of Debian's clamav-testfiles, attached to mails in every way.

    for name, octets in virus_mails(): ...      "clam.zip/base64", a mail with CRLF
    clean_mails()                               likewise with files that are none of them

Each file holds, packed in its own way, a program that ClamAV takes for a virus.  WAYS are
base64, quoted-printable, forwarded (base64 in a message/rfc822) and plain; in the last only
files without NUL, since no server keeps those (RFC 3501 section 9, CHAR8).
"""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Dict, Iterable, Iterator, List, Tuple

from .mail_samples import TEXT, mixed, part

FOLDER = Path("/usr/share/clamav-testfiles")
FILES: List[Path] = sorted(path for path in FOLDER.iterdir() if path.is_file())

_QUOTED = [b"%c" % octet if chr(octet).isalnum() and octet < 128 else b"=%02X" % octet
           for octet in range(256)]  # fmt: skip


def _base64(name: str, octets: bytes) -> bytes:
    return mixed(TEXT, part("application/octet-stream", octets, name=name))


def _quoted_printable(name: str, octets: bytes) -> bytes:
    """As data that are no text: every line end in it is encoded."""
    lines = (octets[at : at + 24] for at in range(0, len(octets), 24))
    encoded = b"=\r\n".join(b"".join(map(_QUOTED.__getitem__, line)) for line in lines)
    head = b"Content-Transfer-Encoding: quoted-printable\r\n"
    return mixed(TEXT, head + part("application/octet-stream", encoded, name=name, encoding=""))


def _plain(name: str, octets: bytes) -> bytes:
    text = octets.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    head = b"Content-Transfer-Encoding: 8bit\r\n"
    return mixed(TEXT, head + part("application/octet-stream", text, name=name, encoding=""))


def _forwarded(name: str, octets: bytes) -> bytes:
    return mixed(TEXT, part("message/rfc822", _forward(name, octets), encoding=""))


def _forward(name: str, octets: bytes) -> bytes:
    """With a boundary other than that of the mail around it."""
    return _base64(name, octets).replace(b"=_part", b"=_inner")


WAYS: Dict[str, Callable[[str, bytes], bytes]] = {
    "base64": _base64,
    "quoted-printable": _quoted_printable,
    "forwarded": _forwarded,
    "plain": _plain,
}


def virus_mails() -> Iterator[Tuple[str, bytes]]:
    return _mails((path.name, path.read_bytes()) for path in FILES)


def clean_mails() -> Iterator[Tuple[str, bytes]]:
    texts = b"Nothing to see here.\r\n" * 500
    return _mails([("clean.bin", bytes(range(256)) * 50), ("clean.txt", texts)])


def _mails(files: Iterable[Tuple[str, bytes]]) -> Iterator[Tuple[str, bytes]]:
    for name, octets in files:
        for way, attached in WAYS.items():
            if way != "plain" or b"\0" not in octets:
                yield f"{name}/{way}", attached(name, octets)
