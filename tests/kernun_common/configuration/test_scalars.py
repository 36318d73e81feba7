"""Single elements of every type: text, value, how it is written, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.configuration.kind import Context
from kernun_common.configuration.kinds import find
from kernun_common.configuration.reading import value
from kernun_common.errors import ConfigurationError
from kernun_common.secret import Secret

CONTEXT = Context("/etc/sample")

GOOD = [
    # type, text, value, canonical text
    ("uint8", "0", 0, "0"),
    ("uint8", "255", 255, "255"),
    ("uint8", "007", 7, "7"),
    ("uint16", "65535", 65535, "65535"),
    ("uint32", "4294967295", 2**32 - 1, "4294967295"),
    ("int", "-5000", -5000, "-5000"),
    ("size", "16384", 16384, "16K"),
    ("size", "33K", 33 * 1024, "33K"),
    ("size", "20M", 20 * 1024**2, "20M"),
    ("size", "2g", 2 * 1024**3, "2G"),
    ("size", "1025", 1025, "1025"),
    ("size", "0", 0, "0"),
    ("rate", "512K", 512_000, "512K"),
    ("rate", "10M", 10_000_000, "10M"),
    ("seconds", "75", 75.0, "75"),
    ("seconds", "0.5", 0.5, "0.5"),
    ("seconds", "30m", 1800.0, "1800"),
    ("seconds", "2h", 7200.0, "7200"),
    ("seconds", "1.001", 1.001, "1.001"),
    ("seconds", "0", 0.0, "0"),
    ("hhmm", "0000", 0, "0000"),
    ("hhmm", "0830", 510, "0830"),
    ("hhmm", "2400", 1440, "2400"),
    ("str", "word", "word", '"word"'),
    ("str", '"a \\"b\\""', 'a "b"', '"a \\"b\\""'),
    ("str", '""', "", '""'),
    ("path", "/a/b", "/a/b", '"/a/b"'),
    ("path", "b.pem", "/etc/sample/b.pem", '"/etc/sample/b.pem"'),
    ("path", '"../x y"', "/etc/sample/../x y", '"/etc/sample/../x y"'),
    ("yes-no", "yes", True, "yes"),
    ("yes-no", "NO", False, "no"),
    ("red|Green", "green", "Green", "Green"),
    ("red|Green", "RED", "red", "red"),
    ("dbglev", "normal", 6, "normal"),
    ("dbglev", "Full", 9, "full"),
    ("dbglev", "6", 6, "normal"),
    ("dbglev", "5", 5, "5"),
    ("week-day", "sun", 0, "sun"),
    ("week-day", "6", 6, "sat"),
    ("month", "jan", 1, "jan"),
    ("month", "12", 12, "dec"),
    ("port", "143", 143, "143"),
]


@pytest.mark.parametrize("kind, text, expected, canonical", GOOD)
def test_good(kind, text, expected, canonical):
    read = value(kind, text, context=CONTEXT)
    assert read == expected and type(read) is type(expected)
    assert find(kind).write(read) == canonical
    assert isinstance(read, find(kind).of)


@pytest.mark.parametrize("kind, text, expected, canonical", GOOD)
def test_what_is_written_reads_as_the_same(kind, text, expected, canonical):
    assert value(kind, canonical, context=Context("/elsewhere")) == expected


BAD = [
    ("uint8", ["256", "-1", "a", '"1"', "1.0", "+1", "1_0", "٣", "9" * 25, "{ 1 }", "1K"]),
    ("int", ["2147483648", "-2147483649", "--1", "-"]),
    ("size", ["-1", "1KB", "K", "1.5M", "1T", "9223372036854775808", "8589934592G", '"1K"']),
    ("rate", ["1KK", "10Mbit"]),
    ("seconds", ["-1", "1d", "1.", ".5", "1.0001", "1e3", "inf", "nan", "2147483648", "1mm"]),
    ("hhmm", ["800", "2401", "0860", "08:00", "00000"]),
    ("str", ["[::1]", "a : b", "{ a }", "! a", '~"a"']),
    ("path", ['""', '"a\\x00b"', "[::1]"]),
    ("yes-no", ["on", "1", "true", '"yes"']),
    ("red|Green", ["blue", '"red"', "{ red }"]),
    ("dbglev", ["2", "10", "loud"]),
    ("week-day", ["7", "sunday", "-1"]),
    ("month", ["0", "13"]),
]


@pytest.mark.parametrize("kind, text", [(kind, text) for kind, texts in BAD for text in texts])
def test_bad(kind, text):
    with pytest.raises(ConfigurationError) as error:
        value(kind, text)
    assert error.value.text.startswith(f"expected {find(kind).expected}, not `")


def test_a_secret_is_never_written():
    secret = value("secret", '"p\\"w"')
    assert secret == Secret(b'p"w') and find("secret").write(secret) == "***"


@given(st.integers(0, 2**63 - 1))
def test_sizes_and_rates_there_and_back(number):
    for kind in ("size", "rate"):
        assert value(kind, find(kind).write(number)) == number


@given(st.integers(0, 10**9))
def test_seconds_there_and_back(milliseconds):
    written = find("seconds").write(milliseconds / 1000)
    assert value("seconds", written) == milliseconds / 1000


@given(st.text())
def test_strings_there_and_back(text):
    assert value("str", find("str").write(text)) == text
