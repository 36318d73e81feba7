"""Versions against IMAP4-PROXY-2_1-RELEASE."""

import pytest

from kernun_common.configuration.parser import parse
from kernun_common.configuration.version import is_version, read_version
from kernun_common.errors import ConfigurationError

OWN = "IMAP4-PROXY-2_1-RELEASE"


@pytest.mark.parametrize(
    "text, newer",
    [
        ("version IMAP4-PROXY-2_1-RELEASE;", False),
        ("VERSION imap4-proxy-2_0-beta; x;", False),
        ("version IMAP4-PROXY-2_2-RELEASE;", True),
        ("version IMAP4-PROXY-2_10-RELEASE;", True),
    ],
)
def test_good(text, newer):
    statements = parse(text, "f").statements
    tag, warning = read_version(statements, "f", OWN)
    assert tag == statements[0].elements[0].text and is_version(statements[0])
    assert (warning is not None) is newer
    if warning is not None:
        assert "is newer than this program" in warning.text and warning.where.column == 9


@pytest.mark.parametrize(
    "text, place, complaint",
    [
        ("", "f:1:1", "the first statement must be `version IMAP4-PROXY-2_1-RELEASE;`"),
        ("\n x; version IMAP4-PROXY-2_1-RELEASE;", "f:2:2", "the first statement must be"),
        ("version { x; }", "f:1:1", "the first statement must be"),
        ("version;", "f:1:1", "expected a version such as IMAP4-PROXY-2_1-RELEASE"),
        ("version 2;", "f:1:9", "expected a version such as"),
        ('version "IMAP4-PROXY-2_1-RELEASE";', "f:1:9", "expected a version such as"),
        ("version IMAP4-PROXY-2_1-RELEASE x;", "f:1:9", "expected a version such as"),
        ("version IMAP4-PROXY-3_1-RELEASE;", "f:1:9", "another program or version"),
        ("version IMAP4-PROXY-1_9-RELEASE;", "f:1:9", "another program or version"),
        ("version POP3-PROXY-2_1-RELEASE;", "f:1:9", "another program or version"),
    ],
)
def test_bad(text, place, complaint):
    with pytest.raises(ConfigurationError) as error:
        read_version(parse(text, "f").statements, "f", OWN)
    assert str(error.value.where) == place and complaint in error.value.text
