"""Archives in places where some programs find them and others do not look."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

GZIP = b"\x1f\x8b\x08"
_END_SIZE = 22  # of a zip, without comment
# RFC 1951, 3.2.7: the order in which the lengths of the codes for lengths are told
_ORDER = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1)


def without_ones(name: str) -> bytes:
    """A zip with a file of this name, and with no octet 255."""
    for number in range(1000):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as made:
            made.writestr(zipfile.ZipInfo(name), b"MZ%d" % number)
        if b"\xff" not in buffer.getvalue():
            return buffer.getvalue()
    raise ValueError(name)


def in_codes(octets: bytes) -> bytes:
    """Deflated octets in which these stand as they are, and which inflate to others.

    Each literal but 255 has a code of 8 bits, so that any octet but 255 is such a code.
    """
    bits = _number(1, 1) + _number(2, 2) + _number(0, 10) + _number(len(_ORDER) - 4, 4)
    bits += "".join(_number(2 if length in (0, 1, 8, 9) else 0, 3) for length in _ORDER)
    bits += "10" * 255 + "11" * 2 + "01"  # lengths 8, for 255 and the end 9; a distance: 1
    while len(bits) % 8:
        bits += "111111110"  # the literal 255
    bits += "".join(_number(octet, 8) for octet in octets) + "111111111"
    return int(bits[::-1], 2).to_bytes(-(-len(bits) // 8), "little")


def _number(value: int, size: int) -> str:
    return f"{value:0{size}b}"[::-1]


def deflated(octets: bytes, name: bytes = b"a.txt") -> bytes:
    """A zip that ends behind its first file, whose deflated octets are these."""
    sizes = (len(octets), len(zlib.decompress(octets, -15)), len(name), 0)
    return struct.pack("<4sHHH8xLLHH", b"PK\3\4", 20, 0, 8, *sizes) + name + octets


def gzip(octets: bytes, flags: int = 0, fields: bytes = b"") -> bytes:
    """Of octets that are deflated, with these fields in its header."""
    inside = zlib.decompress(octets, -15)
    tail = struct.pack("<LL", zlib.crc32(inside), len(inside))
    return GZIP + bytes([flags]) + bytes(6) + fields + octets + tail


def extra_field(octets: bytes) -> bytes:
    """Of a gzip, flag 4."""
    return struct.pack("<H", len(octets)) + octets


def ended_behind(octets: bytes) -> bytes:
    """With the end of a zip whose directory is in them."""
    size = len(octets) - octets.index(b"PK\1\2")
    return octets + struct.pack("<4s4xHHLL2x", b"PK\5\6", 1, 1, size, len(octets) - size)


def without_end(archive: bytes) -> bytes:
    return archive[:-_END_SIZE]


def unicode_path(name: str, path: bytes) -> bytes:
    """A zip with another name in an extra field, 0x7075; APPNOTE 4.6.9."""
    info = zipfile.ZipInfo(name)
    info.extra = struct.pack("<HHBL", 0x7075, 5 + len(path), 1, zlib.crc32(name.encode())) + path
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr(info, b"text")
    return buffer.getvalue()


def tar_header(
    name: bytes, size: int = 0, kind: bytes = b"0", magic: bytes = b"ustar\x0000", **fields: bytes
) -> bytes:
    """A block; `mode`, `digits` of the size and `prefix` may be given as well."""
    head = bytearray(512)
    written = {
        0: name, 100: fields.get("mode", b"0000644\0"), 108: b"0000000\0" * 2,
        124: fields.get("digits", b"%011o\0" % size), 136: b"00000000000\0", 148: b" " * 8,
        156: kind, 257: magic, 345: fields.get("prefix", b""),
    }  # fmt: skip
    for at, octets in written.items():
        head[at : at + len(octets)] = octets
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


def tar_file(name: bytes, octets: bytes = b"", kind: bytes = b"0") -> bytes:
    """A file of a tar, or what stands before one."""
    return tar_header(name, len(octets), kind) + octets + bytes(-len(octets) % 512)


def record(key: bytes, value: bytes) -> bytes:
    """Of a pax header; its length counts itself."""
    rest = b" %b=%b\n" % (key, value)
    size = len(rest)
    while len(b"%d" % size) + len(rest) != size:
        size = len(b"%d" % size) + len(rest)
    return b"%d" % size + rest
