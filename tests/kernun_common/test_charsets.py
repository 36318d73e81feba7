import subprocess
import sys

import pytest

from kernun_common.charsets import find, load

NAMES = [
    # a name, octets in it, the characters
    ("utf-8", b"\xc3\xa9", "\u00e9"),
    ("UTF8", b"\xc3\xa9", "\u00e9"),
    ("ISO-8859-2", b"\xe8", "\u010d"),
    ("iso_8859-2", b"\xe8", "\u010d"),
    ("Windows-1250", b"\xe8", "\u010d"),
    ("koi8-r", b"\xc1", "\u0430"),
    ("koi8-u", b"\xa4", "\u0454"),
    ("shift_jis", b"\x82\xa0", "\u3042"),
    ("gb2312", b"\xb0\xa1", "\u554a"),
    ("big5", b"\xa4\x40", "\u4e00"),
    ("utf-16le", b"a\0", "a"),
    ("us-ascii", b"a", "a"),
]
NONE = [
    "", "nothing", "../../etc/passwd", "zlib", "base64", "rot13", "idna", "punycode", "hex",
    "unicode_escape", "undefined", "aliases", "x" * 10_000,
]  # fmt: skip


@pytest.mark.parametrize("name, octets, characters", NAMES)
def test_find(name, octets, characters):
    assert find(name).decode(octets)[0] == characters


@pytest.mark.parametrize("name", NONE, ids=lambda name: name[:20])
def test_none_of_that_name(name):
    assert find(name) is None


def test_what_is_loaded_needs_no_file():
    """Of webencodings, too: they are Python's."""
    script = (
        "import sys; from kernun_common import charsets; charsets.load(); before = {*sys.modules};"
        "import webencodings; from webencodings.labels import LABELS;"
        "[webencodings.lookup(name) for name in LABELS];"
        "charsets.find('no-such'); after = {it for it in {*sys.modules} - before if 'enc' in it};"
        "print(sorted(it for it in after if it.startswith('encodings')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")
    load()
