"""reading: what is checked between the proxies of a file."""

import pytest

from kernun_common.application.reading import read_proxies
from kernun_common.configuration.result import ConfigurationErrors
from tests.support.echo import PROGRAM

A = 'echo A { pid-file "/run/a"; listen-on { non-transparent [127.0.0.1] port 1 to 9; } }\n'
B = 'echo B { pid-file "/run/b"; listen-on { non-transparent [127.0.0.1] port 10; } }\n'


def read(folder, text):
    path = folder / "echo.cfg"
    path.write_text(f"version ECHO-1_0-RELEASE;\n{text}")
    return read_proxies(PROGRAM, str(path))


def with_http(text, http, more=""):
    return text.replace(" listen-on", f" monitoring {{ http {http}; {more} }} listen-on")


GOOD = [
    A + B,
    with_http(A, "[127.0.0.1] : 20") + with_http(B, "[127.0.0.1] : 21"),
    A + with_http(B, "[127.0.0.1] : 10", "disabled;"),
]


@pytest.mark.parametrize("text", GOOD)
def test_good(tmp_path, text):
    proxies, warnings = read(tmp_path, text)
    assert [proxy.name for proxy in proxies] == ["A", "B"] and warnings == []


BAD = [
    # text, lines and words of the complaints
    ("", [(1, "there is no section `echo`")]),
    (A + B.replace("10", "9"), [(3, "already")]),
    (A + B.replace("/b", "/a"), [(3, "pid file of `A`")]),
    (A.replace("1 to 9", "0") + "nonsense;", [(2, "range"), (3, "nonsense")]),
    (A + with_http(B, "[127.0.0.1] : 10"), [(3, "already")]),
    (with_http(A, "[127.0.0.1] : 20") + with_http(B, "[0.0.0.0] : 20 from *"), [(3, "already")]),
]


@pytest.mark.parametrize("text, complaints", BAD)
def test_bad(tmp_path, text, complaints):
    with pytest.raises(ConfigurationErrors) as caught:
        read(tmp_path, text)
    found = [(error.where.line, error.text) for error in caught.value]
    assert len(found) == len(complaints)
    for (line, text), (expected, words) in zip(found, complaints):
        assert line == expected and words in text
