import pytest

from kernun_common.mail_doc.text_lines import LONGEST, lines


@pytest.mark.parametrize(
    "octets, expected",
    [
        (b"", []),
        (b"a", [b"a"]),
        (b"a\r\nb\n\nc", [b"a", b"b", b"", b"c"]),
        (b"a\rb\r\n", [b"a\rb"]),
        (b"\n\r\n", [b"", b""]),
    ],
)
def test_lines(octets, expected):
    for cut in range(len(octets) + 1):
        assert list(lines([octets[:cut], octets[cut:]])) == expected


def test_a_long_line_comes_in_pieces():
    pieces = list(lines([b"x" * 10000] * 1000))
    assert b"".join(pieces) == b"x" * 10000000
    assert max(map(len, pieces)) <= LONGEST + 10000
