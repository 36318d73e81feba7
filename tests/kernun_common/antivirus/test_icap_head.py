"""icap_head: heads as servers write them, viruses in them, and octets that are none."""

import pytest

from kernun_common.antivirus.icap_head import LONGEST, Found, read
from kernun_common.errors import Unavailable
from tests.fuzz.growth import STEEP, Unit, growth


def head(*fields, line=b"ICAP/1.0 200 OK"):
    return b"\r\n".join((line, *fields, b"", b""))


HEADS = [
    (head(), 200, {}),
    (head(line=b"ICAP/1.0 204"), 204, {}),
    (head(line=b"ICAP/1.0 100 Continue"), 100, {}),
    (head(b'ISTag: "a"', b"X: \t b c \t"), 200, {b"istag": b'"a"', b"x": b"b c"}),
    (head(b"X:1", b"x:2"), 200, {b"x": b"1"}),
    (head(b"X: 1", b"\ta", b"  b"), 200, {b"x": b"1\na\nb"}),
    (head(b"X:"), 200, {b"x": b""}),
]


@pytest.mark.parametrize("octets, status, fields", HEADS)
def test_head(octets, status, fields):
    for at in range(len(octets)):
        assert read(bytearray(octets[:at])) is None
    buffer = bytearray(octets + b"rest")
    found = read(buffer)
    assert (found.status, found.fields, buffer) == (status, fields, b"rest")


NONSENSE = [
    head(line=b""),
    head(line=b"HTTP/1.0 200 OK"),
    head(line=b"ICAP/1.0 20 OK"),
    head(line=b"ICAP/1.0 2000 OK"),
    head(line=b"ICAP/1.0 200OK"),
    head(line=b"ICAP/2.0 200 OK"),
    head(b"no field"),
    head(b"a b: c"),
    head(b": c"),
    head(b"a: b\rc"),
    b"x" * (LONGEST + 1),
    head(b"a: " + b"x" * LONGEST),
]


@pytest.mark.parametrize("octets", NONSENSE)
def test_nonsense(octets):
    with pytest.raises(Unavailable) as failure:
        read(bytearray(octets))
    assert len(failure.value.what) < 1000


@pytest.mark.parametrize("unit", [b" ", b"\t", b"\r\n ", b"a: b\r\n", b";", b"; Threat"])
def test_the_work_grows_with_the_size(unit):
    begin = b"ICAP/1.0 200 OK\r\nX-Infection-Found: Type=0"

    def work(octets):
        return read(bytearray(octets)).virus

    assert growth(work, Unit(begin, unit, b"x\r\n\r\n")) < STEEP


VIRUSES = [
    # fields; the virus with 204, with 200
    ((), None, None),
    ((b"X-Infection-Found: Type=0; Resolution=2; Threat=Eicar;",), Found("Eicar"), ...),
    ((b"x-infection-found: threat=a b",), Found("a b"), ...),
    ((b"X-Infection-Found: Type=0;",), Found(None), ...),
    ((b"X-Infection-Found:",), Found(None), ...),
    ((b"X-Violations-Found: 1", b"\t-", b"\tEicar", b"\t0", b"\t0"), Found("Eicar"), ...),
    ((b"X-Violations-Found: 1",), Found(None), ...),
    ((b"X-Violations-Found: 0",), None, None),
    ((b"X-Virus-ID: Eicar",), None, Found("Eicar")),
    ((b"X-Virus-ID: no threats",), None, None),
    ((b"X-Virus-ID:",), None, None),
    ((b"X-Infection-Found: Threat=A;", b"X-Virus-ID: B"), Found("A"), ...),
    ((b"X-Infection-Found: Threat=\x1b[1m;",), Found("?[1m"), ...),
]


@pytest.mark.parametrize("fields, unmodified, modified", VIRUSES)
def test_virus(fields, unmodified, modified):
    assert read(bytearray(head(*fields, line=b"ICAP/1.0 204 Unmodified"))).virus == unmodified
    wanted = unmodified if modified is ... else modified
    assert read(bytearray(head(*fields))).virus == wanted
