"""Texts fit the lines that they stand in."""

import re

import pytest

from imap4proxy.section.session_acl import LANGUAGES
from imap4proxy.texts import ENGLISH, Catalogue, Text, charset_of

# RFC 3501 section 9, text; and no `[`, which would begin a response code.
LINE = re.compile(rb"[ -Z\\-~][ -~]*")


@pytest.mark.parametrize("text", Text)
def test_a_text_is_a_line(text: Text) -> None:
    values = ("x",) * text.value.count("%s")
    assert LINE.fullmatch(ENGLISH.octets(text, *values))


def test_what_is_not_translated_stays_english() -> None:
    catalogue = Catalogue({Text.DENIED.value: "Nein"})
    assert catalogue.octets(Text.DENIED) == b"Nein"
    assert catalogue.octets(Text.READY) == Text.READY.value.encode()


def test_a_value_cannot_break_the_line() -> None:
    assert ENGLISH.octets(Text.COMPLETED, "L\u00e4nge") == b"L?nge completed"


@pytest.mark.parametrize("language", LANGUAGES)
def test_character_set_of_documents(language):
    charset = charset_of(language)
    assert charset == {"EN": "utf-8", "CZ": "utf-8", "CZ-ASCII": "us-ascii"}.get(
        language, language.removeprefix("CZ-").lower()
    )
    assert "a".encode(charset) == b"a"
