"""Items by their patterns: values, errors, and written back."""

from typing import NamedTuple

import pytest

from kernun_common.configuration.kind import Context
from kernun_common.configuration.match import Elements
from kernun_common.configuration.reading import read
from kernun_common.errors import ConfigurationError


class Verify(NamedTuple):
    mode: str
    depth: int | None


class Listen(NamedTuple):
    port: int
    to: int | None


class When(NamedTuple):
    day: object
    week: object
    hours: object


class Auth(NamedTuple):
    none: bool
    by: str | None
    at: object
    strict: bool


class Subject(NamedTuple):
    text: str
    where: str = "prefix"


class Magic(NamedTuple):
    file: str | None
    bytes: int | None


class Match(NamedTuple):
    subject: str | None
    keep: bool | None


VERIFY = Elements("<mode> none|optional [depth uint8]", Verify)
LISTEN = Elements("[address] port port [to port]", Listen)
WHEN = Elements("[day uint8-set] [<week> week-day-set [<hours> hhmm-set]]", When)
AUTH = Elements("none | by str [strict] | at <at> sock|path", Auth)
SUBJECT = Elements("<text> str [<where> prefix|suffix]", Subject)
MAGIC = Elements("[<file> path] [bytes size]", Magic)
MATCH = Elements("[subject str] [keep yes-no]", Match)
SINGLE = Elements("group str")

ROWS = [
    # elements, text, value, canonical text
    (VERIFY, "none", Verify("none", None), "none"),
    (VERIFY, "OPTIONAL DEPTH 3", Verify("optional", 3), "optional depth 3"),
    (LISTEN, "port 1", Listen(1, None), "port 1"),
    (LISTEN, "address port 1 to 2", Listen(1, 2), "port 1 to 2"),
    (WHEN, "", When(None, None, None), ""),
    (AUTH, "none", Auth(True, None, None, False), "none"),
    (AUTH, "by x", Auth(False, "x", None, False), 'by "x"'),
    (AUTH, "by strict strict", Auth(False, "strict", None, True), 'by "strict" strict'),
    (AUTH, "at /x", Auth(False, None, "/x", False), 'at "/x"'),
    (SUBJECT, "a", Subject("a", "prefix"), '"a" prefix'),
    (SUBJECT, "suffix", Subject("suffix", "prefix"), '"suffix" prefix'),
    (SUBJECT, "a suffix", Subject("a", "suffix"), '"a" suffix'),
    (MAGIC, "", Magic(None, None), ""),
    (MAGIC, "bytes 1K", Magic(None, 1024), "bytes 1K"),
    (MAGIC, "bytes", Magic("/bytes", None), '"/bytes"'),
    (MAGIC, "bytes bytes 2", Magic("/bytes", 2), '"/bytes" bytes 2'),
    (MATCH, "keep no", Match(None, False), "keep no"),
    (MATCH, "subject x keep yes", Match("x", True), 'subject "x" keep yes'),
    (SINGLE, "group x", "x", 'group "x"'),
]


@pytest.mark.parametrize("elements, text, value, canonical", ROWS)
def test_there_and_back(elements, text, value, canonical):
    assert read(elements, text) == value
    assert elements.write(value) == canonical
    assert read(elements, canonical) == value


def test_brackets_in_brackets():
    value = read(WHEN, "day 1-5 mon-fri 0800-1600")
    assert None not in value
    assert read(WHEN, "mon").day is None and read(WHEN, "mon").hours is None
    assert read(WHEN, WHEN.write(value)) == value


ERRORS = [
    (VERIFY, "", "1:1", "expected `none` or `optional` behind `value`"),
    (VERIFY, "non", "1:7", "expected `none` or `optional`, not `non`; did you mean `none`?"),
    (VERIFY, "none dept 3", "1:12", "expected `depth` or `;`, not `dept`; did you mean `depth`?"),
    (VERIFY, "none depth", "1:12", "expected a number from 0 to 255 behind `depth`"),
    (VERIFY, "none depth 300", "1:18", "expected a number from 0 to 255, not `300`"),
    (VERIFY, "none depth 3 4", "1:20", "expected `;`, not `4`"),
    (LISTEN, "1", "1:7", "expected `address` or `port`, not `1`"),
    (LISTEN, 'address "port" 1', "1:15", 'expected `port`, not `"port"`'),
    (AUTH, "at [::1]", "1:10", "expected host : port or a path, not `[::1]`"),
    (AUTH, "nome", "1:7", "expected `none` or `by` or `at`, not `nome`; did you mean `none`?"),
    (WHEN, "day { 1, 300 }", "1:16",
     "expected a number from 0 to 255 or a range of two, not `300`"),
    (SINGLE, "x", "1:7", "expected `group`, not `x`"),
]


@pytest.mark.parametrize("elements, text, place, complaint", ERRORS)
def test_errors(elements, text, place, complaint):
    with pytest.raises(ConfigurationError) as error:
        read(elements, text)
    where = error.value.where
    assert (f"{where.line}:{where.column}", error.value.text) == (place, complaint)


SECRET = Elements("secret")


@pytest.mark.parametrize("text", ["pass word", "[word]", "! word"])
def test_an_error_does_not_repeat_what_may_be_a_secret(text):
    with pytest.raises(ConfigurationError) as error:
        read(SECRET, text)
    assert error.value.text == "expected secret behind `value`"
    assert error.value.__cause__ is None


@pytest.mark.parametrize(
    "written, into",
    [
        ("", None),
        ("<a> uint8 <b> uint8", None),
        ("[a] [b]", None),
        ("<mode> uint8", Verify),
        ("<mode> uint8 depth uint8 more uint8", Verify),
    ],
)
def test_the_fields_must_fit(written, into):
    with pytest.raises(ValueError):
        Elements(written, into)


@pytest.mark.parametrize(
    "elements, value",
    [(VERIFY, Verify(None, 3)), (AUTH, Auth(False, None, None, False)),
     (AUTH, Auth(True, "x", None, False))],
)
def test_what_no_text_means_cannot_be_written(elements, value):
    with pytest.raises(ValueError):
        elements.write(value)


def test_a_reference_comes_from_the_context():
    context = Context(reference=lambda keyword, name: (keyword, name.text))
    assert read(Elements("ref:params"), "X", context) == ("params", "X")
